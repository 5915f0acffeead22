/** Resources that Mesos keeps for an instance, whether its task runs or not. */
export interface Reservation {
  readonly volumes: readonly LocalVolume[];
  /** They are reserved for it, whichever role its app has by now. */
  readonly role?: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

interface LocalVolume {
  readonly containerPath: string;
  readonly persistenceId: string;
}
