import type { Json } from '../../protocol/mesos.ts';

/*
 * What the fuzz asks for. Words in braces are put in when a request is made: they are ids of what is there, so that
 * requests get further than to an unknown id.
 */

export type Component = 'master' | 'agent' | 'marathon' | 'balancer';

/** A path with the methods that it is meant for. */
interface Endpoint {
  readonly path: string;
  readonly methods: readonly string[];
  readonly bodies?: readonly Json[];
  /** The message that it takes. */
  readonly call?: 'scheduler.Call' | 'master.Call' | 'agent.Call';
  readonly isForm?: boolean;
}

const read = (...paths: readonly string[]): readonly Endpoint[] => paths.map((path) => ({ path, methods: ['GET'] }));

const scalar = (name: string, value: number, fields: object = {}) => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  ...fields,
});
const task = {
  name: 't',
  task_id: { value: '{random}' },
  agent_id: { value: '{agent}' },
  resources: [scalar('cpus', 0.1), scalar('mem', 16)],
  command: { value: 'true', environment: { variables: [{ name: 'A', value: 'b' }] } },
  labels: { labels: [{ key: 'a', value: 'b' }] },
};
const container = { type: 'DOCKER', docker: { image: 'busybox', network: 'HOST' } };
const reserved = scalar('disk', 10, { reservations: [{ type: 'DYNAMIC', role: 'victim', principal: 'p' }] });
const volume = { ...reserved, disk: { persistence: { id: 'v' }, volume: { container_path: 'd', mode: 'RW' } } };
const ofFramework = (type: string, fields: object = {}): Json => ({
  type,
  framework_id: { value: '{framework}' },
  ...fields,
});
const accept = (...operations: readonly object[]) =>
  ofFramework('ACCEPT', {
    accept: { offer_ids: [{ value: '{offer}' }], operations, filters: { refuse_seconds: 0.1 } },
  });

const schedulerCalls: readonly Json[] = [
  { type: 'SUBSCRIBE', subscribe: { framework_info: { user: 'root', name: 'fuzz', roles: ['a', 'b'] } } },
  ofFramework('SUBSCRIBE', {
    subscribe: { force: true, framework_info: { user: 'root', name: 'v', id: { value: '{framework}' } } },
  }),
  accept({ type: 'LAUNCH', launch: { task_infos: [task, { ...task, container }] } }),
  accept({
    type: 'LAUNCH_GROUP',
    launch_group: {
      executor: { type: 'DEFAULT', executor_id: { value: 'e' }, resources: task.resources },
      task_group: { tasks: [task] },
    },
  }),
  accept({ type: 'RESERVE', reserve: { resources: [reserved] } }, { type: 'UNRESERVE', unreserve: { resources: [] } }),
  accept({ type: 'CREATE', create: { volumes: [volume] } }),
  accept({ type: 'GROW_VOLUME', id: { value: 'grow' }, grow_volume: { volume, addition: reserved } }),
  accept({ type: 'SHRINK_VOLUME', shrink_volume: { volume, subtract: { value: 1 } } }),
  ofFramework('DECLINE', { decline: { offer_ids: [{ value: '{offer}' }] } }),
  ofFramework('ACKNOWLEDGE', {
    acknowledge: { agent_id: { value: '{agent}' }, task_id: { value: '{task}' }, uuid: 'AAAAAAAAAAAAAAAAAAAAAA==' },
  }),
  ofFramework('KILL', { kill: { task_id: { value: '{task}' }, kill_policy: { grace_period: { nanoseconds: 1 } } } }),
  ofFramework('RECONCILE', { reconcile: { tasks: [{ task_id: { value: '{task}' } }] } }),
  ofFramework('RECONCILE_OPERATIONS', { reconcile_operations: { operations: [{ operation_id: { value: 'o' } }] } }),
  ofFramework('MESSAGE', {
    message: { agent_id: { value: '{agent}' }, executor_id: { value: 'e' }, data: 'aGk=' },
  }),
  ofFramework('SHUTDOWN', { shutdown: { agent_id: { value: '{agent}' }, executor_id: { value: 'e' } } }),
  ofFramework('REVIVE', { revive: { roles: ['victim'] } }),
  ofFramework('SUPPRESS', { suppress: { roles: ['victim'] } }),
  ofFramework('UPDATE_FRAMEWORK', {
    update_framework: { framework_info: { user: 'root', name: 'new', roles: ['x'] } },
  }),
  ofFramework('TEARDOWN'),
];

