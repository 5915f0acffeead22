import { expect, test } from 'vitest';
import type { TaskInfo } from '../../../protocol/mesos.ts';
import type { FakeMaster } from './fake-master.ts';
import { listOf, pluck } from './shapes/loose.ts';
import { sleeper, startWithFakeMaster, startWithHeldTasks, waitFor } from './marathon-for-test.ts';

const killedIds = (master: FakeMaster) => master.callsOf('KILL').map((call) => call.kill.task_id.value as string);
const idsOf = (tasks: readonly TaskInfo[]) => tasks.map((task) => task.task_id.value);

test('a new app is started, then scaled; the deployment is listed until it is done', async () => {
  const held: TaskInfo[] = [];
  const { master, client } = await startWithFakeMaster({ onLaunch: (task) => held.push(task) });
  const { body, headers } = await client.post('/v2/apps', sleeper({ instances: 2 }));
  const id = headers.get('marathon-deployment-id');
  expect(body.deployments).toEqual([{ id }]);
  await waitFor(() => {
    expect(held).toHaveLength(2);
  });
  expect((await client.get('/v2/deployments')).body).toMatchObject([
    {
      id,
      affectedApps: ['/sleeper'],
      steps: [
        { actions: [{ action: 'StartApplication', app: '/sleeper' }] },
        { actions: [{ action: 'ScaleApplication', app: '/sleeper' }] },
      ],
      currentStep: 2,
      totalSteps: 2,
    },
  ]);
  for (const task of held) master.run(task);
  await client.settled();
  expect(await client.app('/sleeper')).toMatchObject({ tasksRunning: 2, tasksStaged: 0, deployments: [] });
});

test('a second change is refused with the deployments that are in the way; force cancels those', async () => {
  const { client } = await startWithFakeMaster({ onLaunch: () => undefined });
  await client.post('/v2/apps', sleeper());
  const [{ id }] = (await client.get('/v2/deployments')).body;
  const refused = await client.put('/v2/apps/sleeper', { instances: 3 });
  expect(refused).toMatchObject({ status: 409, body: { deployments: [{ id }] } });
  expect(refused.body.message).toMatch(
    /^App is locked by one or more deployments\. Override with the option '\?force=true'/,
  );
  expect((await client.app('/sleeper')).instances).toBe(1);
  const forced = await client.put('/v2/apps/sleeper?force=true', { instances: 3 });
  expect(forced.status).toBe(200);
  const running = (await client.get('/v2/deployments')).body;
  expect(pluck(running, 'id')).toEqual([forced.body.deploymentId]);
  // As Python and Java write it.
  expect((await client.put('/v2/apps/sleeper?force=False', { instances: 4 })).status).toBe(409);
  expect((await client.put('/v2/apps/sleeper?force=True', { instances: 4 })).status).toBe(200);
});

test('scaling down ends the youngest tasks, or with killSelection the oldest, and restarts nothing', async () => {
  const { master, client } = await startWithFakeMaster();
  await client.post('/v2/apps', sleeper());
  await client.settled();
  await client.put('/v2/apps/sleeper', { instances: 2 });
  await client.settled();
  const [oldest, youngest] = idsOf(master.launched());
  await client.put('/v2/apps/sleeper', { instances: 1 });
  await client.settled();
  expect(killedIds(master)).toEqual([youngest]);
  const { version, versionInfo } = await client.app('/sleeper');
  expect(versionInfo.lastScalingAt).toBe(version);
  expect(versionInfo.lastConfigChangeAt < version).toBe(true);
  expect(pluck((await client.app('/sleeper')).tasks, 'id')).toEqual([oldest]);
  await client.post('/v2/apps', sleeper({ id: '/other', killSelection: 'OLDEST_FIRST' }));
  await client.settled();
  await client.put('/v2/apps/other', { instances: 2 });
  await client.settled();
  const [, , firstOther] = idsOf(master.launched());
  await client.put('/v2/apps/other', { instances: 1 });
  await client.settled();
  expect(killedIds(master)).toEqual([youngest, firstOther]);
});

