import type { AgentCall } from '../../protocol/agent-api.ts';
import type { TaskStatus } from '../../protocol/mesos.ts';
import type { ExecutorRecord } from './tasks/task-record.ts';
import type { OperationUpdate } from './volumes/operation-updates.ts';

/* What an agent tells a master, as calls; `id` is the agent's own. */

export const statusCall = (id: string, frameworkId: string, status: TaskStatus): AgentCall => ({
  type: 'UPDATE_STATUS',
  agent_id: { value: id },
  update_status: { framework_id: { value: frameworkId }, status },
});

export const operationCall = (id: string, update: OperationUpdate): AgentCall => ({
  type: 'UPDATE_OPERATION_STATUS',
  agent_id: { value: id },
  update_operation_status: update,
});

/** @param status as wait(2) has it */
export const exitedCall = (
  id: string,
  { frameworkId, info }: ExecutorRecord,
  status: number | undefined,
): AgentCall => ({
  type: 'EXITED_EXECUTOR',
  agent_id: { value: id },
  exited_executor: {
    framework_id: { value: frameworkId },
    executor_id: info.executor_id,
    ...(status !== undefined && { status }),
  },
});

/** @param data base64 */
export const messageCall = (id: string, frameworkId: string, executorId: string, data: string): AgentCall => ({
  type: 'MESSAGE',
  agent_id: { value: id },
  message: { framework_id: { value: frameworkId }, executor_id: { value: executorId }, data },
});