const machine = { hostname: 'agent.test', ip: '127.0.0.1' };
const operatorReads = [
  ...[
    'HEALTH',
    'FLAGS',
    'VERSION',
    'LOGGING_LEVEL',
    'STATE',
    'AGENTS',
    'FRAMEWORKS',
    'EXECUTORS',
    'OPERATIONS',
    'TASKS',
  ],
  ...['ROLES', 'WEIGHTS', 'MASTER', 'MAINTENANCE_STATUS', 'MAINTENANCE_SCHEDULE', 'QUOTA', 'CONTAINERS', 'AGENT'],
].map((what) => ({ type: `GET_${what}` }));
const operatorCalls: readonly Json[] = [
  ...operatorReads,
  { type: 'GET_METRICS', get_metrics: { timeout: { nanoseconds: 1_000_000 } } },
  { type: 'SUBSCRIBE' },
  { type: 'LIST_FILES', list_files: { path: '/' } },
  { type: 'READ_FILE', read_file: { path: '/', offset: 0, length: 10 } },
  { type: 'SET_LOGGING_LEVEL', set_logging_level: { level: 1, duration: { nanoseconds: 1 } } },
  { type: 'UPDATE_WEIGHTS', update_weights: { weight_infos: [{ role: 'x', weight: 2 }] } },
  { type: 'TEARDOWN', teardown: { framework_id: { value: '{framework}' } } },
  { type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id: { value: '{spare}' } } },
  { type: 'DEACTIVATE_AGENT', deactivate_agent: { agent_id: { value: '{spare}' } } },
  { type: 'DRAIN_AGENT', drain_agent: { agent_id: { value: '{spare}' } } },
  { type: 'RESERVE_RESOURCES', reserve_resources: { agent_id: { value: '{spare}' }, resources: [reserved] } },
  { type: 'CREATE_VOLUMES', create_volumes: { agent_id: { value: '{spare}' }, volumes: [volume] } },
  { type: 'DESTROY_VOLUMES', destroy_volumes: { agent_id: { value: '{spare}' }, volumes: [volume] } },
  { type: 'GROW_VOLUME', grow_volume: { agent_id: { value: '{spare}' }, volume, addition: reserved } },
  { type: 'SHRINK_VOLUME', shrink_volume: { agent_id: { value: '{spare}' }, volume, subtract: { value: 1 } } },
  { type: 'START_MAINTENANCE', start_maintenance: { machines: [machine] } },
  { type: 'STOP_MAINTENANCE', stop_maintenance: { machines: [machine] } },
  {
    type: 'UPDATE_MAINTENANCE_SCHEDULE',
    update_maintenance_schedule: {
      schedule: { windows: [{ machine_ids: [machine], unavailability: { start: { nanoseconds: 1 } } }] },
    },
  },
  { type: 'SET_QUOTA', set_quota: { quota_request: { role: 'x', guarantee: [scalar('cpus', 1)] } } },
  { type: 'REMOVE_QUOTA', remove_quota: { role: 'x' } },
];

const both = (endpoints: readonly Endpoint[], prefix: string) =>
  endpoints.flatMap((each) => [each, { ...each, path: `${prefix}${each.path}` }]);

const often = (times: number, endpoint: Endpoint) => Array.from({ length: times }, () => endpoint);

const files = read(
  ...['browse', 'read', 'download', 'debug', 'read.json'].map((name) => `/files/${name}?path={random}&offset={random}`),
);

