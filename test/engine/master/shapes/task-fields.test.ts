import { beforeEach, describe, expect, test } from 'vitest';
import { taskInfo } from '../../../../engine/master/wire/messages/tasks.ts';
import { offerOperation } from '../../../../engine/master/wire/messages/operations.ts';
import type { Field, Message } from '../../../../engine/master/wire/protobuf-json.ts';
import { commandTask, ports, scalar, subscribe, type Loose, type SchedulerClient } from '../../scheduler-client.ts';
import { startFakeAgent, type FakeAgent } from '../fake-agent.ts';
import { startLeader } from '../master-for-test.ts';

/*
 * Every field of a TaskInfo is either honoured, and comes to the agent as it was sent, or refused with a message. A
 * field that is new in the table of messages must be in one of the two lists here.
 */

const isMessage = (type: Field['type']): type is Message => typeof type === 'object' && !Array.isArray(type);

/** Paths of all fields that have a value of their own. */
function leavesOf(message: Message, prefix = ''): readonly string[] {
  return Object.entries(message).flatMap(([name, { type, map }]) => {
    const path = `${prefix}${name}`;
    return isMessage(type) && map !== true ? leavesOf(type, `${path}.`) : [path];
  });
}

/** Whether a value has something at a path, in any item of the lists on the way. */
function has(value: Loose, path: readonly string[]): boolean {
  if (Array.isArray(value)) return value.some((item) => has(item, path));
  const [first, ...rest] = path;
  if (first === undefined) return value !== undefined;
  return typeof value === 'object' && value !== null && has(value[first], rest);
}

const allocated = { role: '*', allocation_info: { role: '*' } };
const resources = [
  { ...scalar('cpus', 0.1), ...allocated },
  { ...scalar('mem', 32), ...allocated },
  { ...ports([31_005, 31_005]), ...allocated },
  { name: 'colours', type: 'SET', set: { item: ['red'] }, ...allocated },
];
const times = { delay_seconds: 1, interval_seconds: 1, timeout_seconds: 1 };
const variables = [{ name: 'A', type: 'VALUE', value: 'b' }];
const secret = { type: 'VALUE', value: { data: 'aGk=' } };
const reference = { type: 'REFERENCE', reference: { name: 'n', key: 'k' } };
const secretVariable = { name: 'A', type: 'SECRET', secret };
const secretOf = (fields: object) => ({
  command: { value: 'x', environment: { variables: [{ name: 'A', type: 'SECRET', ...fields }] } },
});
const checkCommand = { environment: { variables }, shell: false, value: '/bin/true', arguments: ['true', 'x'] };
const labels = { labels: [{ key: 'k', value: 'v' }] };
const port = { number: 80, name: 'http', protocol: 'tcp', visibility: 'CLUSTER', labels };
const uri = { value: 'http://127.0.0.1/x', executable: true, extract: false, cache: true, output_file: 'y' };

