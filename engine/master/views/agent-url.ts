import type { AgentRecord } from '../records.ts';

/** Where an agent's API is, as offers say it (mesos.proto, message URL). */
export function describeUrl({ registration: { hostname, ip, port, ordinal = 1 } }: AgentRecord) {
  return { scheme: 'http', address: { hostname, ip, port }, path: `/slave(${ordinal})` };
}