const master: readonly Endpoint[] = [
  ...both(
    [
      ...read('/health', '/flags', '/state', '/state.json', '/state-summary', '/slaves?slave_id={agent}', '/roles'),
      ...read(
        '/frameworks?framework_id={framework}',
        '/tasks?limit={random}&order={random}&task_id={task}',
        '/version',
      ),
      ...read('/metrics/snapshot?timeout={random}', '/redirect', '/quota', '/weights', '/maintenance/schedule'),
      ...read('/maintenance/status', '/system/stats.json', '/logging/toggle?level={random}', '/help', '/'),
      { path: '/teardown', methods: ['POST'], bodies: ['frameworkId={framework}', 'x=y&frameworkId='], isForm: true },
      {
        path: '/reserve',
        methods: ['POST'],
        bodies: [`slaveId={spare}&resources=${JSON.stringify([reserved])}`],
        isForm: true,
      },
      { path: '/create-volumes', methods: ['POST'], bodies: ['slaveId={spare}&volumes=[]'], isForm: true },
      { path: '/machine/down', methods: ['POST'], bodies: [[machine]] },
    ],
    '/master',
  ),
  ...files,
  ...often(8, { path: '/api/v1', methods: ['POST'], bodies: operatorCalls, call: 'master.Call' }),
  ...often(20, { path: '/api/v1/scheduler', methods: ['POST'], bodies: schedulerCalls, call: 'scheduler.Call' }),
  {
    path: '/api/agent',
    methods: ['POST'],
    bodies: [
      {
        type: 'SUBSCRIBE',
        subscribe: {
          ...{ hostname: 'h', port: 5051, ip: '127.0.0.1', resources: task.resources, attributes: [] },
          ...{ version: '1.12.0', tasks: [], frameworks: [] },
        },
      },
      { type: 'PONG', agent_id: { value: '{spare}' } },
      { type: 'SHARE' },
      { type: 'CALLS', calls: [{ type: 'PONG', channels: [1] }] },
      {
        type: 'UPDATE_STATUS',
        agent_id: { value: '{spare}' },
        update_status: {
          framework_id: { value: '{framework}' },
          status: { task_id: { value: '{task}' }, state: 'TASK_RUNNING', uuid: 'AAAA' },
        },
      },
    ],
  },
];

const nested = { container_id: { value: 'c', parent: { value: '{task}' } }, command: { value: 'true' } };
const alone = { container_id: { value: '{random}' }, command: { value: 'true' }, resources: task.resources };
const agent: readonly Endpoint[] = [
  ...both(
    [
      ...read('/health', '/version', '/state', '/state.json', '/flags', '/containers', '/metrics/snapshot'),
      ...read('/containerizer/debug', '/monitor/statistics', '/monitor/statistics.json', '/help', '/'),
    ],
    '/slave(1)',
  ),
  ...files,
  ...often(8, {
    path: '/api/v1',
    methods: ['POST'],
    call: 'agent.Call',
    bodies: [
      ...operatorCalls,
      { type: 'LAUNCH_NESTED_CONTAINER', launch_nested_container: nested },
      { type: 'LAUNCH_NESTED_CONTAINER_SESSION', launch_nested_container_session: nested },
      { type: 'WAIT_NESTED_CONTAINER', wait_nested_container: nested },
      { type: 'KILL_NESTED_CONTAINER', kill_nested_container: { ...nested, signal: 15 } },
      { type: 'REMOVE_NESTED_CONTAINER', remove_nested_container: nested },
      { type: 'LAUNCH_CONTAINER', launch_container: alone },
      { type: 'LAUNCH_CONTAINER', launch_container: { ...alone, container: { type: 'MESOS', tty_info: {} } } },
      { type: 'WAIT_CONTAINER', wait_container: alone },
      { type: 'KILL_CONTAINER', kill_container: { ...alone, signal: 9 } },
      { type: 'REMOVE_CONTAINER', remove_container: alone },
      { type: 'GET_CONTAINERS', get_containers: { show_nested: true, show_standalone: true } },
      { type: 'ATTACH_CONTAINER_OUTPUT', attach_container_output: nested },
      { type: 'ATTACH_CONTAINER_INPUT', attach_container_input: { type: 'CONTAINER_ID', ...nested } },
      { type: 'PRUNE_IMAGES' },
    ],
  }),
  {
    path: '/api/v1/executor',
    methods: ['POST'],
    bodies: [
      {
        type: 'SUBSCRIBE',
        framework_id: { value: '{framework}' },
        executor_id: { value: 'e' },
        subscribe: { unacknowledged_tasks: [], unacknowledged_updates: [] },
      },
    ],
  },
];

