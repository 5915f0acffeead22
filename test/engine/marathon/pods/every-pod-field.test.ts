import { expect, test } from 'vitest';
import { ApiError } from '../../../../engine/marathon/marathon-error.ts';
import { parsePod } from '../../../../engine/marathon/pods/pod-changes.ts';
import { podFields } from '../../../../protocol/app-schema/pod-fields.ts';
import type { Fields, Schema } from '../../../../protocol/app-schema/schema.ts';
import type { Json } from '../../../../protocol/mesos.ts';
import { container, pod } from './pod-for-test.ts';

/*
 * Every field that a definition of a pod may have (pod.raml and what it uses) is honoured, or refused: none is taken and
 * then ignored. Whoever adds a field to the schema has to say here which it is.
 */

/** Shown by a test of this folder: its name, or a part of it. */
const withSecrets = 'secrets are variables and files of its containers';
const keepsData = 'a pod keeps its data';
const withDisks = 'a pod has the disks that its volumes ask for';

const honoured: Readonly<Record<string, string>> = {
  id: 'a pod is created, shown with its defaults',
  version: 'who puts the same pod again',
  labels: 'each container knows itself',
  user: 'the user of a container comes before that of the pod',
  environment: 'each container knows itself',
  'environment/*': 'each container knows itself',
  containers: 'a pod is created, shown with its defaults',
  'containers/name': 'the containers and the executor share',
  'containers/exec': 'a command is a line for the shell',
  'containers/exec/command': 'a command is a line for the shell',
  'containers/exec/command/shell': 'a command is a line for the shell',
  'containers/exec/command/argv': 'a command is a line for the shell',
  'containers/resources': 'the containers and the executor share',
  'containers/resources/cpus': 'the containers and the executor share',
  'containers/resources/mem': 'the containers and the executor share',
  'containers/resources/disk': 'the containers and the executor share',
  'containers/endpoints': 'an endpoint is told to others',
  'containers/endpoints/name': 'an endpoint is told to others',
  'containers/endpoints/hostPort': 'the containers and the executor share',
  'containers/endpoints/protocol': 'an endpoint is told to others',
  'containers/endpoints/labels': 'an endpoint is told to others',
  'containers/environment': 'each container knows itself',
  'containers/environment/*': 'each container knows itself',
  'containers/user': 'the user of a container comes before that of the pod',
  'containers/healthCheck': 'health checks are for Mesos',
  'containers/healthCheck/http': 'health checks are for Mesos',
  'containers/healthCheck/http/endpoint': 'health checks are for Mesos',
  'containers/healthCheck/http/path': 'health checks are for Mesos',
  'containers/healthCheck/http/scheme': 'health checks are for Mesos',
  'containers/healthCheck/tcp': 'health checks are for Mesos',
  'containers/healthCheck/tcp/endpoint': 'health checks are for Mesos',
  'containers/healthCheck/exec': 'health checks are for Mesos',
  'containers/healthCheck/exec/command': 'health checks are for Mesos',
  'containers/healthCheck/exec/command/shell': 'health checks are for Mesos',
  'containers/healthCheck/exec/command/argv': 'a command is a line for the shell',
  'containers/healthCheck/gracePeriodSeconds': 'health checks are for Mesos',
  'containers/healthCheck/intervalSeconds': 'health checks are for Mesos',
  'containers/healthCheck/maxConsecutiveFailures': 'health checks are for Mesos',
  'containers/healthCheck/timeoutSeconds': 'health checks are for Mesos',
  'containers/healthCheck/delaySeconds': 'health checks are for Mesos',
  'containers/volumeMounts': 'a volume is a folder of the executor',
  'containers/volumeMounts/name': 'a volume is a folder of the executor',
  'containers/volumeMounts/mountPath': 'a volume is a folder of the executor',
  'containers/artifacts': 'artifacts are fetched',
  'containers/artifacts/uri': 'artifacts are fetched',
  'containers/artifacts/extract': 'artifacts are fetched',
  'containers/artifacts/executable': 'artifacts are fetched',
  'containers/artifacts/cache': 'artifacts are fetched',
  'containers/artifacts/destPath': 'artifacts are fetched',
  'containers/image': 'an image may have a program',
  'containers/image/kind': 'an image may have a program',
  'containers/image/id': 'an image may have a program',
  'containers/image/forcePull': 'an image may have a program',
  'containers/labels': 'a container gets its time to end, and its labels',
  'containers/lifecycle': 'a container gets its time to end',
  'containers/tty': 'a container has a terminal',
  'containers/lifecycle/killGracePeriodSeconds': 'a container gets its time to end',
  volumes: 'a volume is a folder of the executor',
  'volumes/name': 'a volume is a folder of the executor',
  'volumes/persistent': keepsData,
  'volumes/persistent/size': keepsData,
  'volumes/persistent/type': withDisks,
  'volumes/persistent/maxSize': withDisks,
  'volumes/persistent/constraints': withDisks,
  networks: 'a pod is created, shown with its defaults',
  'networks/mode': 'a pod is created, shown with its defaults',
  scaling: 'a pod is scaled without new instances',
  'scaling/kind': 'a pod is scaled without new instances',
  'scaling/instances': 'a pod is scaled without new instances',
  scheduling: 'a pod goes where its constraints let it',
  'scheduling/backoff': 'a container that fails ends the others',
  'scheduling/backoff/backoff': 'a container that fails ends the others',
  'scheduling/backoff/backoffFactor': 'what says when and how instances are launched is where an app has it',
  'scheduling/backoff/maxLaunchDelay': 'a container that fails ends the others',
  'scheduling/upgrade': 'what says when and how instances are launched is where an app has it',
  'scheduling/upgrade/minimumHealthCapacity': 'what says when and how instances are launched is where an app has it',
  'scheduling/upgrade/maximumOverCapacity': 'what says when and how instances are launched is where an app has it',
  'scheduling/placement': 'a pod goes where its constraints let it',
  'scheduling/placement/constraints': 'a pod goes where its constraints let it',
  'scheduling/placement/constraints/fieldName': 'a pod goes where its constraints let it',
  'scheduling/placement/constraints/operator': 'a pod goes where its constraints let it',
  'scheduling/placement/constraints/value': 'what says when and how instances are launched is where an app has it',
  'scheduling/killSelection': 'a pod goes where its constraints let it, and its oldest',
  'scheduling/unreachableStrategy': 'an instance out of reach is replaced',
  'scheduling/unreachableStrategy/inactiveAfterSeconds': 'an instance out of reach is replaced',
  'scheduling/unreachableStrategy/expungeAfterSeconds': 'an instance out of reach is replaced',
  secrets: withSecrets,
  'secrets/*/source': withSecrets,
  'environment/*/secret': withSecrets,
  'containers/environment/*/secret': withSecrets,
  'volumes/secret': withSecrets,
  executorResources: 'the containers and the executor share',
  'executorResources/cpus': 'the containers and the executor share',
  'executorResources/mem': 'the containers and the executor share',
  'executorResources/disk': 'the containers and the executor share',
};

