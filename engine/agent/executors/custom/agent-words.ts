import type { TaskStatus } from '../../../../protocol/mesos.ts';
import type { Limitation } from '../../tasks/limitation.ts';
import type { TaskRecord } from '../../tasks/task-record.ts';
import { statusWithoutTask } from '../../tasks/task-status.ts';

/** Why a task of an executor has ended, in the agent's words. */
export interface AgentWords extends Pick<TaskStatus, 'limitation'> {
  readonly state: 'TASK_FAILED' | 'TASK_KILLED' | 'TASK_DROPPED' | 'TASK_GONE' | 'TASK_LOST';
  readonly reason: string;
  readonly message: string;
}

/** Nobody has said why its executor has ended. */
export const terminated: AgentWords = {
  state: 'TASK_FAILED',
  reason: 'REASON_EXECUTOR_TERMINATED',
  message: 'Executor terminated',
};

export const limitedWords = ({ reason, message, resources }: Limitation): AgentWords => ({
  ...{ state: 'TASK_FAILED', reason, message },
  limitation: { resources },
});

/** As an update. */
export function fromAgent(
  { agentId, task }: TaskRecord,
  { state, reason, message, limitation }: AgentWords,
): TaskStatus {
  return {
    ...statusWithoutTask(agentId, task.task_id.value, state, reason, message),
    ...(task.executor !== undefined && { executor_id: task.executor.executor_id }),
    ...(limitation !== undefined && { limitation }),
  };
}