test('scaling down ends first what does not run yet', async () => {
  const { master, client, tasks } = await startWithHeldTasks();
  await client.post('/v2/apps', sleeper({ killSelection: 'OLDEST_FIRST' }));
  await client.settled();
  tasks.run = false;
  await client.put('/v2/apps/sleeper', { instances: 2 });
  await waitFor(() => {
    expect(master.launched()).toHaveLength(2);
  });
  const [, waiting = ''] = idsOf(master.launched());
  master.tasks.set(waiting, { info: master.launched()[1] as TaskInfo, state: 'TASK_STAGING' });
  await client.put('/v2/apps/sleeper?force=true', { instances: 1 });
  await client.settled();
  expect(killedIds(master)).toEqual([waiting]);
});

test.each<Record<string, unknown>>([
  { killSelection: 'OLDEST_FIRST' },
  { upgradeStrategy: { minimumHealthCapacity: 0.5, maximumOverCapacity: 0.5 } },
  { unreachableStrategy: { inactiveAfterSeconds: 1, expungeAfterSeconds: 2 } },
  { backoffSeconds: 7 },
  { maxLaunchDelaySeconds: 70 },
  { dependencies: ['/db'] },
])('%j replaces the tasks, as every change but that of the number of instances', async (change) => {
  const { master, client } = await startWithFakeMaster();
  await client.post('/v2/apps', sleeper());
  await client.post('/v2/apps', sleeper({ id: '/db' }));
  await client.settled();
  const old = (await client.app('/sleeper')).tasks[0].id;
  await client.put('/v2/apps/sleeper', change);
  await client.settled();
  expect(killedIds(master)).toEqual([old]);
});

test('an app that is changed and scaled to nothing is only scaled', async () => {
  const { master, client } = await startWithFakeMaster();
  await client.post('/v2/apps', sleeper({ instances: 2 }));
  await client.settled();
  const events = await client.events('?event_type=deployment_info');
  await client.put('/v2/apps/sleeper', { instances: 0, cmd: 'sleep 7' });
  await client.settled();
  expect(killedIds(master).sort()).toEqual(idsOf(master.launched()).sort());
  expect(events.map((each): unknown => each.currentStep.actions)).toEqual([
    [{ action: 'ScaleApplication', app: '/sleeper' }],
  ]);
});

test('a forced scaling in the middle of an upgrade is a scaling: what it leaves of the old version stays', async () => {
  const { master, client, tasks } = await startWithHeldTasks();
  await client.post('/v2/apps', sleeper({ instances: 2 }));
  await client.settled();
  tasks.run = false;
  await client.put('/v2/apps/sleeper', { cmd: 'sleep 200' });
  await waitFor(() => {
    expect(tasks.held).toHaveLength(2);
  });
  master.run(tasks.held[0] as TaskInfo);
  await waitFor(() => {
    expect(killedIds(master)).toHaveLength(1);
  });
  tasks.run = true;
  master.run(tasks.held[1] as TaskInfo);
  await client.settled();
  tasks.run = false;
  const { body: upgrade } = await client.put('/v2/apps/sleeper', { cmd: 'sleep 300' });
  await waitFor(() => {
    expect(tasks.held).toHaveLength(4);
  });
  master.run(tasks.held[2] as TaskInfo);
  await waitFor(() => {
    expect(killedIds(master)).toHaveLength(3);
  });
  master.tasks.set(idsOf(tasks.held)[3] ?? '', { info: tasks.held[3] as TaskInfo, state: 'TASK_STAGING' });
  const { body: scaling } = await client.put('/v2/apps/sleeper?force=true', { instances: 3 });
  master.run(tasks.held[3] as TaskInfo);
  await client.settled();
  const app = await client.app('/sleeper');
  const configs = pluck(app.tasks, 'version').map((version) => (version === upgrade.version ? 'new' : 'old'));
  expect(configs.sort()).toEqual(['new', 'new', 'old']);
  expect(app).toMatchObject({ instances: 3, tasksRunning: 3, cmd: 'sleep 300', version: scaling.version });
  tasks.run = true;
  await client.post('/v2/apps/sleeper/restart');
  await client.settled();
  const versions = new Set(pluck((await client.app('/sleeper')).tasks, 'version'));
  expect([...versions]).toEqual([(await client.app('/sleeper')).version]);
});