const common = { resources, labels, kill_policy: { grace_period: { nanoseconds: 1e9 } } };
/** Between them they have all that is honoured. */
const honoured: Readonly<Record<string, object>> = {
  command: {
    ...common,
    command: { ...checkCommand, uris: [uri], user: 'root' },
    health_check: {
      type: 'COMMAND',
      command: checkCommand,
      ...times,
      consecutive_failures: 2,
      grace_period_seconds: 1,
    },
    check: { type: 'COMMAND', command: { command: checkCommand }, ...times },
    max_completion_time: { nanoseconds: 6e10 },
    // Nobody but a custom executor looks at it, in Mesos either.
    data: 'aGk=',
    discovery: {
      visibility: 'CLUSTER',
      ...{ name: 'n', environment: 'e', location: 'l', version: 'v', ports: { ports: [port] }, labels },
    },
    // Without an image, a container is the task's own process.
    container: { type: 'MESOS', network_infos: [{ labels }] },
  },
  secrets: {
    ...common,
    command: {
      value: 'true',
      environment: { variables: [secretVariable, { name: 'B', type: 'SECRET', secret: reference }] },
    },
    container: {
      type: 'MESOS',
      volumes: [secret, reference].map((each, index) => ({
        ...{ mode: 'RO', container_path: `a/${index}`, source: { type: 'SECRET', secret: each } },
      })),
    },
  },
  docker: {
    ...common,
    command: { shell: true, value: 'true' },
    container: {
      type: 'DOCKER',
      hostname: 'h',
      docker: {
        image: 'nginx',
        network: 'BRIDGE',
        port_mappings: [{ host_port: 31_005, container_port: 80, protocol: 'tcp' }],
        ...{ privileged: true, parameters: [{ key: 'k', value: 'v' }], force_pull_image: true, volume_driver: 'd' },
      },
      volumes: [
        { mode: 'RO', container_path: '/a', host_path: '/b' },
        {
          mode: 'RW',
          container_path: '/c',
          source: { type: 'DOCKER_VOLUME', docker_volume: { driver: 'd', name: 'v' } },
        },
      ],
      network_infos: [{ name: 'net', labels, ip_addresses: [{ protocol: 'IPv4' }] }],
      tty_info: {},
    },
    // `statuses` is for custom executors, in Mesos either.
    health_check: { type: 'HTTP', http: { scheme: 'https', port: 80, path: '/', statuses: [200], protocol: 'IPv4' } },
    check: { type: 'HTTP', http: { port: 80, path: '/' } },
  },
  image: {
    ...common,
    command: { value: 'true' },
    container: {
      type: 'MESOS',
      mesos: { image: { type: 'DOCKER', docker: { name: 'nginx' }, cached: true } },
      network_infos: [{ name: 'mesos-bridge', port_mappings: [{ host_port: 31_005, container_port: 80 }] }],
    },
    health_check: { type: 'TCP', tcp: { port: 80, protocol: 'IPv4' } },
    check: { type: 'TCP', tcp: { port: 80 } },
  },
};

const moreThanOffered = /^Total resources .* required by task and its executor is more than available/;
const not = (field: string) => new RegExp(`'${field}' is not honoured by this cluster`);
const docker = (fields: object) => ({ container: { type: 'DOCKER', docker: { image: 'x' }, ...fields } });
const volume = (fields: object) => docker({ volumes: [{ mode: 'RW', container_path: '/a', ...fields }] });
const source = (type: string, fields: object) => volume({ source: { type, ...fields } });
const mesosImage = (image: object) => ({ container: { type: 'MESOS', mesos: { image } } });
const cpus = (fields: object) => ({ resources: [{ ...scalar('cpus', 0.1), ...fields }, scalar('mem', 32)] });
const health = (fields: object) => ({ health_check: { ...times, ...fields } });
const executor = { executor_id: { value: 'e' }, command: { value: 'x' } };