const notServed = 'is not supported by the Marathon of the embedded cluster';
const one = (more: object) => ({ containers: [container('a', more)] });
const endpoint = (more: object) => one({ endpoints: [{ name: 'web', ...more }] });
const image = (more: object) => one({ image: { kind: 'DOCKER', id: 'nginx', ...more } });
const mounted = one({ volumeMounts: [{ name: 'v', mountPath: 'v' }] });

/** A pod that has the field, and what the refusal says. */
const refused: Readonly<Record<string, readonly [object, string]>> = {
  'volumes/host': [{ ...mounted, volumes: [{ name: 'v', host: '/etc' }] }, 'volumes of this kind are not supported'],
  'volumes/persistent/profileName': [
    { ...mounted, volumes: [{ name: 'v', persistent: { size: 10, profileName: 'fast' } }] },
    'is not supported by the Marathon of the embedded cluster',
  ],
  'networks/name': [{ networks: [{ mode: 'host', name: 'x' }] }, 'Host networks may not have names or labels'],
  'networks/labels': [
    { networks: [{ mode: 'host', labels: { a: 'b' } }] },
    'Host networks may not have names or labels',
  ],
  'containers/endpoints/containerPort': [
    endpoint({ containerPort: 80 }),
    'is not allowed when using host-mode networking',
  ],
  'containers/endpoints/networkNames': [endpoint({ networkNames: ['x'] }), 'there is no such network'],
  'containers/exec/overrideEntrypoint': [
    one({ exec: { command: { shell: 'true' }, overrideEntrypoint: false } }),
    'must not be false when a shell command is set',
  ],
  'containers/resources/gpus': [one({ resources: { gpus: 1 } }), 'Feature gpu_resources is not enabled'],
  'containers/resourceLimits': [one({ resourceLimits: { cpus: 'unlimited' } }), notServed],
  'containers/linuxInfo': [one({ linuxInfo: { seccomp: { unconfined: true } } }), notServed],
  'containers/image/pullConfig': [image({ pullConfig: { secret: 's' } }), notServed],
  'containers/image/pullConfig/secret': [image({ pullConfig: { secret: 's' } }), notServed],
  'containers/image/labels': [image({ labels: { os: 'linux' } }), notServed],
  'containers/volumeMounts/readOnly': [
    { ...one({ volumeMounts: [{ name: 'v', mountPath: 'v', readOnly: true }] }), volumes: [{ name: 'v' }] },
    'none of them can be read-only',
  ],
  'containers/check': [one({ check: { tcp: { endpoint: 'web' } } }), notServed],
  'scheduling/placement/acceptedResourceRoles': [
    { scheduling: { placement: { acceptedResourceRoles: ['public'] } } },
    'is not one of (*)',
  ],
  role: [{ role: 'dev' }, 'got dev, expected one of: [*]'],
  linuxInfo: [{ linuxInfo: { ipcInfo: { mode: 'PRIVATE' } } }, notServed],
  legacySharedCgroups: [{ legacySharedCgroups: true }, notServed],
};

