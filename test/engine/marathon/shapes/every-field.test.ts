import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseApp } from '../../../../engine/marathon/apps/app-changes.ts';
import { unservedFields } from '../../../../engine/marathon/apps/unserved-fields.ts';
import { stepsFor } from '../../../../engine/marathon/deployments/deployment.ts';
import { replacePlan } from '../../../../engine/marathon/deployments/instance-plan.ts';
import { ApiError } from '../../../../engine/marathon/marathon-error.ts';
import { AttributeTally } from '../../../../engine/marathon/scheduling/attribute-tally.ts';
import { buildTask } from '../../../../engine/marathon/scheduling/build-task.ts';
import { LaunchDelays } from '../../../../engine/marathon/scheduling/launch-delays.ts';
import { matchOffer } from '../../../../engine/marathon/scheduling/match-offer.ts';
import { poolOf } from '../../../../engine/marathon/scheduling/offer-pool.ts';
import { Instances } from '../../../../engine/marathon/scheduling/instance-index.ts';
import { appFields } from '../../../../protocol/app-schema/app-fields.ts';
import { groupFields } from '../../../../protocol/app-schema/group-fields.ts';
import type { Fields, Schema } from '../../../../protocol/app-schema/schema.ts';
import type { App } from '../../../../protocol/marathon.ts';
import type { Json, Offer, TaskInfo } from '../../../../protocol/mesos.ts';

/*
 * Every field that a definition of an app or a group may have (app.raml, group.raml and what they use) is honoured, or
 * refused: none is taken and then ignored. Whoever adds a field to the schema has to say here which it is.
 */

type Definition = Readonly<Record<string, Json>>;

type Proof =
  /** With the field so, the task has that; without it, or with another value, it has not. */
  | { readonly app: Definition; readonly task: unknown }
  /** What else shows the field. */
  | { readonly app: Definition; readonly shows: (app: App) => unknown; readonly is: unknown }
  | { readonly app: Definition; readonly refused: string }
  /** A test that shows it, as FILE: NAME. */
  | { readonly seenIn: string }
  /** The description of the API says that it does nothing. */
  | { readonly nothing: string };

const version = '2026-01-01T00:00:00.000Z';
const canonical = (definition: Definition): App => ({
  ...parseApp({ id: '/x', cmd: 'true', cpus: 0.1, mem: 16, ...definition }, '', undefined, { features: ['secrets'] }),
  version,
  versionInfo: { lastScalingAt: version, lastConfigChangeAt: version },
});

const resource = (name: string, value: number, role = '*') =>
  ({ name, type: 'SCALAR', scalar: { value }, role }) as const;
const offer: Offer = {
  ...{ id: { value: 'O' }, framework_id: { value: 'F' }, agent_id: { value: 'S' }, hostname: 'agent1' },
  resources: [
    ...[resource('cpus', 1), resource('mem', 100), resource('disk', 100)],
    { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31_000, end: 31_009 }] }, role: '*' },
  ],
};
const match = (app: App) => matchOffer(app, poolOf(offer), new AttributeTally([]), () => 0);
const reason = (app: App) => {
  const result = match(app);
  return result.kind === 'reject' ? result.reason : 'match';
};
const taskOf = (app: App): TaskInfo => {
  const result = match(app);
  if (result.kind === 'reject') throw new Error(result.reason);
  return buildTask(app, 't', offer, result.resources, result.hostPorts);
};

const delays = (failures: number) => (app: App) => {
  const launchDelays = new LaunchDelays(() => 0);
  for (let count = 0; count < failures; count += 1) launchDelays.add(app);
  return launchDelays.until(app);
};
const steps = (app: App) =>
  stepsFor([{ id: app.id, after: app }], [canonical({ id: '/db' }), app], [])?.map(({ actions }) => actions.length);
/** How many of four old instances may go, and how many new ones may come. */
const replacement = (app: App) => {
  const instances = new Instances(
    [1, 2, 3, 4].map((count) => ({
      ...{ id: `t${count}`, taskId: `t${count}`, appId: app.id, version: '2025-01-01T00:00:00.000Z', agentId: 'S' },
      ...{ host: 'h', attributes: {}, hostPorts: [], ipAddresses: [], condition: 'Running', state: 'TASK_RUNNING' },
      ...{ goal: 'Running', stagedAt: count },
    })),
    () => undefined,
  );
  const judge = { health: () => undefined, isReady: () => true };
  const { kill, launch } = replacePlan(app, instances.counted(app.id), judge);
  return { kill: kill.length, launch };
};