/** By the path of a field, with all that is below it. */
const refused: Readonly<Record<string, readonly [task: object, message: RegExp]>> = {
  executor: [
    { command: undefined, executor: { ...executor, type: 'DEFAULT', command: undefined } },
    /^'ExecutorInfo.type' must be 'CUSTOM'$/,
  ],
  limits: [{ limits: { cpus: { value: 1 } } }, not('limits')],
  'resources.provider_id': [cpus({ provider_id: { value: 'p' } }), moreThanOffered],
  'resources.reservation': [cpus({ reservation: { principal: 'me' } }), moreThanOffered],
  'resources.reservations': [cpus({ reservations: [{ type: 'DYNAMIC', role: 'dev' }] }), moreThanOffered],
  'resources.disk': [cpus({ disk: { persistence: { id: 'v' } } }), moreThanOffered],
  'resources.revocable': [cpus({ revocable: {} }), moreThanOffered],
  'resources.shared': [cpus({ shared: {} }), moreThanOffered],
  'container.linux_info': [docker({ linux_info: { share_pid_namespace: true } }), not('linux_info')],
  'container.rlimit_info': [docker({ rlimit_info: { rlimits: [{ type: 'RLMT_NOFILE' }] } }), not('rlimit_info')],
  'container.tty_info.window_size': [
    docker({ tty_info: { window_size: { rows: 24, columns: 80 } } }),
    not('tty_info.window_size'),
  ],
  'container.mesos.image.appc': [mesosImage({ type: 'APPC', appc: { name: 'x' } }), not('mesos.image.appc')],
  'container.mesos.image.docker.credential': [
    mesosImage({ type: 'DOCKER', docker: { name: 'x', credential: { principal: 'me' } } }),
    not('mesos.image.docker.credential'),
  ],
  'container.mesos.image.docker.config': [
    mesosImage({ type: 'DOCKER', docker: { name: 'x', config: secret } }),
    not('mesos.image.docker.config'),
  ],
  'container.volumes.image': [volume({ image: { type: 'DOCKER', docker: { name: 'x' } } }), not('image')],
  'container.volumes.source.docker_volume.driver_options': [
    source('DOCKER_VOLUME', {
      docker_volume: { name: 'v', driver_options: { parameter: [{ key: 'a', value: 'b' }] } },
    }),
    not('source.docker_volume.driver_options'),
  ],
  'container.volumes.source.host_path': [source('HOST_PATH', { host_path: { path: '/x' } }), not('source.host_path')],
  'container.volumes.source.sandbox_path': [
    source('SANDBOX_PATH', { sandbox_path: { type: 'SELF', path: 'x' } }),
    not('source.sandbox_path'),
  ],
  'container.volumes.source.csi_volume': [
    source('CSI_VOLUME', { csi_volume: { plugin_name: 'p' } }),
    not('source.csi_volume'),
  ],
  'container.network_infos.ip_addresses': [
    docker({ network_infos: [{ ip_addresses: [{ protocol: 'IPv4', ip_address: '10.0.0.9' }] }] }),
    not('network_infos.ip_addresses'),
  ],
  'container.network_infos.groups': [docker({ network_infos: [{ groups: ['g'] }] }), not('network_infos.groups')],
  'container.network_infos.port_mappings': [
    { container: { type: 'MESOS', network_infos: [{ port_mappings: [{ host_port: 1, container_port: 1 }] }] } },
    not('network_infos.port_mappings'),
  ],
  'health_check.command.user': [health({ type: 'COMMAND', command: { value: 'x', user: 'u' } }), not('user')],
  'health_check.command.uris': [health({ type: 'COMMAND', command: { value: 'x', uris: [uri] } }), not('uris')],
  'health_check.command.environment.variables.secret': [
    health({ type: 'COMMAND', command: { value: 'x', environment: { variables: [secretVariable] } } }),
    not('secret'),
  ],
  'check.command.command.user': [
    { check: { type: 'COMMAND', command: { command: { value: 'x', user: 'u' } } } },
    not('user'),
  ],
  'check.command.command.uris': [
    { check: { type: 'COMMAND', command: { command: { value: 'x', uris: [uri] } } } },
    not('uris'),
  ],
  'check.command.command.environment.variables.secret': [
    {
      check: {
        type: 'COMMAND',
        command: { command: { value: 'x', environment: { variables: [secretVariable] } } },
      },
    },
    not('secret'),
  ],
};

const secretFile = (container_path: string, fields: object = { secret }) => ({
  container: { type: 'MESOS', volumes: [{ mode: 'RO', container_path, source: { type: 'SECRET', ...fields } }] },
});
const badVariable = "Task's `CommandInfo` is invalid: Environment variable 'A'";

