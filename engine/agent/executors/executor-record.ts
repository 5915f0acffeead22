import type { ExecutorInfo } from '../../../protocol/mesos.ts';
import type { TaskRecord } from '../tasks/task-record.ts';

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
}

export const newExecutor = (identity: Omit<ExecutorRecord, 'tasks'>): ExecutorRecord => ({
  ...identity,
  tasks: new Set(),
});
