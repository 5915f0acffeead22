import { expect, test } from 'vitest';
import { memoryStore } from '../../../../engine/framework/storage/record-store.ts';
import type { TaskInfo } from '../../../../protocol/mesos.ts';
import type { FakeMaster } from '../fake-master.ts';
import { pluck } from '../shapes/loose.ts';
import { sleeper, startTestMarathon, startWithFakeMaster, waitFor } from '../marathon-for-test.ts';
import { container, pod, statusOf } from './pod-for-test.ts';

const tasksOf = (master: FakeMaster, group: number): readonly TaskInfo[] =>
  master.launchedGroups()[group]?.task_group.tasks as TaskInfo[];

test('a container that fails ends the others, is remembered, and the next instance waits', async () => {
  const { client, master } = await startWithFakeMaster();
  await client.post('/v2/pods', pod({ scheduling: { backoff: { backoff: 3600, maxLaunchDelay: 3600 } } }));
  await client.settled();
  const [a, b] = tasksOf(master, 0) as [TaskInfo, TaskInfo];
  const events = await client.events();
  master.update(a, 'TASK_FAILED', { message: 'Command exited with status 5' });
  await waitFor(async () => {
    expect((await statusOf(client, '/pod')).instances).toMatchObject([{ status: 'TERMINAL' }]);
  });
  master.update(b, 'TASK_KILLED', { message: 'Command terminated with signal Terminated' });
  await waitFor(async () => {
    expect((await client.get('/v2/queue')).body.queue).toMatchObject([{ count: 1, delay: { overdue: false } }]);
  });
  const status = await statusOf(client, '/pod');
  expect(status).toMatchObject({ status: 'DEGRADED', instances: [] });
  expect(status.terminationHistory).toMatchObject([
    {
      instanceID: a.task_id.value.replace('.a.1', ''),
      message: 'Command exited with status 5',
      containers: [{ containerId: a.task_id.value, lastKnownState: 'TASK_FAILED' }],
    },
  ]);
  const changed = events.filter(({ eventType }) => eventType === 'instance_changed_event');
  expect(pluck(changed, 'condition')).toEqual(['Killing', 'Failed']);
});

test('a failure that Mesos tells again, as it does until it is acknowledged, counts once', async () => {
  const { client, master } = await startWithFakeMaster();
  const backoff = { backoff: 30, backoffFactor: 100, maxLaunchDelay: 3600 };
  await client.post('/v2/pods', pod({ scheduling: { backoff } }));
  await client.settled();
  const [a, b] = tasksOf(master, 0) as [TaskInfo, TaskInfo];
  master.update(a, 'TASK_FAILED', { message: 'first' });
  master.update(a, 'TASK_FAILED', { message: 'again' });
  master.update(b, 'TASK_KILLED');
  await waitFor(async () => {
    const [entry] = (await client.get('/v2/queue')).body.queue;
    expect(entry).toMatchObject({ count: 1, delay: { overdue: false } });
    expect(entry.delay.timeLeftSeconds).toBeLessThanOrEqual(backoff.backoff);
  });
  expect((await statusOf(client, '/pod')).terminationHistory).toMatchObject([{ message: 'first' }]);
});

test('an instance on an agent that its operator gave up is gone', async () => {
  const { client, master } = await startWithFakeMaster();
  await client.post('/v2/pods', pod({ scheduling: { backoff: { backoff: 3600, maxLaunchDelay: 3600 } } }));
  await client.settled();
  const events = await client.events('?event_type=instance_changed_event');
  for (const task of tasksOf(master, 0)) master.update(task, 'TASK_GONE_BY_OPERATOR');
  await waitFor(() => {
    expect(pluck(events, 'condition')).toEqual(['Killing', 'Gone']);
  });
});

test('a container may end well while the others go on; when all have, the instance has finished', async () => {
  const { client, master } = await startWithFakeMaster();
  await client.post('/v2/pods', pod({ scheduling: { backoff: { backoff: 3600, maxLaunchDelay: 3600 } } }));
  await client.settled();
  const [a, b] = tasksOf(master, 0) as [TaskInfo, TaskInfo];
  const events = await client.events();
  master.update(a, 'TASK_FINISHED');
  await waitFor(async () => {
    const [instance] = (await statusOf(client, '/pod')).instances;
    expect(instance.containers).toMatchObject([{ status: 'TASK_FINISHED' }, { status: 'TASK_RUNNING' }]);
    expect(instance).toMatchObject({ status: 'STABLE', resources: { cpus: 0.2, mem: 64 } });
  });
  master.update(b, 'TASK_FINISHED');
  await waitFor(async () => {
    expect((await client.get('/v2/queue')).body.queue).toMatchObject([{ count: 1, delay: { overdue: false } }]);
  });
  const changed = events.filter(({ eventType }) => eventType === 'instance_changed_event');
  expect(pluck(changed, 'condition')).toEqual(['Finished']);
});