/** Values of honoured fields that are refused, and what only fits elsewhere; the words are Mesos's where it has some. */
const alsoRefused: readonly (readonly [task: object, message: string | RegExp])[] = [
  [{ container: { type: 'MESOS', volumes: [{ mode: 'RW', container_path: 'a' }] } }, not('volumes')],
  [{ container: { type: 'MESOS', hostname: 'h' } }, not('hostname')],
  [{ container: { type: 'MESOS', docker: { image: 'x' } } }, not('docker')],
  [{ container: { type: 'MESOS', network_infos: [{ name: 'net' }] } }, not('network_infos.name')],
  [health({ type: 'HTTP', http: { port: 80, protocol: 'IPv6' } }), not('protocol')],
  [health({ type: 'TCP', tcp: { port: 80, protocol: 'IPv6' } }), not('protocol')],
  [{ container: { type: 'DOCKER' } }, /DockerInfo 'docker' is not set for DOCKER typed ContainerInfo$/],
  [
    docker({ docker: { image: 'x', parameters: [{ key: 'name', value: 'y' }] } }),
    /Parameter in DockerInfo must not be 'name'$/,
  ],
  [
    volume({ host_path: '/a', source: { type: 'DOCKER_VOLUME' } }),
    /Invalid volume: Only one of them should be set: 'host_path', 'image' and 'source'$/,
  ],
  [source('SECRET', { secret }), not('source.secret')],
  [secretFile('/a'), /'container_path' of a secret must be relative: it is a file in the sandbox$/],
  [secretFile('a/../../b'), /'..' leads out of the sandbox$/],
  [secretFile('a', {}), /'source.secret' is not set for SECRET volume$/],
  [secretFile('a', { secret: { type: 'VALUE' } }), /Secret of type VALUE must have the 'value' field set$/],
  [secretOf({}), `${badVariable} of type 'SECRET' must have a secret set`],
  [secretOf({ secret, value: 'x' }), `${badVariable} of type 'SECRET' must not have a value set`],
  [
    secretOf({ secret: { type: 'REFERENCE' } }),
    `${badVariable} specifies an invalid secret: Secret of type REFERENCE must have the 'reference' field set`,
  ],
  [
    secretOf({ secret: { ...secret, ...reference } }),
    `${badVariable} specifies an invalid secret: Secret 'n' of type REFERENCE must not have the 'value' field set`,
  ],
  [
    secretOf({ secret: { ...reference, ...secret } }),
    `${badVariable} specifies an invalid secret: Secret of type VALUE must not have the 'reference' field set`,
  ],
  [
    secretOf({ secret: { type: 'VALUE', value: { data: 'AGE=' } } }),
    `${badVariable} specifies a secret containing null bytes, which is not allowed in the environment`,
  ],
  [source('DOCKER_VOLUME', {}), /'source.docker_volume' is not set for DOCKER_VOLUME volume$/],
  [{ max_completion_time: { nanoseconds: -1 } }, "Task's `max_completion_time` must be non-negative"],
  [{ kill_policy: { grace_period: { nanoseconds: -1 } } }, "Task's 'kill_policy.grace_period' must be non-negative"],
  [health({}), "Task uses invalid health check: HealthCheck must specify 'type'"],
  [
    health({ type: 'COMMAND' }),
    "Task uses invalid health check: Expecting 'command' to be set for COMMAND health check",
  ],
  [
    health({ type: 'COMMAND', command: {} }),
    "Task uses invalid health check: Command health check must contain 'shell command'",
  ],
  [
    health({ type: 'HTTP', http: { port: 1, scheme: 'ftp' } }),
    "Task uses invalid health check: Unsupported HTTP health check scheme: 'ftp'",
  ],
  [
    health({ type: 'HTTP', http: { port: 1, path: 'x' } }),
    "Task uses invalid health check: The path 'x' of HTTP health check must start with '/'",
  ],
  [
    { health_check: { type: 'TCP', tcp: { port: 1 }, delay_seconds: -1 } },
    "Task uses invalid health check: Expecting 'delay_seconds' to be non-negative",
  ],
  [{ check: {} }, "Task uses invalid check: CheckInfo must specify 'type'"],
  [{ check: { type: 'TCP' } }, "Task uses invalid check: Expecting 'tcp' to be set for TCP check"],
  [{ executor }, 'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present'],
  [{ command: undefined }, 'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present'],
  [
    { command: { value: 'x', environment: { variables: [{ name: 'A' }] } } },
    "Task's `CommandInfo` is invalid: Environment variable 'A' of type 'VALUE' must have a value set",
  ],
];

let framework: SchedulerClient;
let agent: FakeAgent;
beforeEach(async () => {
  const { url } = await startLeader();
  const colours = { name: 'colours', type: 'SET', set: { item: ['red', 'blue'] } };
  agent = await startFakeAgent(url, {
    resources: [scalar('cpus', 2), scalar('mem', 1024), ports([31_000, 31_099]), colours],
  });
  framework = await subscribe(url);
});
const accept = async (operation: object) =>
  framework.call('ACCEPT', { accept: { offer_ids: [(await framework.takeOffer()).id], operations: [operation] } });
const launch = (fields: object) =>
  accept({ type: 'LAUNCH', launch: { task_infos: [commandTask('t', agent.agentId, fields)] } });

