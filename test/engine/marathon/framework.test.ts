import { expect, onTestFinished, test } from 'vitest';
import { memoryStore } from '../../../engine/framework/storage/record-store.ts';
import { FakeMaster } from './fake-master.ts';
import { listOf, pluck, type Loose } from './shapes/loose.ts';
import { mastersAt, sleeper, startTestMarathon, startWithFakeMaster, waitFor } from './marathon-for-test.ts';

const variablesOf = (task: Loose) =>
  Object.fromEntries(
    listOf(task.command.environment.variables).map((each) => [each['name'] as string, each['value'] as string]),
  );

const resourceOf = (task: Loose, name: string): Loose => listOf(task.resources).find((each) => each['name'] === name);

test('it registers as the framework marathon, which its tasks survive', async () => {
  const { master, url } = await startWithFakeMaster();
  const [{ subscribe, framework_id }] = master.callsOf('SUBSCRIBE');
  expect(framework_id).toBeUndefined();
  expect(subscribe.framework_info).toMatchObject({
    name: 'marathon',
    user: 'root',
    checkpoint: true,
    failover_timeout: 604_800,
    webui_url: url,
    roles: ['*'],
  });
});

test('it follows the redirect of a standby master to the leader', async () => {
  const leader = await new FakeMaster().start();
  const standby = await new FakeMaster({ redirectTo: leader.url.replace('http:', '') }).start();
  onTestFinished(() => Promise.all([leader.close(), standby.close()]).then(() => undefined));
  const { client } = await startTestMarathon({ masters: mastersAt(standby.url) });
  await client.post('/v2/apps', sleeper());
  await client.settled();
  expect(leader.launched()).toHaveLength(1);
});

test('a command becomes a task with the environment that Marathon gives', async () => {
  const { master, client } = await startWithFakeMaster();
  await client.post('/v2/apps', sleeper({ id: '/group/sleeper', labels: { 'my-label': 'x' }, env: { OWN: 'y' } }));
  await client.settled();
  const [task] = master.launched() as Loose[];
  expect(task).toMatchObject({
    name: 'sleeper.group',
    agent_id: { value: 'S0' },
    command: { shell: true, value: 'sleep 100' },
    discovery: { visibility: 'FRAMEWORK', name: 'sleeper.group' },
    labels: { labels: [{ key: 'my-label', value: 'x' }] },
  });
  expect(task.task_id.value).toMatch(/^group_sleeper\.instance-[0-9a-f-]{36}\._app\.1$/);
  const cpus = resourceOf(task, 'cpus');
  expect(cpus).toEqual({
    name: 'cpus',
    type: 'SCALAR',
    scalar: { value: 0.1 },
    role: '*',
    allocation_info: { role: '*' },
  });
  const port = resourceOf(task, 'ports').ranges.range[0].begin as number;
  expect(variablesOf(task)).toEqual({
    MESOS_TASK_ID: task.task_id.value,
    MARATHON_APP_ID: '/group/sleeper',
    MARATHON_APP_VERSION: (await client.app('/group/sleeper')).version,
    MARATHON_APP_RESOURCE_CPUS: '0.1',
    MARATHON_APP_RESOURCE_MEM: '16.0',
    MARATHON_APP_RESOURCE_DISK: '0.0',
    MARATHON_APP_RESOURCE_GPUS: '0',
    MARATHON_APP_LABELS: 'MY_LABEL',
    MARATHON_APP_LABEL_MY_LABEL: 'x',
    HOST: '127.0.0.1',
    PORT: String(port),
    PORT0: String(port),
    PORT_10000: String(port),
    PORT_DEFAULT: String(port),
    PORTS: String(port),
    OWN: 'y',
  });
});

test('a Docker container becomes a task with port mappings; its own health check is passed on to Mesos', async () => {
  const { master, client } = await startWithFakeMaster();
  await client.post('/v2/apps', {
    id: 'web',
    cpus: 0.2,
    mem: 20,
    container: {
      type: 'DOCKER',
      docker: { image: 'nginx:1.10', network: 'BRIDGE', portMappings: [{ containerPort: 80, hostPort: 0 }] },
    },
    healthChecks: [{ protocol: 'COMMAND', command: { value: 'true' }, intervalSeconds: 7 }],
    taskKillGracePeriodSeconds: 3,
  });
  await waitFor(() => {
    expect(master.launched()).toHaveLength(1);
  });
  const [task] = master.launched() as Loose[];
  const hostPort = resourceOf(task, 'ports').ranges.range[0].begin as number;
  expect(task.container).toEqual({
    type: 'DOCKER',
    docker: {
      image: 'nginx:1.10',
      network: 'BRIDGE',
      port_mappings: [{ container_port: 80, host_port: hostPort, protocol: 'tcp' }],
      privileged: false,
      parameters: [],
      force_pull_image: false,
    },
  });
  expect(task.command.shell).toBe(false);
  expect(task.command.value).toBeUndefined();
  expect(variablesOf(task)).toMatchObject({ PORT_80: String(hostPort), MARATHON_APP_DOCKER_IMAGE: 'nginx:1.10' });
  expect(task.kill_policy).toEqual({ grace_period: { nanoseconds: 3_000_000_000 } });
  expect(task.health_check).toMatchObject({ type: 'COMMAND', command: { value: 'true' }, interval_seconds: 7 });
});