test('a changed app is replaced without ever falling below its minimum', async () => {
  const { master, client, tasks } = await startWithHeldTasks();
  await client.post('/v2/apps', sleeper({ instances: 2 }));
  await client.settled();
  const old = idsOf(master.launched());
  tasks.run = false;
  await client.put('/v2/apps/sleeper', { cmd: 'sleep 200' });
  await waitFor(() => {
    expect(tasks.held).toHaveLength(2);
  });
  expect(killedIds(master)).toEqual([]);
  master.run(tasks.held[0] as TaskInfo);
  await waitFor(() => {
    expect(killedIds(master)).toHaveLength(1);
  });
  expect(await client.app('/sleeper')).toMatchObject({ tasksRunning: 2 });
  master.run(tasks.held[1] as TaskInfo);
  await client.settled();
  expect(killedIds(master).sort()).toEqual(old.sort());
});

test('an app that may not go over its capacity is stopped before it is started', async () => {
  const { master, client } = await startWithFakeMaster();
  const upgradeStrategy = { minimumHealthCapacity: 0, maximumOverCapacity: 0 };
  await client.post('/v2/apps', sleeper({ instances: 2, upgradeStrategy }));
  await client.settled();
  await client.post('/v2/apps/sleeper/restart');
  await client.settled();
  const order = master.calls.flatMap((call) => {
    if (call.type === 'KILL') return ['kill'];
    if (call.type !== 'ACCEPT') return [];
    return listOf(call.accept.operations[0].launch.task_infos).map(() => 'launch');
  });
  expect(order.filter((each) => each === 'launch')).toHaveLength(4);
  expect(order.slice(2, 4)).toEqual(['kill', 'kill']);
});

test('a deployment that is cancelled is rolled back', async () => {
  const { master, client, tasks } = await startWithHeldTasks();
  await client.post('/v2/apps', sleeper());
  await client.settled();
  const [old] = idsOf(master.launched());
  tasks.run = false;
  const { body } = await client.put('/v2/apps/sleeper', { cmd: 'broken' });
  await waitFor(() => {
    expect(master.launched()).toHaveLength(2);
  });
  const [, broken] = idsOf(master.launched());
  master.tasks.set(broken ?? '', { info: master.launched()[1] as TaskInfo, state: 'TASK_STAGING' });
  tasks.run = true;
  const rollback = await client.delete(`/v2/deployments/${body.deploymentId}`);
  expect(rollback).toMatchObject({ status: 200, body: { deploymentId: expect.any(String) } });
  await client.settled();
  // A rollback is a change: its tasks have a version of their own (GroupVersioningUtil.scala of Marathon).
  expect(killedIds(master).sort()).toEqual([old, broken].sort());
  const app = await client.app('/sleeper');
  expect(app).toMatchObject({ cmd: 'sleep 100', version: rollback.body.version, tasksRunning: 1 });
  expect(pluck(app.tasks, 'version')).toEqual([rollback.body.version]);
});

test('a deployment that is cancelled with force just ends', async () => {
  const { client } = await startWithFakeMaster({ onLaunch: () => undefined });
  const { headers } = await client.post('/v2/apps', sleeper());
  const id = headers.get('marathon-deployment-id') ?? '';
  expect(await client.delete(`/v2/deployments/${id}?force=true`)).toMatchObject({ status: 202, text: '' });
  expect((await client.get('/v2/deployments')).body).toEqual([]);
  expect((await client.app('/sleeper')).instances).toBe(1);
});

test('apps start after those that they depend on; a circle is refused', async () => {
  const { master, client } = await startWithFakeMaster();
  await client.put('/v2/apps', [sleeper({ id: '/web', dependencies: ['/db'] }), sleeper({ id: '/db' })]);
  await client.settled();
  expect(master.launched().map(({ name }) => name)).toEqual(['db', 'web']);
  const circle = await client.put('/v2/apps/db', { dependencies: ['/web'] });
  expect(circle).toMatchObject({
    status: 422,
    body: { details: [{ path: '/', errors: ['Dependency graph has cyclic dependencies.'] }] },
  });
});