test('a deployment waits for the health of all containers that are looked after', async () => {
  const { client, master } = await startWithFakeMaster();
  const endpoints = [{ name: 'web', hostPort: 0 }];
  const healthCheck = { http: { endpoint: 'web' } };
  await client.post('/v2/pods', pod({ containers: [container('a', { endpoints, healthCheck }), container('b')] }));
  await waitFor(async () => {
    expect((await statusOf(client, '/pod')).instances).toMatchObject([
      { status: 'DEGRADED', message: 'at least one container is not healthy' },
    ]);
  });
  expect((await client.get('/v2/deployments')).body).toHaveLength(1);
  const events = await client.events();
  const [a] = tasksOf(master, 0) as [TaskInfo];
  master.update(a, 'TASK_RUNNING', { healthy: true, reason: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED' });
  await client.settled();
  const { instances } = await statusOf(client, '/pod');
  expect(instances).toMatchObject([
    {
      status: 'STABLE',
      containers: [
        {
          conditions: [{ name: 'healthy', value: 'true', reason: 'health-reported-by-mesos' }],
          endpoints: [{ name: 'web', healthy: true }],
        },
        { conditions: [] },
      ],
    },
  ]);
  expect(events.filter(({ eventType }) => eventType === 'instance_health_changed_event')).toMatchObject([
    { instanceId: instances[0].id, runSpecId: '/pod', healthy: true },
  ]);
});

test('an instance that Mesos has given up for its health counts as failed', async () => {
  const { client, master } = await startWithFakeMaster();
  const healthCheck = { exec: { command: { shell: 'false' } } };
  await client.post('/v2/pods', pod({ containers: [container('a', { healthCheck })] }));
  await waitFor(() => {
    expect(master.launchedGroups()).toHaveLength(1);
  });
  const [a] = tasksOf(master, 0) as [TaskInfo];
  master.update(a, 'TASK_KILLED', { healthy: false, message: 'Command terminated with signal Terminated' });
  await waitFor(async () => {
    expect((await statusOf(client, '/pod')).terminationHistory).toMatchObject([
      { message: 'Task was killed since health check failed. Reason: Command terminated with signal Terminated' },
    ]);
  });
});

test('an instance out of reach is replaced as its strategy says, and comes back', async () => {
  const { client, master } = await startWithFakeMaster();
  const unreachableStrategy = { inactiveAfterSeconds: 3600, expungeAfterSeconds: 7200 };
  await client.post('/v2/pods', pod({ scheduling: { unreachableStrategy } }));
  await client.settled();
  const tasks = tasksOf(master, 0);
  for (const task of tasks) master.update(task, 'TASK_UNREACHABLE');
  await waitFor(async () => {
    expect(await statusOf(client, '/pod')).toMatchObject({
      status: 'DEGRADED',
      instances: [{ status: 'DEGRADED', message: 'pod instance has become unreachable' }],
    });
  });
  for (const task of tasks) master.update(task, 'TASK_RUNNING');
  await waitFor(async () => {
    expect(await statusOf(client, '/pod')).toMatchObject({ status: 'STABLE', instances: [{ status: 'STABLE' }] });
  });
  expect(master.launchedGroups()).toHaveLength(1);
});

test('the next Marathon has the pods, their versions and their instances, and asks for each of their tasks', async () => {
  const store = memoryStore();
  const { client, component, master, masters } = await startWithFakeMaster({}, {}, store);
  await client.post('/v2/pods', pod());
  await client.settled();
  await client.put('/v2/pods/pod', pod({ scaling: { kind: 'fixed', instances: 2 } }));
  await client.settled();
  const before = await statusOf(client, '/pod');
  await component.stop();
  // One of them dies while nobody leads.
  const [a] = tasksOf(master, 0) as [TaskInfo];
  for (const task of tasksOf(master, 0)) master.tasks.delete(task.task_id.value);
  const calls = master.calls.length;
  const next = await startTestMarathon({ masters }, store);
  await waitFor(async () => {
    const after = await statusOf(next.client, '/pod');
    expect(after).toMatchObject({ status: 'STABLE', spec: before.spec });
    expect(after.instances).toHaveLength(2);
    expect(pluck(after.instances, 'id')).not.toContain(a.task_id.value.replace('.a.1', ''));
  });
  const kept = pluck(before.instances, 'id').filter((id) => !a.task_id.value.startsWith(id));
  expect(pluck((await statusOf(next.client, '/pod')).instances, 'id')).toContain(kept[0]);
  const [reconcile] = master.calls.slice(calls).filter(({ type }) => type === 'RECONCILE');
  expect(pluck(reconcile.reconcile.tasks, 'task_id')).toHaveLength(4);
  expect((await next.client.get('/v2/pods/pod::versions')).body).toHaveLength(2);
});

test('tasks of a pod that nobody knows are killed', async () => {
  const { master } = await startWithFakeMaster();
  const unknown = { task_id: { value: 'gone.instance-1.a.1' }, agent_id: { value: 'S0' } } as TaskInfo;
  master.update(unknown, 'TASK_RUNNING');
  await waitFor(() => {
    const killed = master.callsOf('KILL').map(({ kill }) => kill.task_id.value as string);
    expect(new Set(killed)).toEqual(new Set(['gone.instance-1.a.1']));
  });
});

test('groups show their pods, leave them as they are, and take them with them', async () => {
  const { client, master } = await startWithFakeMaster();
  await client.post('/v2/pods', pod({ id: '/shop/pod' }));
  await client.put('/v2/groups', { id: '/', groups: [{ id: 'shop', apps: [sleeper({ id: 'app' })] }] });
  await client.settled();
  const shown = { apps: [{ id: '/shop/app' }], pods: [{ id: '/shop/pod', status: 'STABLE' }] };
  expect((await client.get('/v2/groups/shop')).body).toMatchObject(shown);
  expect((await client.get('/v2/groups/shop?embed=group.pods')).body).toMatchObject({ pods: shown.pods });
  expect((await client.get('/v2/groups/shop?embed=group.apps')).body).toMatchObject({ pods: [] });
  expect((await client.get('/v2/groups/shop/apps')).body).toMatchObject(shown.apps);
  await client.put('/v2/groups/shop', { apps: [] });
  await client.settled();
  await client.put('/v2/groups/shop', { scaleBy: 2 });
  await client.settled();
  expect((await client.get('/v2/groups/shop')).body).toMatchObject({
    ...{ apps: [], pods: [{ instances: [{ status: 'STABLE' }] }] },
  });
  expect(master.launchedGroups()).toHaveLength(1);
  const versions = (await client.get('/v2/groups/shop/versions')).body;
  await client.delete('/v2/groups/shop');
  await client.settled();
  expect(await client.get('/v2/pods/shop/pod')).toMatchObject({ status: 404 });
  expect(master.tasks.size).toBe(0);
  expect((await client.put('/v2/groups/shop', { version: versions[0] })).status).toBe(200);
  await client.settled();
  expect((await client.get('/v2/groups/shop')).body).toMatchObject({ pods: [{ id: '/shop/pod', status: 'STABLE' }] });
});

test('a pod goes where its constraints let it, and its oldest instance goes first if it says so', async () => {
  const agents = [{ id: 'S0' }, { id: 'S1' }, { id: 'S2' }].map((agent, index) => ({
    ...agent,
    attributes: [{ name: 'rack', type: 'TEXT' as const, text: { value: `r${index}` } }],
  }));
  const { client } = await startWithFakeMaster({ agents });
  const scheduling = {
    placement: { constraints: [{ fieldName: 'rack', operator: 'UNIQUE' }] },
    killSelection: 'Oldest_First',
  };
  await client.post('/v2/pods', pod({ scheduling }));
  await client.settled();
  const [oldest] = pluck((await statusOf(client, '/pod')).instances, 'id');
  await client.put('/v2/pods/pod', pod({ scheduling, scaling: { kind: 'fixed', instances: 3 } }));
  await client.settled();
  const three = (await statusOf(client, '/pod')).instances;
  expect(new Set(pluck(three, 'agentId')).size).toBe(3);
  await client.put('/v2/pods/pod', pod({ scheduling, scaling: { kind: 'fixed', instances: 2 } }));
  await client.settled();
  expect(pluck((await statusOf(client, '/pod')).instances, 'id')).not.toContain(oldest);
});
