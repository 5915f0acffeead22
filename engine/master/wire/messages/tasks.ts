import type { Message } from '../protobuf-json.ts';
import { bytes, many, map, number, one, required, requiredText, requiredUnsigned, text, unsigned } from './fields.ts';
import { commandInfo, containerInfo } from './containers.ts';
import { resource } from './resources.ts';
import { durationInfo, id, labels, valueScalar } from './values.ts';

const port: Message = {
  number: requiredUnsigned,
  name: text,
  protocol: text,
  visibility: one(['FRAMEWORK', 'CLUSTER', 'EXTERNAL']),
  labels: one(labels),
};

const discoveryInfo: Message = {
  visibility: required(['FRAMEWORK', 'CLUSTER', 'EXTERNAL']),
  name: text,
  environment: text,
  location: text,
  version: text,
  ports: one({ ports: many(port) }),
  labels: one(labels),
};

export const executorInfo: Message = {
  type: one(['UNKNOWN', 'DEFAULT', 'CUSTOM']),
  executor_id: required(id),
  framework_id: one(id),
  command: one(commandInfo),
  container: one(containerInfo),
  resources: many(resource),
  name: text,
  source: text,
  data: bytes,
  discovery: one(discoveryInfo),
  shutdown_grace_period: one(durationInfo),
  labels: one(labels),
};

const healthCheckHTTPCheckInfo: Message = {
  protocol: one(['IPv4', 'IPv6']),
  scheme: text,
  port: requiredUnsigned,
  path: text,
  statuses: many('unsigned'),
};

const healthCheck: Message = {
  delay_seconds: number,
  interval_seconds: number,
  timeout_seconds: number,
  consecutive_failures: unsigned,
  grace_period_seconds: number,
  type: one(['UNKNOWN', 'COMMAND', 'HTTP', 'TCP']),
  command: one(commandInfo),
  http: one(healthCheckHTTPCheckInfo),
  tcp: one({ protocol: one(['IPv4', 'IPv6']), port: requiredUnsigned }),
};

const checkInfo: Message = {
  type: one(['UNKNOWN', 'COMMAND', 'HTTP', 'TCP']),
  command: one({ command: required(commandInfo) }),
  http: one({ port: requiredUnsigned, path: text }),
  tcp: one({ port: requiredUnsigned }),
  delay_seconds: number,
  interval_seconds: number,
  timeout_seconds: number,
};

export const killPolicy: Message = {
  grace_period: one(durationInfo),
};

/** mesos.proto, enum TaskState. */
export const taskState: readonly string[] = [
  ...['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING', 'TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED'],
  ...['TASK_ERROR', 'TASK_LOST', 'TASK_DROPPED', 'TASK_UNREACHABLE', 'TASK_GONE', 'TASK_GONE_BY_OPERATOR'],
  'TASK_UNKNOWN',
];

export const taskInfo: Message = {
  name: requiredText,
  task_id: required(id),
  agent_id: required(id),
  resources: many(resource),
  executor: one(executorInfo),
  command: one(commandInfo),
  container: one(containerInfo),
  health_check: one(healthCheck),
  check: one(checkInfo),
  kill_policy: one(killPolicy),
  data: bytes,
  labels: one(labels),
  discovery: one(discoveryInfo),
  max_completion_time: one(durationInfo),
  limits: map(valueScalar),
};