test('a deleted app is gone at once, and its deployment when its tasks have ended', async () => {
  const { master, client } = await startWithFakeMaster();
  await client.post('/v2/apps', sleeper({ instances: 2 }));
  await client.settled();
  master.answersKills = false;
  const { status, body } = await client.delete('/v2/apps/sleeper');
  expect(status).toBe(200);
  expect((await client.get('/v2/apps/sleeper')).status).toBe(404);
  const [deployment] = (await client.get('/v2/deployments')).body;
  expect(deployment).toMatchObject({ id: body.deploymentId, currentActions: [{ action: 'StopApplication' }] });
  master.answersKills = true;
  await client.settled();
  expect((await client.get('/v2/tasks')).body.tasks).toEqual([]);
});

test('tasks can be killed: they come back, unless the app is scaled with them', async () => {
  const { master, client } = await startWithFakeMaster();
  await client.post('/v2/apps', sleeper({ instances: 3 }));
  await client.settled();
  const [first = '', second = ''] = idsOf(master.launched());
  const { body } = await client.delete(`/v2/apps/sleeper/tasks/${first}`);
  expect(body.task.id).toBe(first);
  await waitFor(() => {
    expect(master.launched()).toHaveLength(4);
  });
  const scaled = await client.post('/v2/tasks/delete?scale=true', { ids: [second] });
  expect(scaled.body).toMatchObject({ deploymentId: expect.any(String) });
  await client.settled();
  expect((await client.app('/sleeper')).instances).toBe(2);
  const all = await client.delete('/v2/apps/sleeper/tasks?host=127.0.0.1');
  expect(all.body.tasks).toHaveLength(2);
  await waitFor(() => {
    expect(master.launched()).toHaveLength(6);
  });
  expect((await client.delete('/v2/apps/sleeper/tasks/sleeper.nothing')).status).toBe(404);
  expect((await client.delete('/v2/apps/sleeper/tasks?scale=true&wipe=true')).status).toBe(400);
  expect((await client.post('/v2/tasks/delete', { ids: 'x' })).status).toBe(400);
});

test('tasks can be had as text for scripts', async () => {
  const { master, client } = await startWithFakeMaster();
  await client.post('/v2/apps', sleeper({ id: '/group/web', instances: 2 }));
  await client.settled();
  const hostPorts = pluck<number[]>((await client.get('/v2/tasks')).body.tasks, 'ports').flat();
  expect(master.launched()).toHaveLength(2);
  const { text } = await client.get('/v2/tasks', { Accept: 'text/plain' });
  expect(text).toBe(`group_web\t10000\t${hostPorts.map((port) => `127.0.0.1:${port}\t`).join('')}\n`);
});

test('text for scripts has ports of container networks when they are asked for', async () => {
  const { client } = await startWithFakeMaster({
    onLaunch: (task, master) => {
      const network_infos = [{ ip_addresses: [{ protocol: 'IPv4', ip_address: '10.1.0.7' }] }];
      master.update(task, 'TASK_RUNNING', { container_status: { network_infos } });
    },
  });
  const mapping = (containerPort: number, more: object = {}) => ({
    containerPort,
    servicePort: containerPort,
    ...more,
  });
  await client.post('/v2/apps', {
    ...sleeper({ id: '/web', networks: [{ mode: 'container', name: 'dev' }] }),
    container: {
      type: 'DOCKER',
      docker: { image: 'nginx' },
      portMappings: [mapping(8080), mapping(8081, { hostPort: 0 }), mapping(8082, { networkNames: ['dev'] })],
    },
  });
  await client.settled();
  const [{ ports }] = (await client.get('/v2/tasks')).body.tasks;
  const linesOf = async (query: string) =>
    (await client.get(`/v2/tasks${query}`, { Accept: 'text/plain' })).text.split('\n').slice(0, 3);
  const reachable = `web\t8081\t127.0.0.1:${String(ports[0])}\t`;
  expect(await linesOf('')).toEqual(['web\t8080\t', reachable, 'web\t8082\t']);
  const all = ['web\t8080\t10.1.0.7:8080\t', reachable, 'web\t8082\t10.1.0.7:8082\t'];
  expect(await linesOf('?containerNetworks=*')).toEqual(all);
  expect(await linesOf('?containerNetworks=other,dev')).toEqual(all);
  expect(await linesOf('?containerNetworks=other')).toEqual(await linesOf(''));
  const ofApp = await client.get('/v2/apps/web/tasks?containerNetworks=dev', { Accept: 'text/plain' });
  expect(ofApp.text).toBe(`${all.join('\n')}\n`);
});
