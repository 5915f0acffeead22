import {
  terminalStates,
  type ExecutorInfo,
  type Resource,
  type TaskInfo,
  type TaskState,
  type TaskStatus,
} from '../../../protocol/mesos.ts';
import type { RunningTask } from '../executors/executor.ts';
import type { Limitation } from './limitation.ts';
import type { Seen } from './probe.ts';

/** A task on this agent: what is known of it, from its launch until its sandbox is removed. */
export interface TaskRecord {
  readonly frameworkId: string;
  readonly agentId: string;
  readonly task: TaskInfo;
  /** One of its framework's own, whose container its own is in; missing: it is a task by itself. */
  readonly executor?: ExecutorRecord;
  /** The same for all that were launched together. */
  readonly groupId?: string;
  readonly containerId: string;
  /** The sandbox. */
  readonly directory: string;
  state: TaskState;
  /** In order; of updates with the same state in a row only the latest. */
  readonly statuses: TaskStatus[];
  running?: RunningTask;
  /** A kill was asked for, with this grace period. */
  killGraceMs?: number;
  /** The health check gave it up. */
  killedAsUnhealthy?: boolean;
  /** It did not end within its max_completion_time. */
  ranTooLong?: boolean;
  /** Its container is ended for that. */
  limitation?: Limitation;
  /** What its health check and its check said last. */
  healthy?: boolean;
  checkSeen?: Seen;
  /** Nobody wants updates: its framework was torn down, or the agent stops. */
  isSilent: boolean;
}

/** An executor of a framework's own on this agent: what is known of it, from its launch until its sandbox is removed. */
export interface ExecutorRecord {
  readonly frameworkId: string;
  readonly agentId: string;
  readonly info: ExecutorInfo;
  readonly containerId: string;
  /** The sandbox, in which its tasks have theirs. */
  readonly directory: string;
  /** Those that are not completed. */
  readonly tasks: Set<TaskRecord>;
  /** Its process, if it is one, and runs. */
  running?: RunningTask;
  /** Its container is ended for that. */
  limitation?: Limitation;
}

export const newExecutor = (identity: Omit<ExecutorRecord, 'tasks' | 'running'>): ExecutorRecord => ({
  ...identity,
  tasks: new Set(),
});

/** It is the agent that runs its tasks, in containers of their own; others are programs. */
export const isDefault = ({ info }: ExecutorRecord): boolean => info.type === 'DEFAULT';

/** Whether it is a command or container without an executor of its framework's own. */
export const isByItself = ({ executor }: TaskRecord): boolean => executor === undefined;

export const isTerminal = (record: TaskRecord) => terminalStates.has(record.state);

/** What is set aside for a task, or for an executor and those of its tasks that have not ended. */
export function resourcesInUse(owner: TaskRecord | ExecutorRecord): readonly Resource[] {
  if ('task' in owner) return owner.task.resources;
  const live = [...owner.tasks].filter((task) => !isTerminal(task));
  return [...(owner.info.resources ?? []), ...live.flatMap(({ task }) => task.resources)];
}

/** Notes the latest status of a task; of several of one state only the last is kept. */
export function noteStatus(record: TaskRecord, status: TaskStatus): void {
  if (record.statuses.at(-1)?.state === status.state) record.statuses.pop();
  record.statuses.push(status);
  record.state = status.state;
}

/** Whether an id can be the name of a folder; Mesos's master refuses the same ones (src/common/validation.cpp). */
export const isSafeId = (id: string): boolean =>
  id !== '' && id !== '.' && id !== '..' && Buffer.byteLength(id) <= 255 && !/[/\\\u0000-\u001f\u007f]/.test(id);

export const newTask = (identity: Omit<TaskRecord, 'state' | 'statuses' | 'isSilent'>): TaskRecord => ({
  ...identity,
  state: 'TASK_STAGING',
  statuses: [],
  isSilent: false,
});
