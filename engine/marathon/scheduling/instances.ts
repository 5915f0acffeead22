import type { TaskCheckResult } from '../../../protocol/marathon-checks.ts';
import type { Health } from '../../../protocol/marathon.ts';
import type { Reservation } from '../residency/resident.ts';
import type { TaskState } from '../../../protocol/mesos.ts';

/** Reserved: its resources and its volumes are kept, and it has no task. */
export type Condition =
  'Reserved' | 'Staging' | 'Starting' | 'Running' | 'Killing' | 'Unreachable' | 'UnreachableInactive';

/** One instance of an app: in Marathon each has exactly one task. Times are milliseconds since 1970. */
export interface Instance {
  /** `group_name.instance-<uuid>` */
  readonly id: string;
  /** `group_name.instance-<uuid>._app.1` */
  readonly taskId: string;
  readonly appId: string;
  /** Version of the app that it runs. */
  readonly version: string;
  readonly agentId: string;
  readonly host: string;
  /** What constraints compare: `hostname`, `@region`, `@zone` and the agent's attributes. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly hostPorts: readonly number[];
  readonly ipAddresses: readonly { readonly ipAddress: string; readonly protocol: string }[];
  readonly condition: Condition;
  readonly state: TaskState;
  /** Decommissioned: Marathon wants it gone. */
  readonly goal: 'Running' | 'Decommissioned';
  readonly stagedAt: number;
  readonly startedAt?: number;
  readonly unreachableSince?: number;
  /** As Mesos says it, for checks that Mesos runs. */
  readonly mesosHealthy?: boolean;
  /** Of a resident app. */
  readonly reservation?: Reservation;
  /** Its resources are given back when its task has ended. */
  readonly isWiped?: boolean;
  /** What the app's `check` saw last. */
  readonly checkResult?: TaskCheckResult;
}

/** The instances of an app, counted. */
export interface AppInstances {
  readonly size: number;
  readonly active: number;
  /** Those of the active ones that run. */
  readonly running: number;
  /** Those that start, and those that run, wanted or not. */
  readonly staged: number;
  readonly up: number;
  /** Those that are wanted. */
  readonly wanted: number;
  /** Those that are out of reach, or have no task. */
  readonly lost: number;
  /** Those that are not wanted, and whose agent can be told. */
  readonly leaving: number;
  readonly list: () => readonly Instance[];
}

/** Counts towards the number of instances that the app shall have. */
export const isActive = (instance: Instance) =>
  instance.goal === 'Running' && instance.condition !== 'UnreachableInactive' && instance.condition !== 'Reserved';

export const isRunning = (instance: Instance) => instance.condition === 'Running';

/** Gone from the app's point of view: Mesos may know of them again some day. */
export const isLost = ({ condition }: Instance) => condition === 'Unreachable' || condition === 'UnreachableInactive';

/** All checks passed: true. Some failed: false. Nothing known, or nothing to check: undefined. */
export function healthOf(results: readonly Health[], checkCount: number): boolean | undefined {
  if (checkCount === 0 || results.length === 0) return undefined;
  if (results.some((each) => !each.alive)) return false;
  return results.length >= checkCount ? true : undefined;
}