const docker = (more: Definition, container: Definition = {}): Definition => ({
  container: { type: 'DOCKER', docker: { image: 'i', ...more }, ...container },
});
const mesos = (more: Definition): Definition => ({ container: { type: 'MESOS', docker: { image: 'i' }, ...more } });
const mapped = (mapping: Definition): Definition => ({
  networks: [{ mode: 'container/bridge' }],
  ...docker({}, { portMappings: [mapping] }),
});
const check = (more: Definition): Definition => ({ healthChecks: [{ protocol: 'MESOS_HTTP', ...more }] });
const volume = (more: Definition): Definition => ({ container: { type: 'MESOS', volumes: [more] } });
const discovered = (port: object) => ({ discovery: { ports: { ports: [port] } } });
const label = { labels: { labels: expect.arrayContaining([{ key: 'k', value: 'v' }]) } };
const onHost = { containerPath: 'c', hostPath: '/h', mode: 'RO' };
const addressed = (more: Definition): Definition => ({ ipAddress: { networkName: 'n', ...more } });
const portOf = (more: Definition) => addressed({ discovery: { ports: [{ number: 80, name: 'http', ...more }] } });
const readiness = { seenIn: 'health/readiness.test.ts: a deployment waits until the new tasks are ready' };
const group = (name: string) => ({ seenIn: `groups-api.test.ts: ${name}` });
const notGiven = 'the server says it: what a request gives does not count';

const secrets = { s: { source: '/db/password' } };
const reference = { type: 'REFERENCE', reference: { name: '/db/password' } };
const secretVariable = {
  command: { environment: { variables: expect.arrayContaining([{ name: 'K', type: 'SECRET', secret: reference }]) } },
};

