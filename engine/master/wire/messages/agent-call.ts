import type { Message } from '../protobuf-json.ts';
import { flag, many, number, one, required, requiredNumber, requiredText, text } from './fields.ts';
import { frameworkInfo } from './frameworks.ts';
import { attribute, resource } from './resources.ts';
import { executorInfo, taskState } from './tasks.ts';
import { id } from './values.ts';

/** Of our own protocol an agent says only what it means: what is not looked at is passed on. */
const others = { '*': { type: 'any' } } as const;

const status: Message = {
  task_id: required(id),
  state: required(taskState),
  message: text,
  source: text,
  reason: text,
  agent_id: one(id),
  executor_id: one(id),
  healthy: flag,
  timestamp: number,
  uuid: text,
  ...others,
};

const operationStatus: Message = { operation_id: required(id), state: requiredText, uuid: one(id), ...others };

const task: Message = { task_id: required(id), name: requiredText, resources: many(resource), ...others };

const registration: Message = {
  agent_id: one(id),
  hostname: requiredText,
  port: requiredNumber,
  ip: requiredText,
  resources: { ...many(resource), required: true },
  checkpointed_resources: many(resource),
  operations: many('string'),
  attributes: { ...many(attribute), required: true },
  version: requiredText,
  ordinal: number,
  tasks: { ...many({ framework_id: required(id), task: required(task), status: required(status) }), required: true },
  frameworks: { ...many(frameworkInfo), required: true },
  executors: many({ framework_id: required(id), executor_info: required(executorInfo) }),
  ...others,
};

const ownAgentCall: Message = {
  type: required([
    ...['SUBSCRIBE', 'UPDATE_STATUS', 'UPDATE_OPERATION_STATUS', 'EXITED_EXECUTOR', 'MESSAGE'],
    ...['PONG', 'UNREGISTER', 'SHARE', 'CALLS'],
  ]),
  agent_id: one(id),
  channel: number,
  channels: many('number'),
  subscribe: one(registration),
  exited_executor: one({ framework_id: required(id), executor_id: required(id), status: number }),
  message: one({ framework_id: required(id), executor_id: required(id), data: requiredText }),
  update_status: one({ framework_id: required(id), status: required(status), ...others }),
  update_operation_status: one({ framework_id: required(id), status: required(operationStatus) }),
};

/** Our own protocol/agent-api.ts, checked as Mesos's messages are: a call, or those of agents that share a stream. */
export const agentCall: Message = { ...ownAgentCall, calls: many(ownAgentCall) };
