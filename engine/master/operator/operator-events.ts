import type { TaskStatus } from '../../../protocol/mesos.ts';
import type { AgentRecord, FrameworkRecord, TaskRecord } from '../records.ts';
import { toAgentV1 } from '../views/view-agent.ts';
import { toFrameworkEvent, toInfoEvent } from '../views/view-framework.ts';
import { toTaskV1 } from '../views/view-task.ts';

/* Events of the operator API (master.proto, message Event), as src/common/protobuf_utils.cpp makes them. */

export const taskAdded = (task: TaskRecord) => ({ type: 'TASK_ADDED', task_added: { task: toTaskV1(task) } });

export const taskUpdated = ({ framework, state }: TaskRecord, status: TaskStatus) => ({
  type: 'TASK_UPDATED',
  task_updated: { framework_id: { value: framework.id }, status, state },
});

export const agentAdded = (agent: AgentRecord) => ({ type: 'AGENT_ADDED', agent_added: { agent: toAgentV1(agent) } });

export const agentRemoved = ({ id }: AgentRecord) => ({
  type: 'AGENT_REMOVED',
  agent_removed: { agent_id: { value: id } },
});

export const frameworkAdded = (framework: FrameworkRecord) => ({
  type: 'FRAMEWORK_ADDED',
  framework_added: { framework: toFrameworkEvent(framework) },
});

export const frameworkUpdated = (framework: FrameworkRecord) => ({
  type: 'FRAMEWORK_UPDATED',
  framework_updated: { framework: toFrameworkEvent(framework) },
});

export const frameworkRemoved = (framework: FrameworkRecord) => ({
  type: 'FRAMEWORK_REMOVED',
  framework_removed: { framework_info: toInfoEvent(framework) },
});