const appProofs: Readonly<Record<string, Proof>> = {
  id: { app: { id: '/g/x' }, task: { name: 'x.g' } },
  acceptedResourceRoles: {
    app: { id: '/r/x', role: 'r', acceptedResourceRoles: ['r'] },
    shows: reason,
    is: 'UnfulfilledRole',
  },
  args: { app: { cmd: null, args: ['a', 'b'] }, task: { command: { shell: false, arguments: ['a', 'b'] } } },
  backoffFactor: { app: { backoffFactor: 3 }, shows: delays(2), is: 3000 },
  backoffSeconds: { app: { backoffSeconds: 7 }, shows: delays(1), is: 7000 },
  'check.http.portIndex': {
    app: {
      check: { http: { portIndex: 1 } },
      portDefinitions: [{ port: 31_002 }, { port: 31_003 }],
      requirePorts: true,
    },
    task: { check: { type: 'HTTP', http: { port: 31_003 } } },
  },
  'check.http.port': { app: { check: { http: { port: 80 } } }, task: { check: { http: { port: 80 } } } },
  'check.http.path': {
    app: { check: { http: { port: 80, path: '/p' } } },
    task: { check: { http: { port: 80, path: '/p' } } },
  },
  'check.http.scheme': { app: { check: { http: { port: 80, scheme: 'HTTPS' } } }, refused: '/check/http/scheme' },
  'check.tcp.portIndex': {
    app: { ...mapped({ containerPort: 77 }), check: { tcp: { portIndex: 0 } } },
    task: { check: { type: 'TCP', tcp: { port: 77 } } },
  },
  'check.tcp.port': { app: { check: { tcp: { port: 80 } } }, task: { check: { tcp: { port: 80 } } } },
  'check.exec.command.shell': {
    app: { check: { exec: { command: { shell: 'ls' } } } },
    task: { check: { type: 'COMMAND', command: { command: { shell: true, value: 'ls' } } } },
  },
  'check.exec.command.argv': {
    app: { check: { exec: { command: { argv: ['ls', '-l'] } } } },
    task: { check: { command: { command: { shell: false, value: 'ls', arguments: ['ls', '-l'] } } } },
  },
  'check.intervalSeconds': {
    app: { check: { tcp: { port: 80 }, intervalSeconds: 5 } },
    task: { check: { interval_seconds: 5 } },
  },
  'check.timeoutSeconds': {
    app: { check: { tcp: { port: 80 }, timeoutSeconds: 5 } },
    task: { check: { timeout_seconds: 5 } },
  },
  'check.delaySeconds': {
    app: { check: { tcp: { port: 80 }, delaySeconds: 5 } },
    task: { check: { delay_seconds: 5 } },
  },
  cmd: { app: { cmd: 'sleep 1' }, task: { command: { shell: true, value: 'sleep 1' } } },
  constraints: { app: { constraints: [['hostname', 'IS', 'other']] }, shows: reason, is: 'UnfulfilledConstraint' },
  'container.type': { app: mesos({}), task: { container: { type: 'MESOS' } } },
  'container.docker.image': { app: docker({ image: 'j' }), task: { container: { docker: { image: 'j' } } } },
  'container.docker.credential': {
    app: docker({ credential: { principal: 'p' } }),
    refused: '/container/docker/credential',
  },
  'container.docker.pullConfig.secret': {
    app: docker({ pullConfig: { secret: 's' } }),
    refused: '/container/docker/pullConfig',
  },
  'container.docker.forcePullImage': {
    app: docker({ forcePullImage: true }),
    task: { container: { docker: { force_pull_image: true } } },
  },
  'container.docker.network': {
    app: docker({ network: 'BRIDGE' }),
    task: { container: { docker: { network: 'BRIDGE' } } },
  },
  'container.docker.parameters.key': {
    app: docker({ parameters: [{ key: 'k', value: 'v' }] }),
    task: { container: { docker: { parameters: [{ key: 'k' }] } } },
  },
  'container.docker.parameters.value': {
    app: docker({ parameters: [{ key: 'k', value: 'v' }] }),
    task: { container: { docker: { parameters: [{ value: 'v' }] } } },
  },
  'container.docker.privileged': {
    app: docker({ privileged: true }),
    task: { container: { docker: { privileged: true } } },
  },
  'container.linuxInfo': {
    app: mesos({ linuxInfo: { seccomp: { unconfined: true } } }),
    refused: '/container/linuxInfo',
  },
  'container.volumes.containerPath': {
    app: volume(onHost),
    task: { container: { volumes: [{ container_path: 'c' }] } },
  },
  'container.volumes.hostPath': { app: volume(onHost), task: { container: { volumes: [{ host_path: '/h' }] } } },
  'container.volumes.mode': { app: volume(onHost), task: { container: { volumes: [{ mode: 'RO' }] } } },
  'container.volumes.external': { app: volume({ containerPath: 'c', external: {} }), refused: '/container/volumes(0)' },
  'container.volumes.persistent.type': { seenIn: 'residency.test.ts: has the disk that its type asks for' },
  'container.volumes.persistent.size': { seenIn: 'residency.test.ts: has resources reserved for it' },
  'container.volumes.persistent.maxSize': { seenIn: 'residency.test.ts: has the disk that its type asks for' },
  'container.volumes.persistent.constraints': { seenIn: 'residency.test.ts: has the disk that its type asks for' },
  'container.volumes.persistent.profileName': {
    app: volume({ containerPath: 'c', persistent: { size: 1, profileName: 'p' } }),
    refused: '/container/volumes(0)/persistent/profileName',
  },
  'container.volumes.secret': {
    app: { ...volume({ containerPath: 'c', secret: 's' }), secrets },
    task: {
      container: {
        type: 'MESOS',
        volumes: [{ mode: 'RO', container_path: 'c', source: { type: 'SECRET', secret: reference } }],
      },
    },
  },
  'container.portMappings.containerPort': {
    app: mapped({ containerPort: 80 }),
    task: { container: { docker: { port_mappings: [{ container_port: 80 }] } } },
  },
  'container.portMappings.hostPort': {
    app: mapped({ containerPort: 80, hostPort: 31_005 }),
    task: { container: { docker: { port_mappings: [{ host_port: 31_005 }] } } },
  },
  'container.portMappings.servicePort': {
    app: mapped({ servicePort: 1234 }),
    shows: (app) => app.container?.portMappings?.[0]?.servicePort,
    is: 1234,
  },
  'container.portMappings.protocol': {
    app: mapped({ protocol: 'udp' }),
    task: { container: { docker: { port_mappings: [{ protocol: 'udp' }] } } },
  },
  'container.portMappings.name': { app: mapped({ name: 'web' }), task: discovered({ name: 'web' }) },
  'container.portMappings.labels.*': { app: mapped({ labels: { k: 'v' } }), task: discovered(label) },
  'container.portMappings.networkNames': {
    app: {
      networks: ['a', 'b'].map((name) => ({ name })),
      ...mesos({ portMappings: [{ containerPort: 80, hostPort: 0, networkNames: ['b'] }] }),
    },
    task: { container: { network_infos: [{ port_mappings: [] }, { port_mappings: [{ container_port: 80 }] }] } },
  },
  cpus: { app: { cpus: 2 }, shows: reason, is: 'InsufficientCpus' },
  dependencies: { app: { dependencies: ['/db'] }, shows: steps, is: [1, 1] },
  disk: { app: { disk: 101 }, shows: reason, is: 'InsufficientDisk' },
  'env.*': {
    app: { env: { K: 'v' } },
    task: { command: { environment: { variables: expect.arrayContaining([{ name: 'K', value: 'v' }]) } } },
  },
  'env.*.secret': { app: { env: { K: { secret: 's' } }, secrets }, task: secretVariable },
  executor: { app: { executor: '/opt/executor' }, refused: '/executor' },
  executorResources: { app: { executorResources: { cpus: 1 } }, refused: '/executorResources' },
  'fetch.uri': { app: { fetch: [{ uri: 'u' }] }, task: { command: { uris: [{ value: 'u' }] } } },
  'fetch.extract': {
    app: { fetch: [{ uri: 'u', extract: false }] },
    task: { command: { uris: [{ extract: false }] } },
  },
  'fetch.executable': {
    app: { fetch: [{ uri: 'u', executable: true }] },
    task: { command: { uris: [{ executable: true }] } },
  },
  'fetch.cache': { app: { fetch: [{ uri: 'u', cache: true }] }, task: { command: { uris: [{ cache: true }] } } },
  'fetch.destPath': {
    app: { fetch: [{ uri: 'u', destPath: 'd' }] },
    task: { command: { uris: [{ output_file: 'd' }] } },
  },
  'healthChecks.command.value': {
    app: check({ protocol: 'COMMAND', command: { value: 'ok' } }),
    task: { health_check: { command: { value: 'ok' } } },
  },
  'healthChecks.gracePeriodSeconds': {
    app: check({ gracePeriodSeconds: 7 }),
    task: { health_check: { grace_period_seconds: 7 } },
  },
  'healthChecks.ignoreHttp1xx': {
    app: check({ protocol: 'HTTP', ignoreHttp1xx: true }),
    refused: '/healthChecks(0)/ignoreHttp1xx',
  },
  'healthChecks.intervalSeconds': {
    app: check({ intervalSeconds: 7 }),
    task: { health_check: { interval_seconds: 7 } },
  },
  'healthChecks.maxConsecutiveFailures': {
    app: check({ maxConsecutiveFailures: 7 }),
    task: { health_check: { consecutive_failures: 7 } },
  },
  'healthChecks.path': { app: check({ path: '/p' }), task: { health_check: { http: { path: '/p' } } } },
  'healthChecks.port': { app: check({ port: 77 }), task: { health_check: { http: { port: 77 } } } },
  'healthChecks.portIndex': {
    app: { ...check({ portIndex: 1 }), portDefinitions: [{ port: 31_002 }, { port: 31_003 }], requirePorts: true },
    task: { health_check: { http: { port: 31_003 } } },
  },
  'healthChecks.protocol': { app: check({ protocol: 'MESOS_TCP' }), task: { health_check: { type: 'TCP' } } },
  'healthChecks.ipProtocol': {
    app: check({ ipProtocol: 'IPv6' }),
    task: { health_check: { http: { protocol: 'IPv6' } } },
  },
  'healthChecks.timeoutSeconds': { app: check({ timeoutSeconds: 7 }), task: { health_check: { timeout_seconds: 7 } } },
  'healthChecks.delaySeconds': { app: check({ delaySeconds: 7 }), task: { health_check: { delay_seconds: 7 } } },
  instances: { seenIn: 'deployments.test.ts: a new app is started, then scaled' },
  'labels.*': { app: { labels: { k: 'v' } }, task: label },
  maxLaunchDelaySeconds: { app: { backoffSeconds: 50, maxLaunchDelaySeconds: 9 }, shows: delays(1), is: 9000 },
  mem: { app: { mem: 101 }, shows: reason, is: 'InsufficientMemory' },
  gpus: { app: { gpus: 1 }, refused: '/' },
  'networks.mode': {
    app: { ...docker({}), networks: [{ mode: 'container/bridge' }] },
    task: { container: { docker: { network: 'BRIDGE' } } },
  },
  'networks.name': { app: { networks: [{ name: 'n' }] }, task: { container: { network_infos: [{ name: 'n' }] } } },
  'networks.labels.*': {
    app: { networks: [{ name: 'n', labels: { k: 'v' } }] },
    task: { container: { network_infos: [label] } },
  },
  'portDefinitions.port': {
    app: { portDefinitions: [{ port: 31_004 }], requirePorts: true },
    task: discovered({ number: 31_004 }),
  },
  'portDefinitions.protocol': {
    app: { portDefinitions: [{ protocol: 'udp' }] },
    task: discovered({ protocol: 'udp' }),
  },
  'portDefinitions.name': { app: { portDefinitions: [{ name: 'web' }] }, task: discovered({ name: 'web' }) },
  'portDefinitions.labels.*': { app: { portDefinitions: [{ labels: { k: 'v' } }] }, task: discovered(label) },
  'readinessChecks.name': readiness,
  'readinessChecks.protocol': readiness,
  'readinessChecks.path': readiness,
  'readinessChecks.portName': readiness,
  'readinessChecks.intervalSeconds': { seenIn: 'health/readiness.test.ts: readiness checks of unknown ports' },
  'readinessChecks.timeoutSeconds': { seenIn: 'health/readiness.test.ts: readiness checks of unknown ports' },
  'readinessChecks.httpStatusCodesForReady': readiness,
  'readinessChecks.preserveLastResponse': readiness,
  'resourceLimits.cpus': { app: { resourceLimits: { cpus: 'unlimited' } }, refused: '/resourceLimits' },
  'resourceLimits.mem': { app: { resourceLimits: { mem: 64 } }, refused: '/resourceLimits' },
  requirePorts: {
    app: { portDefinitions: [{ port: 80 }], requirePorts: true },
    shows: reason,
    is: 'InsufficientPorts',
  },
  'secrets.*.source': { app: { env: { K: { secret: 's' } }, secrets }, task: secretVariable },
  taskKillGracePeriodSeconds: {
    app: { taskKillGracePeriodSeconds: 7 },
    task: { kill_policy: { grace_period: { nanoseconds: 7e9 } } },
  },
  'upgradeStrategy.maximumOverCapacity': {
    app: { instances: 4, upgradeStrategy: { maximumOverCapacity: 0.5 } },
    shows: replacement,
    is: { kill: 0, launch: 2 },
  },
  'upgradeStrategy.minimumHealthCapacity': {
    app: { instances: 4, upgradeStrategy: { minimumHealthCapacity: 0.25 } },
    shows: replacement,
    is: { kill: 3, launch: 4 },
  },
  user: { app: { user: 'nobody' }, task: { command: { user: 'nobody' } } },
  version: { nothing: notGiven },
  'versionInfo.lastScalingAt': { nothing: notGiven },
  'versionInfo.lastConfigChangeAt': { nothing: notGiven },
  killSelection: {
    seenIn: 'deployments.test.ts: scaling down ends the youngest tasks, or with killSelection the oldest',
  },
  unreachableStrategy: { seenIn: 'failures.test.ts: with the strategy disabled a task out of reach is waited for' },
  'unreachableStrategy.inactiveAfterSeconds': { seenIn: 'failures.test.ts: a task out of reach is replaced' },
  'unreachableStrategy.expungeAfterSeconds': { seenIn: 'failures.test.ts: a task out of reach is replaced' },
  tty: { app: { tty: true }, task: { container: { type: 'MESOS', tty_info: {} } } },
  role: { app: { role: 'other' }, refused: '/role' },
  'ipAddress.discovery.ports.number': { app: portOf({ number: 81 }), task: discovered({ number: 81 }) },
  'ipAddress.discovery.ports.name': { app: portOf({ name: 'web' }), task: discovered({ name: 'web' }) },
  'ipAddress.discovery.ports.protocol': { app: portOf({ protocol: 'udp' }), task: discovered({ protocol: 'udp' }) },
  'ipAddress.discovery.ports.labels.*': { app: portOf({ labels: { k: 'v' } }), task: discovered(label) },
  'ipAddress.groups': { app: addressed({ groups: ['g'] }), refused: '/ipAddress/groups' },
  'ipAddress.labels.*': {
    app: addressed({ labels: { k: 'v' } }),
    task: { container: { network_infos: [label] } },
  },
  'ipAddress.networkName': { app: addressed({}), task: { container: { network_infos: [{ name: 'n' }] } } },
  ports: { app: { ports: [31_006], requirePorts: true }, task: discovered({ number: 31_006 }) },
  uris: { app: { uris: ['http://h/a.zip'] }, task: { command: { uris: [{ value: 'http://h/a.zip' }] } } },
  residency: { nothing: 'This property is deprecated and it has no effect.' },
};

