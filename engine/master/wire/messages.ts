import type { Message } from './protobuf-json.ts';

/*
 * The messages of Mesos's v1 API that the master reads (include/mesos/v1/mesos.proto, scheduler/scheduler.proto): the
 * fields that it looks at. Others are passed on as they are.
 */

const text = { type: 'string' } as const;
const requiredText = { type: 'string', required: true } as const;
const number = { type: 'number' } as const;
const requiredNumber = { type: 'number', required: true } as const;
const flag = { type: 'boolean' } as const;

const id: Message = { value: requiredText };
const labels: Message = { labels: { type: { key: requiredText, value: text }, repeated: true } };

const resource: Message = {
  name: requiredText,
  type: { type: ['SCALAR', 'RANGES', 'SET'], required: true },
  scalar: { type: { value: requiredNumber } },
  ranges: { type: { range: { type: { begin: requiredNumber, end: requiredNumber }, repeated: true } } },
  set: { type: { item: { type: 'string', repeated: true } } },
  role: text,
  allocation_info: { type: { role: text } },
};

const attribute: Message = {
  name: requiredText,
  type: { type: ['SCALAR', 'RANGES', 'SET', 'TEXT'], required: true },
  scalar: { type: { value: requiredNumber } },
  ranges: { type: { range: { type: { begin: requiredNumber, end: requiredNumber }, repeated: true } } },
  set: { type: { item: { type: 'string', repeated: true } } },
  text: { type: { value: requiredText } },
};

const frameworkInfo: Message = {
  user: requiredText,
  name: requiredText,
  id: { type: id },
  failover_timeout: number,
  checkpoint: flag,
  role: text,
  roles: { type: 'string', repeated: true },
  hostname: text,
  principal: text,
  webui_url: text,
  capabilities: { type: { type: text }, repeated: true },
  labels: { type: labels },
};

const command: Message = {
  shell: flag,
  value: text,
  arguments: { type: 'string', repeated: true },
  user: text,
  uris: {
    type: { value: requiredText, executable: flag, extract: flag, cache: flag, output_file: text },
    repeated: true,
  },
  environment: { type: { variables: { type: { name: requiredText, value: text }, repeated: true } } },
};

const docker: Message = {
  image: requiredText,
  network: { type: ['HOST', 'BRIDGE', 'NONE', 'USER'] },
  port_mappings: {
    type: { host_port: requiredNumber, container_port: requiredNumber, protocol: text },
    repeated: true,
  },
  privileged: flag,
  parameters: { type: { key: requiredText, value: requiredText }, repeated: true },
  force_pull_image: flag,
};

const container: Message = {
  type: { type: ['DOCKER', 'MESOS'], required: true },
  docker: { type: docker },
  volumes: { type: 'any', repeated: true },
  network_infos: { type: 'any', repeated: true },
};

const killPolicy: Message = { grace_period: { type: { nanoseconds: requiredNumber } } };

const task: Message = {
  name: requiredText,
  task_id: { type: id, required: true },
  agent_id: { type: id, required: true },
  resources: { type: resource, repeated: true },
  command: { type: command },
  container: { type: container },
  labels: { type: labels },
  kill_policy: { type: killPolicy },
};

const states = [
  ...['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING', 'TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED'],
  ...['TASK_ERROR', 'TASK_LOST', 'TASK_DROPPED', 'TASK_UNREACHABLE', 'TASK_GONE', 'TASK_UNKNOWN'],
];

const status: Message = {
  task_id: { type: id, required: true },
  state: { type: states, required: true },
  message: text,
  source: text,
  reason: text,
  agent_id: { type: id },
  executor_id: { type: id },
  healthy: flag,
  timestamp: number,
  uuid: text,
};

const filters = { type: { refuse_seconds: number } } as const;
const offerIds = { type: id, repeated: true } as const;

const operation: Message = {
  type: {
    type: [
      ...['LAUNCH', 'LAUNCH_GROUP', 'RESERVE', 'UNRESERVE', 'CREATE', 'DESTROY'],
      ...['GROW_VOLUME', 'SHRINK_VOLUME', 'CREATE_DISK', 'DESTROY_DISK'],
    ],
  },
  launch: { type: { task_infos: { type: task, repeated: true } } },
  launch_group: { type: { task_group: { type: { tasks: { type: task, repeated: true } } } } },
};

const schedulerCallTypes = [
  ...['SUBSCRIBE', 'TEARDOWN', 'ACCEPT', 'DECLINE', 'ACCEPT_INVERSE_OFFERS', 'DECLINE_INVERSE_OFFERS', 'REVIVE'],
  ...['KILL', 'SHUTDOWN', 'ACKNOWLEDGE', 'ACKNOWLEDGE_OPERATION_STATUS', 'RECONCILE', 'RECONCILE_OPERATIONS'],
  ...['MESSAGE', 'REQUEST', 'SUPPRESS', 'UPDATE_FRAMEWORK', 'UNKNOWN'],
];

/** scheduler.proto, message Call. */
export const schedulerCall: Message = {
  framework_id: { type: id },
  type: { type: schedulerCallTypes },
  subscribe: {
    type: {
      framework_info: { type: frameworkInfo, required: true },
      suppressed_roles: { type: 'string', repeated: true },
    },
  },
  accept: { type: { offer_ids: offerIds, operations: { type: operation, repeated: true }, filters } },
  decline: { type: { offer_ids: offerIds, filters } },
  kill: { type: { task_id: { type: id, required: true }, agent_id: { type: id }, kill_policy: { type: killPolicy } } },
  acknowledge: {
    type: { agent_id: { type: id, required: true }, task_id: { type: id, required: true }, uuid: requiredText },
  },
  reconcile: {
    type: { tasks: { type: { task_id: { type: id, required: true }, agent_id: { type: id } }, repeated: true } },
  },
};

/** Our own protocol/agent-api.ts, checked the same way. */
const ownAgentCall: Message = {
  type: { type: ['SUBSCRIBE', 'UPDATE_STATUS', 'PONG', 'UNREGISTER', 'SHARE', 'CALLS'], required: true },
  agent_id: { type: id },
  channel: number,
  channels: { type: 'number', repeated: true },
  subscribe: {
    type: {
      agent_id: { type: id },
      hostname: requiredText,
      port: requiredNumber,
      ip: requiredText,
      resources: { type: resource, repeated: true, required: true },
      attributes: { type: attribute, repeated: true, required: true },
      version: requiredText,
      ordinal: number,
      tasks: {
        type: {
          framework_id: { type: id, required: true },
          task: { type: task, required: true },
          status: { type: status, required: true },
        },
        repeated: true,
        required: true,
      },
      frameworks: { type: frameworkInfo, repeated: true, required: true },
    },
  },
  update_status: { type: { framework_id: { type: id, required: true }, status: { type: status, required: true } } },
};

/** One such call, or those of several agents that share a stream. */
export const agentCall: Message = { ...ownAgentCall, calls: { type: ownAgentCall, repeated: true } };
