/*
 * The figures of the last hour, as the exporter keeps them for the page of a lab: `GET /v1/hour`, `/v1/hour?agent=NAME`,
 * `/v1/hour?app=ID`. Processors, bytes, shares of 1, and rates per second; but ends of tasks are by the minute.
 */

/** What is kept of each kind of subject, in this order. */
export const figureNames = {
  cluster: [
    ...(['mastersUp', 'agentsUp', 'marathonsUp', 'balancersUp', 'agentsUnreachable'] as const),
    ...(['cpusTotal', 'cpusAllocated', 'cpusInUse'] as const),
    ...(['memoryTotal', 'memoryAllocated', 'memoryInUse'] as const),
    ...(['diskTotal', 'diskAllocated'] as const),
    ...(['tasksStaging', 'tasksStarting', 'tasksRunning', 'tasksKilling', 'tasksUnreachable'] as const),
    ...(['tasksFinished', 'tasksKilled', 'tasksFailed'] as const),
    ...(['offersSent', 'offersAccepted', 'offersDeclined', 'offersOutstanding'] as const),
    ...(['appsWaiting', 'instancesWaiting'] as const),
    ...(['requests', 'errors', 'sessions'] as const),
  ],
  agent: [
    ...(['cpusShare', 'memoryShare', 'diskShare'] as const),
    ...(['tasksRunning', 'tasksFinished', 'tasksKilled', 'tasksFailed'] as const),
    ...(['cpusInUse', 'memoryInUse'] as const),
  ],
  app: [
    ...(['instances', 'running', 'staged', 'healthy', 'unhealthy', 'waiting'] as const),
    ...(['requests', 'errors', 'sessions'] as const),
    ...(['cpusInUse', 'memoryInUse'] as const),
  ],
} as const;

export type SubjectKind = keyof typeof figureNames;

export const subjectKinds = ['cluster', 'agent', 'app'] as const satisfies readonly SubjectKind[];

/** Another master led than at the sample before. */
export interface LeaderChange {
  /** When it was first seen: milliseconds since 1970. */
  readonly at: number;
  /** `127.0.0.1:5050`; empty: none. */
  readonly from: string;
  readonly to: string;
}

/** What is known of one subject. */
export interface HourFigures {
  /** The exporter's clock: milliseconds since 1970. */
  readonly now: number;
  /** About how far samples are apart, milliseconds: where it is much more, nothing was measured. */
  readonly everyMs: number;
  /** When each sample was taken, the oldest first: milliseconds since 1970. None of a subject that is not known. */
  readonly times: readonly number[];
  /** By their names; as many as there are times. Null: it was not measured. */
  readonly figures: Readonly<Record<string, readonly (number | null)[]>>;
  readonly leaderChanges: readonly LeaderChange[];
}
