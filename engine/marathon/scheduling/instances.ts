import type { TaskCheckResult } from '../../../protocol/marathon/marathon-checks.ts';
import type { Health } from '../../../protocol/marathon.ts';
import type { Reservation } from '../residency/reservation.ts';
import type { TaskState } from '../../../protocol/mesos.ts';

/** Reserved: its resources and its volumes are kept, and it has no task. */
export type Condition =
  'Reserved' | 'Staging' | 'Starting' | 'Running' | 'Killing' | 'Unreachable' | 'UnreachableInactive';

/** What a task is like that has not ended. */
export const conditions: Readonly<Partial<Record<TaskState, Condition>>> = {
  TASK_STAGING: 'Staging',
  TASK_STARTING: 'Starting',
  TASK_RUNNING: 'Running',
  TASK_KILLING: 'Killing',
  TASK_UNREACHABLE: 'Unreachable',
};
/** These are shown as the app's last failure. */
export const failures: ReadonlySet<TaskState> = new Set([
  'TASK_DROPPED',
  'TASK_ERROR',
  'TASK_FAILED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
  'TASK_LOST',
]);
/** After these an app's next launch waits (NotifyRateLimiterStepImpl of Marathon). */
export const limitWorthy: ReadonlySet<TaskState> = new Set([...failures, 'TASK_FINISHED']);

/** `TASK_FAILED` is the condition Failed; who says that a task is gone does not count (TaskCondition.scala of Marathon). */
export const conditionName = (state: TaskState) =>
  state === 'TASK_GONE_BY_OPERATOR' ? 'Gone' : state.charAt(5) + state.slice(6).toLowerCase();

/** One instance of an app, which has exactly one task, or of a pod. Times are milliseconds since 1970. */
export interface Instance {
  /** `group_name.instance-<uuid>` */
  readonly id: string;
  /** `group_name.instance-<uuid>._app.1`; that of a pod, which has several tasks, is the instance's id. */
  readonly taskId: string;
  /** Of the app or the pod. */
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
  /** Of a pod: its tasks, in the order of its definition. */
  readonly containers?: readonly PodTask[];
}

/** The task of one container of a pod's instance. */
export interface PodTask {
  /** `group_name.instance-<uuid>.CONTAINER.1` */
  readonly taskId: string;
  /** Of the container. */
  readonly name: string;
  readonly hostPorts: readonly number[];
  readonly state: TaskState;
  /** It has this state. */
  readonly since: number;
  readonly startedAt?: number;
  /** As Mesos says it. */
  readonly healthy?: boolean;
  readonly networks?: readonly { readonly name?: string; readonly addresses: readonly string[] }[] | undefined;
}

/** The instance that a task belongs to: its id without the container's name and the number of the attempt. */
export const instanceIdOf = (taskId: string): string => taskId.replace(/\.[^.]+\.\d+$/, '');

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

/** Mesos has it, and it does not run yet. */
export const isStaged = ({ condition }: Instance) => condition === 'Staging' || condition === 'Starting';

export const isRunning = (instance: Instance) => instance.condition === 'Running';

/** Gone from the app's point of view: Mesos may know of them again some day. */
export const isLost = ({ condition }: Instance) => condition === 'Unreachable' || condition === 'UnreachableInactive';

/** All checks passed: true. Some failed: false. Nothing known, or nothing to check: undefined. */
export function healthOf(results: readonly Health[], checkCount: number): boolean | undefined {
  if (checkCount === 0 || results.length === 0) return undefined;
  if (results.some((each) => !each.alive)) return false;
  return results.length >= checkCount ? true : undefined;
}