function* pathsOf(schema: Schema, path: string): Generator<string> {
  if (schema.kind === 'object') yield* pathsIn(schema.fields, path);
  if (schema.kind === 'array') yield* pathsOf(schema.items, path);
  if (schema.kind === 'union') for (const each of schema.of) yield* pathsOf(each, path);
  if (schema.kind === 'map' && schema.values.kind !== 'string') {
    if (schema.values.kind === 'union') yield `${path}/*`;
    yield* pathsOf(schema.values, `${path}/*`);
  }
}

function* pathsIn(fields: Fields, prefix = ''): Generator<string> {
  for (const [name, { schema }] of Object.entries(fields)) {
    const path = prefix === '' ? name : `${prefix}/${name}`;
    yield path;
    yield* pathsOf(schema, path);
  }
}

test('each field of a pod is honoured, or refused', () => {
  const said = [...Object.keys(honoured), ...Object.keys(refused)].sort();
  expect(said).toEqual([...new Set(pathsIn(podFields))].sort());
});

test.each(Object.entries(refused))('%s is refused', (_path, [more, error]) => {
  expect(() => parsePod(pod(more) as Json)).toThrow(ApiError);
  try {
    parsePod(pod(more));
  } catch (refusal) {
    expect(JSON.stringify((refusal as ApiError).body.details)).toContain(error);
  }
});

test('what says when and how instances are launched is where an app has it', () => {
  const spec = parsePod(
    pod({
      scaling: { kind: 'fixed', instances: 7 },
      scheduling: {
        backoff: { backoff: 2.5, backoffFactor: 3, maxLaunchDelay: 40 },
        upgrade: { minimumHealthCapacity: 0.5, maximumOverCapacity: 0.25 },
        placement: { constraints: [{ fieldName: 'rack', operator: 'max_per', value: '2' }] },
        killSelection: 'Oldest_First',
        unreachableStrategy: 'disabled',
      },
    }),
  );
  expect(spec).toMatchObject({
    instances: 7,
    backoffSeconds: 2.5,
    backoffFactor: 3,
    maxLaunchDelaySeconds: 40,
    upgradeStrategy: { minimumHealthCapacity: 0.5, maximumOverCapacity: 0.25 },
    constraints: [['rack', 'MAX_PER', '2']],
    killSelection: 'OLDEST_FIRST',
    unreachableStrategy: 'disabled',
  });
});

const web = { endpoints: [{ name: 'web', hostPort: 0 }] };
const check = (more: object) => one({ ...web, healthCheck: more });