test('every field of a task is in a list here', () => {
  const samples = Object.values(honoured).map((fields) => commandTask('t', 'a', fields));
  const missing = leavesOf(taskInfo).filter(
    (leaf) =>
      !samples.some((sample) => has(sample, leaf.split('.'))) &&
      !Object.keys(refused).some((path) => leaf === path || leaf.startsWith(`${path}.`)),
  );
  expect(missing).toEqual([]);
});

describe('a task comes to its agent as it was sent', () => {
  test.each(Object.entries(honoured))('with all that a %s task may have', async (_, fields) => {
    await launch(fields);
    const { task } = (await agent.take('RUN_TASK')).run_task;
    expect(task).toEqual(commandTask('t', agent.agentId, fields));
  });
});

describe('a task is refused', () => {
  test.each(Object.entries(refused))('with %s', async (_, [fields, message]) => {
    await launch(fields);
    const { state, reason, message: text } = await framework.takeUpdate('t');
    expect([state, reason]).toEqual(['TASK_ERROR', 'REASON_TASK_INVALID']);
    expect(text).toMatch(message);
  });

  test.each(alsoRefused)('for what is wrong in %j', async (fields, message) => {
    await launch(fields);
    const { message: text } = await framework.takeUpdate('t');
    if (typeof message === 'string') expect(text).toBe(message);
    else expect(text).toMatch(message);
  });

  test('with an id of its operation', async () => {
    const task_infos = [commandTask('t', agent.agentId)];
    await accept({ type: 'LAUNCH', id: { value: 'op' }, launch: { task_infos } });
    expect(await framework.takeUpdate('t')).toMatchObject({
      state: 'TASK_ERROR',
      message: 'The `id` field cannot be set on LAUNCH operations',
    });
  });
});

describe('an operation that nobody carries out', () => {
  const disk = { ...scalar('disk', 1), reservations: [{ type: 'DYNAMIC', role: 'dev' }] };
  const details: Readonly<Record<string, object>> = {
    create_disk: { source: disk, target_type: 'MOUNT' },
    destroy_disk: { source: disk },
  };
  const message = (type: string) =>
    `This master does not carry out operations of type ${type}: disks are what agents have`;

  test('is one of these: all others are carried out', () => {
    const carriedOut = [
      ...['launch', 'launch_group', 'reserve', 'unreserve', 'create', 'destroy', 'grow_volume', 'shrink_volume'],
    ];
    const known = ['type', 'id', ...carriedOut, ...Object.keys(details)];
    expect(Object.keys(offerOperation).filter((name) => !known.includes(name))).toEqual([]);
  });

  test.each(Object.entries(details))('is refused with its call: %s', async (name, fields) => {
    const type = name.toUpperCase();
    expect(await accept({ type, [name]: fields })).toMatchObject({ status: 400, body: message(type) });
  });

  test.each(Object.entries(details))('with an id is told of: %s', async (name, fields) => {
    const type = name.toUpperCase();
    expect((await accept({ type, id: { value: 'op' }, [name]: fields })).status).toBe(202);
    expect((await framework.take('UPDATE_OPERATION_STATUS')).update_operation_status.status).toEqual({
      operation_id: { value: 'op' },
      state: 'OPERATION_ERROR',
      message: message(type),
    });
  });

  test('leaves the offer as it was when its call is refused', async () => {
    const offer = await framework.takeOffer();
    const task_infos = [commandTask('t', agent.agentId)];
    const operations = [
      { type: 'DESTROY_DISK', destroy_disk: { source: disk } },
      { type: 'LAUNCH', launch: { task_infos } },
    ];
    const refusal = await framework.call('ACCEPT', { accept: { offer_ids: [offer.id], operations } });
    expect(refusal.status).toBe(400);
    await framework.launch([offer.id.value], task_infos);
    await agent.take('RUN_TASK');
  });

  test('is unknown when it is asked about', async () => {
    const operations = [{ operation_id: { value: 'op' }, agent_id: { value: agent.agentId } }];
    await framework.call('RECONCILE_OPERATIONS', { reconcile_operations: { operations } });
    expect((await framework.take('UPDATE_OPERATION_STATUS')).update_operation_status.status).toEqual({
      ...operations[0],
      state: 'OPERATION_UNKNOWN',
      message: 'Reconciliation: Operation is unknown',
    });
  });
});