test('every update with a uuid is acknowledged, on the stream of the subscription', async () => {
  const { master, client } = await startWithFakeMaster();
  await client.post('/v2/apps', sleeper());
  await client.settled();
  await waitFor(() => {
    expect(master.callsOf('ACKNOWLEDGE')).toHaveLength(2);
  });
  const [first] = master.callsOf('ACKNOWLEDGE');
  expect(first.framework_id).toEqual({ value: 'F1' });
  expect(first.acknowledge.uuid).toMatch(/^[A-Za-z0-9+/]{22}==$/);
  expect(master.headers.slice(1).every((headers) => headers['mesos-stream-id'] !== undefined)).toBe(true);
});

test('offers that nobody needs are declined, and no more are asked for until something needs them', async () => {
  const { master, client } = await startWithFakeMaster();
  await waitFor(() => {
    expect(master.callsOf('DECLINE')).toHaveLength(1);
    expect(master.callsOf('SUPPRESS')).toHaveLength(1);
  });
  expect(master.callsOf('DECLINE')[0].decline.filters).toEqual({ refuse_seconds: 5 });
  expect(master.callsOf('REVIVE')).toHaveLength(0);
  await client.post('/v2/apps', sleeper());
  await client.settled();
  expect(master.callsOf('REVIVE').length).toBeGreaterThan(0);
});

test('after the master broke the session it comes back with its id and asks for the state of its tasks', async () => {
  const { master, client } = await startWithFakeMaster();
  await client.post('/v2/apps', sleeper({ instances: 2 }));
  await client.settled();
  const lost = master.launched()[0]?.task_id.value ?? '';
  master.breakStream();
  master.tasks.delete(lost);
  await waitFor(() => {
    expect(master.callsOf('SUBSCRIBE')).toHaveLength(2);
    expect(master.callsOf('RECONCILE').some((call) => call.reconcile.tasks.length === 2)).toBe(true);
    expect(master.launched()).toHaveLength(3);
  });
  const again = master.callsOf('SUBSCRIBE')[1];
  expect(again.framework_id).toEqual({ value: 'F1' });
  expect(again.subscribe.framework_info.id).toEqual({ value: 'F1' });
  await waitFor(async () => {
    const { tasks } = await client.app('/sleeper');
    expect(pluck(tasks, 'id')).not.toContain(lost);
    expect(pluck(tasks, 'state')).toEqual(['TASK_RUNNING', 'TASK_RUNNING']);
  });
});

test('a framework that the master has removed registers anew, and its apps are started again', async () => {
  const { master, client } = await startWithFakeMaster();
  await client.post('/v2/apps', sleeper());
  await client.settled();
  master.tasks.clear();
  master.refusal = 'Framework has been removed';
  master.breakStream();
  await waitFor(() => {
    expect(master.callsOf('SUBSCRIBE').length).toBeGreaterThan(1);
  });
  master.refusal = undefined;
  await waitFor(() => {
    expect(master.frameworkCount).toBe(2);
    expect(master.launched()).toHaveLength(2);
  });
});

test('apps, the framework and its tasks survive a restart of Marathon', async () => {
  const store = memoryStore();
  const { master, client, component, masters } = await startWithFakeMaster({}, {}, store);
  await client.post('/v2/apps', sleeper({ instances: 2 }));
  await client.settled();
  const before = await client.app('/sleeper');
  await component.stop();
  const { client: next } = await startTestMarathon({ masters }, store);
  await waitFor(() => {
    expect(master.callsOf('SUBSCRIBE')).toHaveLength(2);
  });
  expect(master.callsOf('SUBSCRIBE')[1].framework_id).toEqual({ value: 'F1' });
  const after = await next.app('/sleeper');
  expect(after.version).toBe(before.version);
  expect(after.tasks).toEqual(before.tasks);
  expect(master.launched()).toHaveLength(2);
});

test('a task that it does not know is killed', async () => {
  const { master, client } = await startWithFakeMaster();
  await client.post('/v2/apps', sleeper());
  await client.settled();
  const [task] = master.launched();
  if (task === undefined) throw new Error('nothing was launched');
  master.run({ ...task, task_id: { value: 'stranger.instance-1._app.1' } });
  await waitFor(() => {
    const killed = new Set(master.callsOf('KILL').map((call) => call.kill.task_id.value as string));
    expect([...killed]).toEqual(['stranger.instance-1._app.1']);
  });
});

test('a KILL that shows no effect is repeated', async () => {
  const { master, client } = await startWithFakeMaster();
  await client.post('/v2/apps', sleeper());
  await client.settled();
  master.answersKills = false;
  await client.delete('/v2/apps/sleeper');
  await waitFor(() => {
    expect(master.callsOf('KILL').length).toBeGreaterThan(1);
  });
  master.answersKills = true;
  await client.settled();
});

test('instances spread over the agents that are offered together', async () => {
  const agents = [{ id: 'S0' }, { id: 'S1' }, { id: 'S2' }];
  const { master, client } = await startWithFakeMaster({ agents });
  await client.post('/v2/apps', sleeper({ instances: 3 }));
  await client.settled();
  expect(new Set(master.launched().map((task) => task.agent_id.value)).size).toBe(3);
});