test.each<[string, object, string, string]>([
  ['names of containers', { containers: [container('a'), container('a')] }, '/containers', 'must be unique'],
  ['names of volumes', { ...mounted, volumes: [{ name: 'v' }, { name: 'v' }] }, '/volumes', 'must be unique'],
  ['a volume for nobody', { volumes: [{ name: 'v' }] }, '/volumes(0)', 'referenced by at least one container'],
  ['a mount of nothing', mounted, '/containers(0)/volumeMounts(0)/name', 'should exist'],
  [
    ...(['names of endpoints', { containers: [container('a', web), container('b', web)] }] as const),
    ...(['/', 'endpoint names must be unique across all containers'] as const),
  ],
  [
    'host ports',
    one({ endpoints: ['x', 'y'].map((name) => ({ name, hostPort: 31_000 })) }),
    ...(['/', 'host ports must be unique across all containers'] as const),
  ],
  ['nothing to run', one({ exec: undefined }), '/containers(0)/exec', 'not defined'],
  [
    'two commands',
    one({ exec: { command: { shell: 'a', argv: ['b'] } } }),
    '/containers(0)/exec/command',
    'exactly one',
  ],
  [
    'two checks',
    check({ tcp: { endpoint: 'web' }, exec: { command: { shell: 'a' } } }),
    '/containers(0)/healthCheck',
    'Only one',
  ],
  [
    'a check elsewhere',
    check({ http: { endpoint: 'x' } }),
    '/containers(0)/healthCheck/http/endpoint',
    'must be contained',
  ],
  [
    'a check that takes too long',
    check({ tcp: { endpoint: 'web' }, timeoutSeconds: 9, intervalSeconds: 9 }),
    ...(['/containers(0)/healthCheck/timeoutSeconds', 'expected less than 9'] as const),
  ],
  ['a variable', { environment: { '1': 'x' } }, '/environment/1', 'must fully match regular expression'],
  [
    'a protocol twice',
    endpoint({ protocol: ['tcp', 'tcp'] }),
    '/containers(0)/endpoints(0)/protocol',
    'Duplicate protocols',
  ],
  ['an id', { id: '/Not/Valid' }, '/id', 'must fully match regular expression'],
  [
    'a constraint',
    { scheduling: { placement: { constraints: [{ fieldName: 'x', operator: 'LIKE' }] } } },
    ...(['/scheduling/placement/constraints(0)', 'A regular expression value must be provided'] as const),
  ],
  [
    'an impatient strategy',
    { scheduling: { unreachableStrategy: { inactiveAfterSeconds: 2, expungeAfterSeconds: 1 } } },
    ...(['/scheduling/unreachableStrategy', 'must be less than or equal'] as const),
  ],
  [
    'a mount outside of the sandbox',
    { ...one({ volumeMounts: [{ name: 'v', mountPath: '/etc' }] }), volumes: [{ name: 'v' }] },
    ...(['/containers(0)/volumeMounts(0)/mountPath', 'must be a path below the sandbox'] as const),
  ],
  [
    'a network for containers',
    { networks: [{ name: 'dcos' }] },
    '/networks(0)/mode',
    'have no container networks for pods',
  ],
])('%s that cannot be', (_name, more, path, error) => {
  try {
    parsePod(pod(more));
    expect.unreachable();
  } catch (refusal) {
    if (!(refusal instanceof ApiError)) throw refusal;
    expect(refusal.status).toBe(422);
    expect(refusal.body.details).toContainEqual({ path, errors: [expect.stringContaining(error) as string] });
  }
});

test('what has the wrong type is not JSON as it should be', () => {
  for (const [more, path] of [
    [{ containers: [] as Json[] }, undefined],
    [{ containers: {} }, '/containers'],
    [{ containers: [{ name: 'a' }] }, '/containers(0)/resources'],
    [{ scaling: { kind: 'elastic' } }, '/scaling/kind'],
    [{ scheduling: { killSelection: 'NONE' } }, '/scheduling/killSelection'],
  ] as const) {
    try {
      parsePod(pod(more));
      expect.unreachable();
    } catch (refusal) {
      if (!(refusal instanceof ApiError)) throw refusal;
      expect(refusal.status).toBe(path === undefined ? 422 : 400);
      if (path !== undefined) expect(refusal.body.details).toMatchObject([{ path }]);
    }
  }
});

test('what is refused may be as deep as it likes', () => {
  const depth = 100_000;
  const deep = JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`) as Json;
  expect(() => parsePod(pod({ linuxInfo: deep, containers: [container('a', { check: deep })] }))).toThrow(ApiError);
});
