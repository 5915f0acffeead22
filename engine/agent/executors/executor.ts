import type { Switchboard } from '../containers/switchboard.ts';
import type { TaskInfo } from '../../../protocol/mesos.ts';
import type { TaskVolume } from '../volumes/volume-folders.ts';

/** What an executor is given of a task. */
export interface TaskLaunch {
  readonly task: TaskInfo;
  /** The sandbox: it exists. */
  readonly directory: string;
  /** Of Mesos: a UUID. */
  readonly containerId: string;
  /** Aborted when the task is to end before it runs. */
  readonly signal: AbortSignal;
  /** Its framework checkpoints, so that an agent that comes after this one may have it. */
  readonly isCheckpointed: boolean;
  /** It has no executor that would end it when no agent comes after its own. */
  readonly hasNoExecutor?: boolean;
  /** What Mesos tells every task of itself; the task's own variables are not among them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Persistent volumes; missing: none. */
  readonly volumes?: readonly TaskVolume[];
}

/** How a task ended. */
export interface TaskEnd {
  readonly succeeded: boolean;
  /** For the status update. */
  readonly message: string;
  readonly reason?: string;
  /** Of a process, as wait(2) has it. */
  readonly status?: number;
}

/** A task that runs. */
export interface RunningTask {
  /** Id of its process group, if it is a process. */
  readonly processId?: number;
  /** Of the command itself, where that is another process; undefined when it has ended. */
  readonly commandId?: () => Promise<number | undefined>;
  /** For the status update that says it runs. */
  readonly message?: string;
  /** Of a container's first process, for statistics. */
  readonly containerProcessId?: number;
  /** The container's own address, if it has one. */
  readonly ipAddress?: string;
  /** What clients can be connected to, if it has a terminal. */
  readonly switchboard?: Switchboard;
  /** Never rejects; undefined when it was let go. */
  readonly ended: Promise<TaskEnd | undefined>;
  /** Asks it to end, and makes it after the grace period. A second call can only shorten the time that is left. */
  readonly kill: (graceMs: number) => void;
  /**
   * Runs a command as the task would, for a check; resolves with its exit code, or undefined when it had none in time.
   * Missing when there is nothing to run it in.
   */
  readonly check?: (shellCommand: string, timeoutMs: number) => Promise<number | undefined>;
  /** Stops watching and leaves it running, for an agent that comes after this one. Missing when it ends with the agent. */
  readonly letGo?: () => void;
}

/** One way to run tasks. */
export interface Executor {
  /** @throws Error whose message is for the framework, when the task cannot be started */
  readonly launch: (launch: TaskLaunch) => Promise<RunningTask>;
  /**
   * Goes on with a task that a former agent left running, also when it has ended since; undefined when nothing is left of
   * it. Missing where nothing ever is.
   */
  readonly attach?: (launch: TaskLaunch) => Promise<RunningTask | undefined>;
}
