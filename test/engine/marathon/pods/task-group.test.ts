import { expect, test } from 'vitest';
import { buildTaskGroup, newPodTasks } from '../../../../engine/marathon/pods/build-task-group.ts';
import { parsePod, versionedPod } from '../../../../engine/marathon/pods/pod-changes.ts';
import { AttributeTally } from '../../../../engine/marathon/scheduling/attribute-tally.ts';
import { matchOffer } from '../../../../engine/marathon/scheduling/match-offer.ts';
import { poolOf } from '../../../../engine/marathon/scheduling/offer-pool.ts';
import type { Offer, TaskInfo } from '../../../../protocol/mesos.ts';
import { container, pod } from './pod-for-test.ts';

const version = '2026-01-01T00:00:00.000Z';
const allocated = { role: '*', allocation_info: { role: '*' } };
const scalar = (name: string, value: number) => ({ name, type: 'SCALAR' as const, scalar: { value }, ...allocated });
const ports = (...numbers: readonly number[]) => ({
  ...{ name: 'ports', type: 'RANGES' as const, ranges: { range: numbers.map((each) => ({ begin: each, end: each })) } },
  ...allocated,
});
const offer: Offer = {
  ...{ id: { value: 'O' }, framework_id: { value: 'F' }, agent_id: { value: 'S' }, hostname: 'agent1' },
  allocation_info: { role: '*' },
  resources: [scalar('cpus', 1), scalar('mem', 200), scalar('disk', 100), ports(31_000, 31_001, 31_002)],
};

/** As an instance of the pod is launched with the first ports of the offer. */
function groupOf(more: object) {
  const spec = versionedPod(undefined, parsePod(pod(more), undefined, { features: ['secrets'] }), version);
  const match = matchOffer(spec, poolOf(offer), new AttributeTally([]), () => 0);
  if (match.kind === 'reject') throw new Error(match.reason);
  const ids = { instanceId: 'pod.instance-1', executorId: 'instance-pod.1' };
  const tasks = newPodTasks(spec, { ...ids, hostPorts: match.hostPorts, now: 0 });
  return { ...buildTaskGroup(spec, { ...ids, ...match, offer }), tasks };
}

const firstTask = (more: object, ofPod: object = {}): TaskInfo => {
  const [task] = groupOf({ containers: [container('a', more)], ...ofPod }).task_group.tasks;
  if (task === undefined) throw new Error('no task');
  return task;
};

const environmentOf = ({ command }: TaskInfo) =>
  Object.fromEntries((command?.environment?.variables ?? []).map(({ name, value }) => [name, value]));

test('the containers and the executor share what was found in the offer; each has the ports of its endpoints', () => {
  const { executor, task_group: group } = groupOf({
    labels: { tier: 'web' },
    executorResources: { cpus: 0.2, mem: 64, disk: 20 },
    containers: [
      container('a', { endpoints: [{ name: 'web', hostPort: 0 }], resources: { cpus: 0.1, mem: 32, disk: 5 } }),
      container('b', { endpoints: [{ name: 'admin', hostPort: 31_002 }] }),
    ],
  });
  expect(executor).toEqual({
    type: 'DEFAULT',
    executor_id: { value: 'instance-pod.1' },
    framework_id: { value: 'F' },
    resources: [scalar('cpus', 0.2), scalar('mem', 64), scalar('disk', 20)],
    labels: { labels: [{ key: 'tier', value: 'web' }] },
  });
  expect(group.tasks).toMatchObject([
    {
      name: 'a',
      task_id: { value: 'pod.instance-1.a.1' },
      agent_id: { value: 'S' },
      resources: [scalar('cpus', 0.1), scalar('mem', 32), scalar('disk', 5), ports(31_000)],
    },
    {
      name: 'b',
      task_id: { value: 'pod.instance-1.b.1' },
      resources: [scalar('cpus', 0.1), scalar('mem', 32), ports(31_002)],
    },
  ]);
});

test('decimal fractions of many containers are no more than their sum', () => {
  const containers = Array.from({ length: 9 }, (_, index) =>
    container(`c${index}`, { resources: { cpus: 0.1, mem: 1 } }),
  );
  // 0.1 ten times is 1, which is all that the offer has.
  expect(groupOf({ containers }).task_group.tasks).toHaveLength(9);
});