const groupProofs: Readonly<Record<string, Proof>> = {
  id: group('an empty group exists'),
  apps: group('what a PUT of a group does not name stays'),
  groups: group('what a PUT of a group does not name stays'),
  dependencies: group('the apps of a group start after those of the groups that it depends on'),
  scaleBy: group('scaleBy multiplies the instances'),
  version: group('a group goes back to one of its versions'),
  enforceRole: group('PATCH of a group at the top takes enforceRole'),
};

/** All fields that hold no other fields; `*` for any key. */
function leavesOf(schema: Schema, path: string): readonly string[] {
  switch (schema.kind) {
    case 'object':
      return fieldsOf(schema.fields, `${path}.`);
    case 'array':
      return leavesOf(schema.items, path);
    case 'map':
      return leavesOf(schema.values, `${path}.*`);
    case 'union':
      return [...new Set(schema.of.flatMap((each) => leavesOf(each, path)))];
    default:
      return [path];
  }
}
const fieldsOf = (fields: Fields, prefix = ''): readonly string[] =>
  Object.entries(fields).flatMap(([name, { schema }]) => leavesOf(schema, `${prefix}${name}`));

test('of every field of an app and of a group is said what becomes of it', () => {
  // The older form of port mappings has the fields of the present one.
  const older = /^container\.docker\.portMappings\./;
  const fields = fieldsOf(appFields).filter((path) => !older.test(path));
  expect(Object.keys(appProofs).sort()).toEqual([...fields].sort());
  const { apps: _apps, ...ownFields } = groupFields;
  expect(Object.keys(groupProofs).sort()).toEqual([...fieldsOf(ownFields), 'apps'].sort());
});

