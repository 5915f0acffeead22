import type { Message } from '../protobuf-json.ts';
import { bytes, flag, many, number, one, required, requiredBytes, text } from './fields.ts';
import { taskInfo } from './tasks.ts';
import { id, labels } from './values.ts';

const states = [
  ...['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING', 'TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED'],
  ...['TASK_ERROR', 'TASK_LOST', 'TASK_DROPPED', 'TASK_UNREACHABLE', 'TASK_GONE', 'TASK_GONE_BY_OPERATOR'],
  'TASK_UNKNOWN',
];

/** Of which an executor says what it likes: what is not looked at is passed on. */
const taskStatus: Message = {
  task_id: required(id),
  state: required(states),
  message: text,
  source: one(['SOURCE_MASTER', 'SOURCE_AGENT', 'SOURCE_EXECUTOR']),
  reason: text,
  data: bytes,
  agent_id: one(id),
  executor_id: one(id),
  timestamp: number,
  uuid: bytes,
  healthy: flag,
  check_status: { type: 'any' },
  labels: one(labels),
  container_status: { type: 'any' },
};

const update: Message = { status: required(taskStatus) };

/** executor.proto, message Call. */
export const executorCall: Message = {
  executor_id: required(id),
  framework_id: required(id),
  type: one(['UNKNOWN', 'SUBSCRIBE', 'UPDATE', 'MESSAGE', 'HEARTBEAT']),
  subscribe: one({ unacknowledged_tasks: many(taskInfo), unacknowledged_updates: many(update) }),
  update: one(update),
  message: one({ data: requiredBytes }),
};
