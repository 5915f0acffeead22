/*
 * Fields, types and order of what a real master (1.12) answers: with one agent, one framework with a Docker task that
 * runs, and one that was torn down. A list shows the fields of all its items together; `[]` is a list that was empty.
 */

const [text, number, flag] = ['string', 'number', 'boolean'] as const;

const scalars = { disk: number, mem: number, gpus: number, cpus: number };
const withPorts = { ...scalars, ports: text };
const listed = { name: text, type: text, scalar: { value: number } };
const range = { ranges: { range: [{ begin: number, end: number }] } };
const allocation = { role: text, allocation_info: { role: text } };
const id = { value: text };
const time = { nanoseconds: number };
const network = { network_infos: [{ ip_addresses: [{ protocol: text, ip_address: text }] }] };
const container = { type: text, docker: { image: text, network: text, privileged: flag } };

const agent = {
  ...{ id: text, hostname: text, port: number, attributes: {}, pid: text, registered_time: number },
  ...{ resources: withPorts, used_resources: scalars, offered_resources: scalars, reserved_resources: {} },
  ...{ unreserved_resources: withPorts, active: flag, deactivated: flag, version: text, capabilities: [text] },
};

const fullAgent = {
  ...agent,
  reserved_resources_full: {},
  unreserved_resources_full: [{ ...listed, role: text, ...range }],
  used_resources_full: [{ ...listed, ...allocation }],
  offered_resources_full: [],
};

const counts = {
  ...{ TASK_STAGING: number, TASK_STARTING: number, TASK_RUNNING: number, TASK_KILLING: number },
  ...{ TASK_FINISHED: number, TASK_KILLED: number, TASK_FAILED: number, TASK_LOST: number, TASK_ERROR: number },
  TASK_UNREACHABLE: number,
};

const frameworkSummary = {
  ...{ id: text, name: text, used_resources: scalars, offered_resources: scalars, capabilities: [text] },
  ...{ hostname: text, webui_url: text, active: flag, connected: flag, recovered: flag },
};

const task = {
  ...{ id: text, name: text, framework_id: text, executor_id: text, slave_id: text, state: text, resources: scalars },
  role: text,
  statuses: [{ state: text, timestamp: number, container_status: { container_id: id, ...network } }],
};

const framework = (lists: object) => ({
  ...frameworkSummary,
  ...{ user: text, failover_timeout: number, checkpoint: flag, registered_time: number, unregistered_time: number },
  ...{ resources: scalars, role: text },
  ...lists,
  ...{ offers: [], executors: [], offer_constraints: {} },
});

const frameworks = {
  frameworks: [framework({ tasks: [{ ...task, container }], unreachable_tasks: [], completed_tasks: [] })],
  completed_frameworks: [framework({ tasks: [], unreachable_tasks: [], completed_tasks: [task] })],
};

/** By path. */
export const endpointShapes: Readonly<Record<string, object>> = {
  '/state': {
    ...{ version: text, build_date: text, build_time: number, build_user: text, start_time: number },
    ...{ elected_time: number, id: text, pid: text, hostname: text, capabilities: [text], activated_slaves: number },
    ...{ deactivated_slaves: number, unreachable_slaves: number, leader: text },
    leader_info: { id: text, pid: text, port: number, hostname: text },
    ...{ cluster: text, flags: { cluster: text, quorum: text }, slaves: [agent], recovered_slaves: [] },
    ...frameworks,
    ...{ orphan_tasks: [], unregistered_frameworks: [] },
  },
  '/slaves': { slaves: [fullAgent], recovered_slaves: [] },
  '/frameworks': { ...frameworks, unregistered_frameworks: [] },
  '/state-summary': {
    hostname: text,
    cluster: text,
    slaves: [{ ...agent, ...counts, framework_ids: [text] }],
    frameworks: [{ ...frameworkSummary, ...counts, slave_ids: [text] }],
  },
  '/tasks': { tasks: [{ ...task, container }] },
  '/roles': {
    roles: [
      {
        name: text,
        weight: number,
        quota: { role: text, guarantee: {}, limit: {}, consumed: { cpus: number, mem: number } },
        resources: { cpus: number, mem: number },
        allocated: { cpus: number, mem: number },
        ...{ offered: {}, reserved: {}, frameworks: [text] },
      },
    ],
  },
  '/version': { build_date: text, build_time: number, build_user: text, version: text },
  '/flags': { flags: { cluster: text, quorum: text } },
};

const agents = {
  agents: [
    {
      agent_info: { hostname: text, port: number, resources: [{ ...listed, ...range }], id },
      ...{ active: flag, deactivated: flag, version: text, pid: text, registered_time: time },
      total_resources: [{ ...listed, role: text, ...range }],
      allocated_resources: [{ ...listed, ...allocation }],
      capabilities: [{ type: text }],
    },
  ],
  recovered_agents: [],
};

const frameworkV1 = (more: object) => ({
  framework_info: {
    ...{ user: text, name: text, id, failover_timeout: number, checkpoint: flag, role: text },
    capabilities: [{ type: text }],
  },
  ...{ active: flag, connected: flag, recovered: flag, registered_time: time, reregistered_time: time },
  ...more,
  offer_constraints: {},
});

const frameworksV1 = {
  frameworks: [frameworkV1({ allocated_resources: [{ ...listed, ...allocation }] })],
  completed_frameworks: [frameworkV1({ unregistered_time: time })],
};

const statusV1 = {
  ...{ task_id: id, state: text, source: text, agent_id: id, executor_id: id, timestamp: number, uuid: text },
  container_status: { container_id: id, ...network, executor_pid: number },
};

const taskV1 = (statuses: object) => ({
  ...{ name: text, task_id: id, framework_id: id, agent_id: id, state: text },
  resources: [{ ...listed, allocation_info: { role: text } }],
  statuses: [statuses],
  ...{ status_update_state: text, status_update_uuid: text },
});

const tasksV1 = {
  tasks: [{ ...taskV1(statusV1), container }],
  unreachable_tasks: [],
  completed_tasks: [taskV1({ ...statusV1, message: text, reason: text })],
};

/** By call of `POST /api/v1`. */
export const callShapes: Readonly<Record<string, object>> = {
  GET_HEALTH: { healthy: flag },
  GET_VERSION: { version_info: { version: text, build_date: text, build_time: number, build_user: text } },
  GET_FLAGS: { flags: [{ name: text, value: text }] },
  GET_METRICS: { metrics: [{ name: text, value: number }] },
  GET_AGENTS: agents,
  GET_FRAMEWORKS: frameworksV1,
  GET_TASKS: tasksV1,
  GET_EXECUTORS: { executors: [] },
  GET_STATE: {
    ...{ get_tasks: tasksV1, get_executors: { executors: [] }, get_frameworks: frameworksV1, get_agents: agents },
  },
  GET_ROLES: { roles: [{ name: text, weight: number, frameworks: [id], resources: [listed] }] },
  GET_MASTER: {
    master_info: {
      ...{ id: text, ip: number, port: number, pid: text, hostname: text, version: text },
      address: { hostname: text, ip: text, port: number },
      capabilities: [{ type: text }],
    },
    ...{ start_time: number, elected_time: number },
  },
};