function refusalOf(definition: Definition): readonly string[] {
  try {
    canonical(definition);
    return [];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { details } = error.body;
    return typeof details === 'object' ? details.map(({ path }) => path) : [];
  }
}

test.each(Object.entries({ ...appProofs, ...groupProofs }).filter(([, proof]) => 'app' in proof))(
  'the field %s is honoured or refused',
  (_path, proof) => {
    if (!('app' in proof)) return;
    const plain = canonical({});
    if ('refused' in proof) {
      expect(refusalOf(proof.app)).toContain(proof.refused);
    } else if ('task' in proof) {
      expect(taskOf(canonical(proof.app))).toMatchObject(proof.task as object);
      expect(taskOf(plain)).not.toMatchObject(proof.task as object);
    } else {
      expect(proof.shows(canonical(proof.app))).toEqual(proof.is);
      expect(proof.shows(plain)).not.toEqual(proof.is);
    }
  },
);

test.each([
  [mesos({ docker: { image: 'i', privileged: true } }), '/container/docker/privileged'],
  [mesos({ docker: { image: 'i', parameters: [{ key: 'k', value: 'v' }] } }), '/container/docker/parameters'],
  [check({ protocol: 'HTTP', ipProtocol: 'IPv6' }), '/healthChecks(0)/ipProtocol'],
  [mapped({ networkNames: ['n'] }), '/container/portMappings(0)/networkNames'],
  [
    { networks: [{ name: 'a' }, { name: 'b' }], ...mesos({ portMappings: [{ hostPort: 0 }] }) },
    '/container/portMappings(0)',
  ],
])('what is honoured elsewhere only is refused where it is not: %j', (definition, path) => {
  expect(refusalOf(definition)).toEqual([path]);
});

test('an image of Mesos is pulled again when that is asked for', () => {
  const app = canonical(mesos({ docker: { image: 'i', forcePullImage: true } }));
  expect(taskOf(app)).toMatchObject({ container: { mesos: { image: { cached: false } } } });
});

test('credentials that are a secret are refused in the words of Marathon where Docker would pull', () => {
  expect(unservedFields(docker({ pullConfig: { secret: 's' } }))).toEqual([
    { path: '/container/docker/pullConfig', error: 'pullConfig is not supported with Docker containerizer' },
  ]);
});

test('the command executor may be named', () => {
  expect(refusalOf({ executor: '//cmd' })).toEqual([]);
});

test('the tests that are named here exist', () => {
  for (const proof of [...Object.values(appProofs), ...Object.values(groupProofs)]) {
    if (!('seenIn' in proof)) continue;
    const [file = '', name = ''] = proof.seenIn.split(': ');
    expect(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')).toContain(`'${name}`);
  }
});