const app = {
  id: '/{random}',
  ...{ cmd: 'true', cpus: 0.01, mem: 4, disk: 0, instances: 1, env: { A: 'b' } },
  ...{ labels: { HAPROXY_GROUP: 'external' }, constraints: [['hostname', 'LIKE', '1.*']] },
  ...{ healthChecks: [{ protocol: 'HTTP', path: '/', portIndex: 0 }], portDefinitions: [{ port: 0 }] },
  ...{ upgradeStrategy: { minimumHealthCapacity: 0.5 }, fetch: [{ uri: 'http://127.0.0.1:1/x' }] },
};
const dockerApp = {
  id: '/{app}',
  ...{ cpus: 0.01, mem: 4, instances: 1, networks: [{ mode: 'container/bridge' }] },
  container: {
    type: 'DOCKER',
    docker: { image: 'busybox' },
    portMappings: [{ containerPort: 80, servicePort: 11_901 }],
  },
};
const group = { id: '/{random}', apps: [app], groups: [{ id: 'inner', apps: [dockerApp], dependencies: ['/x'] }] };
const pod = {
  id: '/{random}',
  containers: [{ name: 'c', resources: { cpus: 0.01, mem: 4 }, exec: { command: { shell: 'true' } } }],
};
const changing = (path: string, ...bodies: readonly Json[]): readonly Endpoint[] =>
  ['', '?force=true', '?dryRun=true', '?partialUpdate=false'].map((query) => ({
    path: `${path}${query}`,
    methods: ['POST', 'PUT', 'PATCH', 'GET', 'DELETE'],
    bodies,
  }));

const marathon: readonly Endpoint[] = [
  ...read('/ping', '/metrics', '/v2/info', '/v2/plugins', '/v2/leader', '/v2/deployments', '/v2/events', '/help'),
  ...read('/v2/apps?embed={random}&cmd={random}&id={random}&label={random}', '/v2/apps/{app}/versions/{random}'),
  ...read('/v2/apps/{app}/versions', '/v2/groups/{app}/versions', '/v2/groups/versions/{random}', '/v2/queue?embed=x'),
  ...read('/v2/tasks?status={random}', '/v2/apps/{app}/tasks', '/v2/events?event_type={random}', '/v2/groups/apps'),
  ...read('/v2/pods/::status', '/v2/pods/{app}::status', '/v2/pods/{app}::versions/{random}', '/v2/apps/*'),
  ...changing('/v2/apps', app, dockerApp, [app, dockerApp]),
  ...changing('/v2/apps/{app}', app, dockerApp, { instances: 2 }, { version: '{random}' }),
  ...changing('/v2/groups', group, { groups: [group] }, { scaleBy: 2 }),
  ...changing('/v2/groups/{app}', group, { version: '{random}' }, { scaleBy: 0.5 }, { enforceRole: false }),
  ...changing('/v2/pods', pod),
  ...changing('/v2/pods/{app}', pod),
  ...changing('/v2/pods/{app}::instances', ['i']),
  { path: '/v2/apps/{app}/restart?force={random}', methods: ['POST'] },
  { path: '/v2/apps/{app}/tasks/{random}?scale={random}&wipe={random}', methods: ['DELETE'] },
  { path: '/v2/tasks/delete?scale={random}', methods: ['POST'], bodies: [{ ids: ['{task}'] }] },
  { path: '/v2/deployments/{random}?force={random}', methods: ['DELETE'] },
  { path: '/v2/queue//{app}/delay', methods: ['DELETE'] },
  { path: '/v2/artifacts/{random}', methods: ['GET', 'PUT', 'DELETE'] },
];

const balancer: readonly Endpoint[] = read(
  ...[
    '/',
    '/haproxy?stats',
    '/haproxy?stats;csv',
    '/_haproxy_health_check',
    '/_haproxy_getconfig',
    '/_haproxy_getpids',
  ],
  ...['/_haproxy_getvhostmap', '/_haproxy_getappmap', '/_mlb_signal/hup', '/metrics', '/{random}'],
);

export const endpoints: Readonly<Record<Component, readonly Endpoint[]>> = { master, agent, marathon, balancer };
export type { Endpoint };