test('each container knows itself, its pod and the endpoints of all', () => {
  const { task_group: group } = groupOf({
    environment: { BOTH: 'pod', POD: 'x' },
    labels: { 'pod.tier': 'web' },
    containers: [
      container('a', {
        environment: { BOTH: 'container', HOST: 'mine' },
        endpoints: [{ name: 'web-ui', hostPort: 0 }],
        labels: { own: 'y' },
      }),
      container('b'),
    ],
  });
  const [a, b] = group.tasks as [TaskInfo, TaskInfo];
  expect(environmentOf(a)).toEqual({
    BOTH: 'container',
    POD: 'x',
    // Marathon's own win.
    HOST: 'agent1',
    MESOS_TASK_ID: 'pod.instance-1.a.1',
    MESOS_EXECUTOR_ID: 'instance-pod.1',
    MARATHON_APP_ID: '/pod',
    MARATHON_APP_VERSION: version,
    MARATHON_APP_ENFORCE_GROUP_ROLE: 'FALSE',
    MARATHON_CONTAINER_ID: 'a',
    MARATHON_CONTAINER_RESOURCE_CPUS: '0.1',
    MARATHON_CONTAINER_RESOURCE_MEM: '32.0',
    MARATHON_CONTAINER_RESOURCE_DISK: '0.0',
    MARATHON_CONTAINER_RESOURCE_GPUS: '0',
    MARATHON_APP_LABELS: 'POD_TIER OWN',
    MARATHON_APP_LABEL_POD_TIER: 'web',
    MARATHON_APP_LABEL_OWN: 'y',
    ENDPOINT_WEB_UI: '31000',
    EP_HOST_WEB_UI: '31000',
  });
  expect(environmentOf(b)).toMatchObject({ BOTH: 'pod', MARATHON_CONTAINER_ID: 'b', EP_HOST_WEB_UI: '31000' });
});

test('a command is a line for the shell, or a program with its arguments', () => {
  expect(firstTask({}).command).toMatchObject({ shell: true, value: 'sleep 1000' });
  const exec = { command: { argv: ['sleep', '5'] } };
  expect(firstTask({ exec }).command).toMatchObject({ shell: false, value: 'sleep', arguments: ['sleep', '5'] });
});

test('an image may have a program of its own, which arguments are for', () => {
  const nginx = { kind: 'DOCKER', id: 'nginx:1', forcePull: true };
  const plain = firstTask({ image: nginx, exec: undefined });
  expect(plain.container).toEqual({
    ...{ type: 'MESOS', mesos: { image: { type: 'DOCKER', docker: { name: 'nginx:1' }, cached: false } } },
  });
  expect(plain.command).toMatchObject({ shell: false });
  expect(plain.command).not.toHaveProperty('value');
  const command = { argv: ['-g', 'daemon off;'] };
  const own = firstTask({ image: nginx, exec: { command } }).command;
  expect(own).toMatchObject({ shell: false, arguments: command.argv });
  expect(own).not.toHaveProperty('value');
  const other = firstTask({ image: nginx, exec: { command, overrideEntrypoint: true } }).command;
  expect(other).toMatchObject({ shell: false, value: '-g', arguments: command.argv });
});

test('the user of a container comes before that of the pod', () => {
  expect(firstTask({}).command).not.toHaveProperty('user');
  expect(firstTask({}, { user: 'both' }).command).toMatchObject({ user: 'both' });
  expect(firstTask({ user: 'own' }, { user: 'both' }).command).toMatchObject({ user: 'own' });
});

test('artifacts are fetched', () => {
  const artifacts = [{ uri: 'http://h/a.tgz', extract: false, destPath: 'b' }, { uri: 'http://h/c' }];
  expect(firstTask({ artifacts }).command?.uris).toEqual([
    { value: 'http://h/a.tgz', extract: false, executable: false, cache: false, output_file: 'b' },
    { value: 'http://h/c', extract: true, executable: false, cache: false },
  ]);
});

test('a volume is a folder of the executor, mounted where the container wants it', () => {
  const volumeMounts = [
    { name: 'v', mountPath: 'data' },
    { name: 'v', mountPath: 'same' },
  ];
  const source = { type: 'SANDBOX_PATH', sandbox_path: { type: 'PARENT', path: 'volumes/v' } };
  expect(firstTask({ volumeMounts }, { volumes: [{ name: 'v' }] }).container).toEqual({
    type: 'MESOS',
    volumes: [
      { mode: 'RW', container_path: 'data', source },
      { mode: 'RW', container_path: 'same', source },
    ],
  });
  expect(firstTask({})).not.toHaveProperty('container');
});

