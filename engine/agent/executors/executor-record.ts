import type { ExecutorInfo } from '../../../protocol/mesos.ts';
import type { TaskRecord } from '../tasks/task-record.ts';
import type { RunningTask } from './executor.ts';

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
}

export const newExecutor = (identity: Omit<ExecutorRecord, 'tasks' | 'running'>): ExecutorRecord => ({
  ...identity,
  tasks: new Set(),
});

/** It is the agent that runs its tasks, in containers of their own; others are programs. */
export const isDefault = ({ info }: ExecutorRecord): boolean => info.type === 'DEFAULT';
