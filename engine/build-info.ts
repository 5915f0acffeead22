/** Who really built the engine, and when: `/version` of master and agent. */
export const buildInfo = {
  /** `2026-11-20 07:01:11` */
  buildDate: new Date(__BUILD_TIME__ * 1000).toISOString().slice(0, 19).replace('T', ' '),
  /** Seconds since 1970. */
  buildTime: __BUILD_TIME__,
  buildUser: 'create-mesos-cluster',
};