test('health checks are for Mesos, at the port that the endpoint has got', () => {
  const endpoints = [
    { name: 'admin', hostPort: 0 },
    { name: 'web', hostPort: 0 },
  ];
  const common = { delay_seconds: 15, interval_seconds: 60, timeout_seconds: 20, consecutive_failures: 3 };
  const check = (healthCheck: object) => firstTask({ endpoints, healthCheck }).health_check;
  expect(check({ http: { endpoint: 'web', path: '/ping', scheme: 'https' } })).toEqual({
    ...{ type: 'HTTP', http: { scheme: 'https', port: 31_001, path: '/ping' } },
    ...{ ...common, grace_period_seconds: 300 },
  });
  expect(check({ tcp: { endpoint: 'admin' }, gracePeriodSeconds: 1 })).toEqual({
    ...{ type: 'TCP', tcp: { port: 31_000 } },
    ...{ ...common, grace_period_seconds: 1 },
  });
  expect(check({ exec: { command: { shell: 'true' } } })).toMatchObject({
    ...{ type: 'COMMAND', command: { shell: true, value: 'true' } },
  });
});

test('an endpoint is told to others once for each of its protocols', () => {
  const endpoints = [
    { name: 'web', hostPort: 0, protocol: ['tcp', 'udp'], labels: { VIP: '/web' } },
    { name: 'own', hostPort: 0 },
  ];
  const labels = { labels: [{ key: 'VIP', value: '/web' }] };
  expect(firstTask({ endpoints }).discovery).toEqual({
    visibility: 'FRAMEWORK',
    name: 'pod',
    ports: {
      ports: ['tcp', 'udp'].map((protocol) => ({ number: 31_000, name: 'web', protocol, labels })),
    },
  });
});

test('a container gets its time to end, and its labels', () => {
  const task = firstTask({ lifecycle: { killGracePeriodSeconds: 1.5 }, labels: { own: 'x' } });
  expect(task.kill_policy).toEqual({ grace_period: { nanoseconds: 1_500_000_000 } });
  expect(task.labels).toEqual({ labels: [{ key: 'own', value: 'x' }] });
});

test('each container has the ports of its own endpoints', () => {
  const { tasks } = groupOf({
    containers: [
      container('a', { endpoints: [{ name: 'x', hostPort: 31_002 }, { name: 'y' }] }),
      container('b'),
      container('c', { endpoints: [{ name: 'z', hostPort: 0 }] }),
    ],
  });
  expect(tasks.map(({ taskId, hostPorts }) => ({ taskId, hostPorts }))).toEqual([
    { taskId: 'pod.instance-1.a.1', hostPorts: [31_002, 31_000] },
    { taskId: 'pod.instance-1.b.1', hostPorts: [] },
    { taskId: 'pod.instance-1.c.1', hostPorts: [31_001] },
  ]);
});

test('secrets are variables and files of its containers', () => {
  const task = firstTask(
    {
      environment: { PW: { secret: 's' }, HOST: { secret: 's' } },
      volumeMounts: [{ name: 'v', mountPath: 'path/to/password' }],
    },
    {
      environment: { OF_POD: { secret: 's' }, PW: 'x' },
      secrets: { s: { source: '/db' } },
      volumes: [{ name: 'v', secret: 's' }],
    },
  );
  const secret = { type: 'REFERENCE', reference: { name: '/db' } };
  expect(task.command?.environment?.variables.filter(({ type }) => type !== undefined)).toEqual([
    { name: 'OF_POD', type: 'SECRET', secret },
    { name: 'PW', type: 'SECRET', secret },
  ]);
  expect(environmentOf(task)).toMatchObject({ HOST: 'agent1' });
  expect(task.container?.volumes).toEqual([
    { mode: 'RO', container_path: 'path/to/password', source: { type: 'SECRET', secret } },
  ]);
});

test('a container has a terminal if it wants one', () => {
  expect(firstTask({ tty: true }).container).toEqual({ type: 'MESOS', tty_info: {} });
  expect(firstTask({ tty: false }).container).toBeUndefined();
});
