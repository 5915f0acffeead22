import { expect, test } from 'vitest';
import { pluck } from '../shapes/loose.ts';
import { sleeper, startWithFakeMaster, waitFor } from '../marathon-for-test.ts';
import { container, pod, statusOf } from './pod-for-test.ts';

test('a pod is created, shown with its defaults, and deleted with its instances', async () => {
  const { client, master } = await startWithFakeMaster();
  const created = await client.post('/v2/pods', pod({ labels: {}, secrets: {} }));
  expect(created.status).toBe(201);
  expect(created.headers.get('location')).toBe(`${client.url}/v2/pods/pod`);
  expect(created.headers.get('marathon-deployment-id')).toMatch(/^[\da-f-]{36}$/);
  const shown = await client.get('/v2/pods/pod');
  expect(shown.body).toEqual(created.body);
  expect(shown.body).toEqual({
    id: '/pod',
    version: shown.body.version,
    containers: ['a', 'b'].map((name) => ({
      ...container(name),
      resources: { cpus: 0.1, mem: 32, disk: 0, gpus: 0 },
    })),
    networks: [{ mode: 'host' }],
    scaling: { kind: 'fixed', instances: 1 },
    scheduling: {
      backoff: { backoff: 1, backoffFactor: 1.15, maxLaunchDelay: 300 },
      upgrade: { minimumHealthCapacity: 1, maximumOverCapacity: 1 },
      killSelection: 'YOUNGEST_FIRST',
      unreachableStrategy: { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
    },
    executorResources: { cpus: 0.1, mem: 32, disk: 10 },
    role: '*',
  });
  await client.settled();
  expect((await client.get('/v2/pods')).body).toEqual([shown.body]);
  const deleted = await client.delete('/v2/pods/pod');
  expect(deleted.status).toBe(202);
  expect(deleted.headers.get('marathon-deployment-id')).toMatch(/^[\da-f-]{36}$/);
  await client.settled();
  expect(master.tasks.size).toBe(0);
  expect((await client.get('/v2/pods')).body).toEqual([]);
  for (const path of ['', '::status', '::versions', `::versions/${shown.body.version as string}`]) {
    expect(await client.get(`/v2/pods/pod${path}`)).toMatchObject({
      status: 404,
      body: { message: expect.stringContaining("Pod '/pod' does not exist") as string },
    });
  }
  expect(await client.delete('/v2/pods/pod')).toMatchObject({ status: 404 });
});

test('HEAD of /v2/pods says that there are pods here', async () => {
  const { client } = await startWithFakeMaster();
  const { status } = await fetch(`${client.url}/v2/pods`, { method: 'HEAD' });
  expect(status).toBe(200);
});

test('the status tells of each instance, its containers and their endpoints', async () => {
  const { client, master } = await startWithFakeMaster();
  const endpoints = [
    { name: 'web', hostPort: 0, protocol: ['tcp'] },
    { name: 'admin', hostPort: 31_500 },
  ];
  await client.post('/v2/pods', pod({ containers: [container('a', { endpoints }), container('b')] }));
  await client.settled();
  const [web] = pluck<number>(master.launchedGroups()[0]?.task_group.tasks[0].discovery.ports.ports, 'number');
  expect(web).toBeGreaterThanOrEqual(31_000);
  const status = await statusOf(client, '/pod');
  expect(status).toMatchObject({ id: '/pod', status: 'STABLE', spec: { id: '/pod' }, terminationHistory: [] });
  const [instance] = status.instances;
  expect(instance).toMatchObject({
    id: expect.stringMatching(/^pod\.instance-[\da-f-]{36}$/) as string,
    agentHostname: '127.0.0.1',
    agentId: 'S0',
    resources: { cpus: 0.3, mem: 96, disk: 10, gpus: 0 },
    specReference: `/v2/pods/pod::versions/${status.spec.version as string}`,
    role: '*',
    containers: [
      {
        name: 'a',
        status: 'TASK_RUNNING',
        containerId: `${instance.id as string}.a.1`,
        endpoints: [
          { name: 'web', allocatedHostPort: web },
          { name: 'admin', allocatedHostPort: 31_500 },
        ],
        resources: { cpus: 0.1, mem: 32, disk: 0, gpus: 0 },
        conditions: [],
      },
      { name: 'b', status: 'TASK_RUNNING', endpoints: [] },
    ],
  });
  expect((await client.get('/v2/pods/::status')).body).toMatchObject([{ id: '/pod' }]);
});

test('a pod that no offer has room for is in the queue, and degraded', async () => {
  const { client } = await startWithFakeMaster();
  // Two of them would fit, but for what their executors take.
  await client.post(
    '/v2/pods',
    pod({ containers: [container('a', { resources: { cpus: 4 } }), container('b', { resources: { cpus: 4 } })] }),
  );
  await waitFor(async () => {
    const { body } = await client.get('/v2/queue');
    expect(body.queue).toMatchObject([{ count: 1, pod: { id: '/pod' } }]);
    expect(body.queue[0].processedOffersSummary.rejectSummaryLastOffers).toContainEqual({
      ...{ reason: 'InsufficientCpus', declined: 1, processed: 1 },
    });
  });
  expect(await statusOf(client, '/pod')).toMatchObject({ status: 'DEGRADED', instances: [] });
});

test('a pod is scaled without new instances for the old ones, and replaced when anything else changes', async () => {
  const { client, master } = await startWithFakeMaster();
  await client.post('/v2/pods', pod());
  await client.settled();
  const [first] = pluck((await statusOf(client, '/pod')).instances, 'id');
  const scaled = await client.put('/v2/pods/pod', pod({ scaling: { kind: 'fixed', instances: 3 } }));
  expect(scaled).toMatchObject({ status: 200, body: { scaling: { instances: 3 } } });
  await client.settled();
  const three = pluck((await statusOf(client, '/pod')).instances, 'id');
  expect(three).toHaveLength(3);
  expect(three).toContain(first);
  await client.put('/v2/pods/pod', pod({ environment: { MORE: 'x' }, scaling: { kind: 'fixed', instances: 3 } }));
  await client.settled();
  const replaced = await statusOf(client, '/pod');
  expect(replaced.instances).toHaveLength(3);
  for (const id of pluck(replaced.instances, 'id')) expect(three).not.toContain(id);
  expect(master.tasks.size).toBe(6);
  const versions = (await client.get('/v2/pods/pod::versions')).body;
  expect(versions).toHaveLength(3);
  const oldest = await client.get(`/v2/pods/pod::versions/${versions[2] as string}`);
  expect(oldest).toMatchObject({ status: 200, body: { version: versions[2], scaling: { instances: 1 } } });
  await client.put('/v2/pods/pod', pod({ environment: { MORE: 'x' }, scaling: { kind: 'fixed', instances: 1 } }));
  await client.settled();
  expect((await statusOf(client, '/pod')).instances).toHaveLength(1);
  expect(master.tasks.size).toBe(2);
});

test('who puts the same pod again has its instances replaced', async () => {
  const { client } = await startWithFakeMaster();
  await client.put('/v2/pods/pod', pod());
  await client.settled();
  const [first] = pluck((await statusOf(client, '/pod')).instances, 'id');
  await client.put('/v2/pods/pod', (await client.get('/v2/pods/pod')).body);
  await client.settled();
  const [second] = pluck((await statusOf(client, '/pod')).instances, 'id');
  expect(second).not.toBe(first);
});

test('instances are killed by their ids, and replaced', async () => {
  const { client } = await startWithFakeMaster();
  await client.post('/v2/pods', pod({ scaling: { kind: 'fixed', instances: 3 } }));
  await client.settled();
  const [a, b, c] = pluck((await statusOf(client, '/pod')).instances, 'id');
  const one = await client.delete(`/v2/pods/pod::instances/${a}`);
  expect(one).toMatchObject({
    status: 200,
    body: {
      instanceId: a,
      state: { condition: 'Running', goal: 'Running' },
      agentInfo: { host: '127.0.0.1', agentId: 'S0' },
      runSpecVersion: expect.any(String) as string,
      unreachableStrategy: { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
    },
  });
  const more = await client.request('DELETE', '/v2/pods/pod::instances', [b, 'pod.instance-none']);
  expect(more).toMatchObject({ status: 200, body: [{ instanceId: b }] });
  await waitFor(async () => {
    const { instances, status } = await statusOf(client, '/pod');
    expect(status).toBe('STABLE');
    expect(instances).toHaveLength(3);
    expect(pluck(instances, 'id')).toContain(c);
    expect(pluck(instances, 'id')).not.toContain(a);
    expect(pluck(instances, 'id')).not.toContain(b);
  });
  expect(await client.delete('/v2/pods/pod::instances/pod.instance-none')).toMatchObject({ status: 404 });
  expect(await client.delete('/v2/pods/pod::instances/nonsense')).toMatchObject({ status: 422 });
  expect(await client.request('DELETE', '/v2/pods/pod::instances', { ids: [] })).toMatchObject({ status: 400 });
});

test('an app and a pod cannot have one id, and apps are not pods', async () => {
  const { client } = await startWithFakeMaster();
  await client.post('/v2/pods', pod());
  await client.post('/v2/apps', sleeper());
  const shared = 'Applications and Pods may not share the same id: ';
  for (const answer of [
    await client.post('/v2/apps', sleeper({ id: '/pod' })),
    await client.put('/v2/apps/pod', sleeper({ id: '/pod' })),
    await client.put('/v2/apps', [sleeper({ id: '/pod' })]),
    await client.put('/v2/groups', { apps: [sleeper({ id: '/pod' })] }),
  ]) {
    expect(answer).toMatchObject({ status: 422, body: { details: [{ errors: [`${shared}/pod`] }] } });
  }
  for (const answer of [
    await client.post('/v2/pods', pod({ id: '/sleeper' })),
    await client.put('/v2/pods/sleeper', pod({ id: '/sleeper' })),
  ]) {
    expect(answer).toMatchObject({ status: 422, body: { details: [{ errors: [`${shared}/sleeper`] }] } });
  }
  expect(await client.post('/v2/pods', pod())).toMatchObject({
    status: 409,
    body: { message: 'A pod with id [/pod] already exists.' },
  });
  expect(await client.get('/v2/apps/pod')).toMatchObject({ status: 404 });
  expect(await client.patch('/v2/apps/pod', { instances: 2 })).toMatchObject({ status: 404 });
  expect(await client.delete('/v2/apps/pod')).toMatchObject({ status: 404 });
  expect(await client.get('/v2/pods/sleeper')).toMatchObject({ status: 404 });
  await client.settled();
  expect(pluck((await client.get('/v2/apps')).body.apps, 'id')).toEqual(['/sleeper']);
  expect(pluck((await client.get('/v2/tasks')).body.tasks, 'appId')).toEqual(['/sleeper']);
});

test('a pod under another path, or in a deployment, is refused; force stops the deployment', async () => {
  const { client } = await startWithFakeMaster({ onLaunch: () => undefined });
  expect(await client.put('/v2/pods/other', pod())).toMatchObject({
    status: 400,
    body: { message: "'/other' does not match definition's id ('/pod')" },
  });
  const { headers } = await client.post('/v2/pods', pod());
  const deployment = headers.get('marathon-deployment-id');
  expect(await client.put('/v2/pods/pod', pod())).toMatchObject({
    status: 409,
    body: { deployments: [{ id: deployment }] },
  });
  expect(await client.delete('/v2/pods/pod')).toMatchObject({ status: 409 });
  expect((await client.get('/v2/deployments')).body).toMatchObject([
    {
      affectedApps: [],
      affectedPods: ['/pod'],
      steps: [{ actions: [{ action: 'StartPod', pod: '/pod' }] }, { actions: [{ action: 'ScalePod', pod: '/pod' }] }],
      currentActions: [{ action: 'ScalePod', pod: '/pod', readinessCheckResults: [] }],
    },
  ]);
  expect(await client.put('/v2/pods/pod?force=true', pod())).toMatchObject({ status: 200 });
  expect(await client.delete('/v2/pods/pod?force=true')).toMatchObject({ status: 202 });
});

test('events tell of what becomes of a pod', async () => {
  const { client } = await startWithFakeMaster();
  const events = await client.events();
  await client.post('/v2/pods', pod());
  await client.settled();
  await client.put('/v2/pods/pod', pod({ scaling: { kind: 'fixed', instances: 2 } }));
  await client.settled();
  await client.delete('/v2/pods/pod');
  await client.settled();
  await waitFor(() => {
    expect(events.filter(({ eventType }) => eventType === 'deployment_success')).toHaveLength(3);
  });
  expect(events.filter(({ eventType }) => /^pod_/.test(eventType as string))).toMatchObject([
    { eventType: 'pod_created_event', clientIp: '127.0.0.1', uri: '/v2/pods' },
    { eventType: 'pod_updated_event', uri: '/v2/pods/pod' },
    { eventType: 'pod_deleted_event', uri: '/v2/pods/pod' },
  ]);
  expect(events.filter(({ eventType }) => eventType === 'api_post_event')).toEqual([]);
  const changes = events.filter(({ eventType }) => eventType === 'instance_changed_event');
  const [{ instanceId }] = changes as [{ instanceId: string }];
  expect(
    pluck(
      changes.filter((each) => each.instanceId === instanceId),
      'condition',
    ),
  ).toEqual([
    ...['Staging', 'Starting', 'Running'],
    // It is no more wanted, then it ends.
    ...['Running', 'Killing', 'Killed'],
  ]);
  const updates = events.filter(
    ({ eventType, taskStatus }) => eventType === 'status_update_event' && taskStatus === 'TASK_RUNNING',
  );
  expect(pluck(updates, 'taskId')).toContain(`${instanceId}.a.1`);
  expect(pluck(updates, 'taskId')).toContain(`${instanceId}.b.1`);
  const [info] = events.filter(({ eventType }) => eventType === 'deployment_info');
  expect(info.plan).toMatchObject({ affectedPods: ['/pod'], target: { apps: [], pods: [{ id: '/pod' }] } });
  expect(info.currentStep).toEqual({ actions: [{ action: 'StartPod', pod: '/pod' }] });
});
