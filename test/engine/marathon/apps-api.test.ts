import { expect, test } from 'vitest';
import { pluck, type Loose } from './shapes/loose.ts';
import { sleeper, startTestMarathon, startWithFakeMaster, waitFor } from './marathon-for-test.ts';

const idPattern = '^(([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])\\.)*([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])|(\\.|\\.\\.)$';

test('an app is created with all defaults filled in', async () => {
  const { client, url } = await startTestMarathon();
  const answer = await client.post('/v2/apps', { id: 'basic-0', cmd: 'sleep 5', cpus: 0.1, mem: 10 });
  expect(answer.status).toBe(201);
  expect(answer.headers.get('location')).toBe(`${url}/v2/apps/basic-0`);
  const deployment = answer.headers.get('marathon-deployment-id');
  const { version } = answer.body;
  expect(answer.body).toEqual({
    id: '/basic-0',
    backoffFactor: 1.15,
    backoffSeconds: 1,
    cmd: 'sleep 5',
    cpus: 0.1,
    disk: 0,
    executor: '',
    instances: 1,
    labels: {},
    maxLaunchDelaySeconds: 300,
    mem: 10,
    gpus: 0,
    networks: [{ mode: 'host' }],
    portDefinitions: [{ port: 10_000, protocol: 'tcp', name: 'default', labels: {} }],
    requirePorts: false,
    upgradeStrategy: { maximumOverCapacity: 1, minimumHealthCapacity: 1 },
    killSelection: 'YOUNGEST_FIRST',
    unreachableStrategy: { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
    role: '*',
    version,
    versionInfo: { lastScalingAt: version, lastConfigChangeAt: version },
    tasksStaged: 0,
    tasksRunning: 0,
    tasksHealthy: 0,
    tasksUnhealthy: 0,
    tasks: [],
    deployments: [{ id: deployment }],
  });
});

test('the old network form is accepted and answered in the new one', async () => {
  const { client } = await startTestMarathon();
  const { body } = await client.post('/v2/apps', {
    id: 'nginx',
    container: {
      type: 'DOCKER',
      docker: {
        image: 'nginx:1.10',
        network: 'BRIDGE',
        portMappings: [{ containerPort: 80, hostPort: 0, servicePort: 10_000, protocol: 'tcp' }],
      },
    },
    uris: ['http://example.org/site.tar.gz'],
    healthChecks: [{ path: '/' }],
  });
  expect(body.networks).toEqual([{ mode: 'container/bridge' }]);
  expect(body.container).toEqual({
    type: 'DOCKER',
    docker: { image: 'nginx:1.10', forcePullImage: false, privileged: false, parameters: [] },
    volumes: [],
    portMappings: [{ containerPort: 80, hostPort: 0, servicePort: 10_000, protocol: 'tcp', labels: {} }],
  });
  expect(body.portDefinitions).toBeUndefined();
  expect(body.fetch).toEqual([
    { uri: 'http://example.org/site.tar.gz', extract: true, executable: false, cache: false },
  ]);
  expect(body.healthChecks[0]).toMatchObject({ protocol: 'HTTP', portIndex: 0, intervalSeconds: 60 });
});

test('what Marathon answers can be posted again', async () => {
  const { client } = await startTestMarathon();
  await client.post('/v2/apps', { id: 'a', cmd: 'x', ports: [0, 0], uris: ['http://x/y.zip'] });
  const app = await client.app('/a');
  const { status, body } = await client.post('/v2/apps', { ...app, id: 'b' });
  expect({ status, body }).toMatchObject({ status: 201, body: { id: '/b', portDefinitions: app.portDefinitions } });
});

test('service ports are the lowest that are free, and stay with the app', async () => {
  const { client } = await startTestMarathon({ servicePorts: { first: 10_000, last: 10_003 } });
  await client.post('/v2/apps', { id: 'fixed', cmd: 'x', ports: [10_001] });
  const { body } = await client.post('/v2/apps', { id: 'two', cmd: 'x', ports: [0, 0] });
  const ports = (app: Loose) => pluck(app.portDefinitions, 'port');
  expect(ports(body)).toEqual([10_000, 10_002]);
  await client.request('PUT', '/v2/apps/two?force=true', { ports: [0, 0, 0] });
  expect(ports(await client.app('/two'))).toEqual([10_000, 10_002, 10_003]);
  const exhausted = await client.post('/v2/apps', { id: 'more', cmd: 'x' });
  expect(exhausted).toMatchObject({
    status: 500,
    body: { message: 'All ports in the range 10000-10003 are already in use' },
  });
});

test.each([
  ['{"id": ', 400, { message: 'Invalid JSON' }],
  [[], 400, { message: 'Invalid JSON', details: [{ path: '/', errors: ['error.expected.jsobject'] }] }],
  [{ cmd: 'x' }, 400, { message: 'Invalid JSON', details: [{ path: '/id', errors: ['error.path.missing'] }] }],
  [{ id: 5 }, 400, { message: 'Invalid JSON', details: [{ path: '/id', errors: ['error.expected.jsstring'] }] }],
  [
    { id: 'a', cmd: 'x', instances: 1.5 },
    400,
    { message: 'Invalid JSON', details: [{ path: '/instances', errors: ['error.expected.int'] }] },
  ],
  [
    { id: 'a', cmd: 'x', cpus: -1 },
    422,
    { message: 'Object is not valid', details: [{ path: '/cpus', errors: ['is less than 0.001'] }] },
  ],
  [
    { id: 'a', cmd: 'x', upgradeStrategy: { minimumHealthCapacity: 2 } },
    422,
    { details: [{ path: '/upgradeStrategy/minimumHealthCapacity', errors: ['is greater than 1'] }] },
  ],
  [
    { id: 'a b', cmd: 'x' },
    422,
    { details: [{ path: '/id', errors: [`must fully match regular expression '${idPattern}'`] }] },
  ],
  [
    { id: '/group/tasks', cmd: 'x' },
    422,
    {
      details: [
        {
          path: '/id',
          errors: ['must not end with any of the following reserved keywords: restart, tasks, versions, ., ..'],
        },
      ],
    },
  ],
  [
    { id: 'a' },
    422,
    {
      details: [
        { path: '/', errors: ["AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'."] },
      ],
    },
  ],
  [
    { id: 'a', cmd: 'x', healthChecks: [{ portIndex: 3 }] },
    422,
    {
      details: [
        {
          path: '/healthChecks(0)',
          errors: ['Health check port indices must address an element of the ports array or container port mappings.'],
        },
      ],
    },
  ],
  [{ id: 'a', cmd: 'x', constraints: [['hostname', 'NEAR']] }, 422, { details: [{ path: '/constraints(0)' }] }],
  [
    { id: 'a', networks: [{ mode: 'host' }], container: { type: 'DOCKER', docker: { image: 'i', network: 'HOST' } } },
    422,
    { details: [{ path: '/', errors: ['must not specify both container.docker.network and networks'] }] },
  ],
  [
    { id: 'a', cmd: 'x', ports: [1], portDefinitions: [{ port: 2 }] },
    422,
    { details: [{ path: '/', errors: ['cannot specify both ports and port definitions'] }] },
  ],
])('a definition that cannot be is refused in Marathon’s form: %j', async (definition, status, body) => {
  const { client } = await startTestMarathon();
  expect(await client.post('/v2/apps', definition)).toMatchObject({ status, body });
  expect((await client.get('/v2/apps')).body).toEqual({ apps: [] });
});

test('all violations are reported at once', async () => {
  const { client } = await startTestMarathon();
  const { body } = await client.post('/v2/apps', { id: 'a', cmd: 'x', cpus: 0, mem: -1, instances: -5 });
  expect(pluck(body.details, 'path').sort()).toEqual(['/cpus', '/instances', '/mem']);
});

test('an app that exists is not created again', async () => {
  const { client } = await startTestMarathon();
  await client.post('/v2/apps', sleeper());
  expect(await client.post('/v2/apps', sleeper())).toMatchObject({
    status: 409,
    body: { message: 'An app with id [/sleeper] already exists.' },
  });
});

test('what does not exist is named in a 404', async () => {
  const { client } = await startTestMarathon();
  const missing = { status: 404, body: { message: "App '/x' does not exist" } };
  expect(await client.get('/v2/apps/x')).toMatchObject(missing);
  expect(await client.get('/v2/apps//x/tasks')).toMatchObject(missing);
  expect(await client.patch('/v2/apps/x', { instances: 2 })).toMatchObject(missing);
  expect(await client.delete('/v2/apps/x')).toMatchObject(missing);
  expect(await client.post('/v2/apps/x/restart')).toMatchObject(missing);
  expect(await client.get('/v2/apps/x/versions')).toMatchObject(missing);
  expect(await client.get('/v2/groups/x')).toMatchObject({
    status: 404,
    body: { message: "Group '/x' does not exist" },
  });
  expect(await client.delete('/v2/deployments/d')).toMatchObject({ status: 404 });
  expect(await client.get('/v2/nothing')).toMatchObject({
    status: 404,
    body: { message: 'URI not found: /v2/nothing' },
  });
});

test('PUT creates or changes, PATCH only changes, and both leave what they do not name', async () => {
  const { client } = await startWithFakeMaster();
  const created = await client.put('/v2/apps/sleeper', { cmd: 'sleep 1', cpus: 0.1, mem: 16, env: { A: 'b' } });
  expect(created.status).toBe(201);
  await client.settled();
  expect((await client.put('/v2/apps/sleeper', { instances: 2 })).status).toBe(200);
  await client.settled();
  expect((await client.patch('/v2/apps/sleeper', { cpus: 0.2 })).status).toBe(200);
  expect(await client.app('/sleeper')).toMatchObject({ cmd: 'sleep 1', cpus: 0.2, instances: 2, env: { A: 'b' } });
  await client.settled();
  const whole = await client.put('/v2/apps/sleeper?partialUpdate=false', { cmd: 'sleep 2', cpus: 0.1, mem: 16 });
  expect(whole.status).toBe(200);
  const app = await client.app('/sleeper');
  expect(app).toMatchObject({ cmd: 'sleep 2', instances: 1 });
  expect(app.env).toBeUndefined();
});

test('PUT goes by the id in the path, whatever the definition says', async () => {
  const { client } = await startWithFakeMaster();
  await client.put('/v2/apps/sleeper', sleeper({ id: '/other' }));
  await client.settled();
  await client.put('/v2/apps/sleeper', { id: '/other', instances: 2 });
  expect(pluck((await client.get('/v2/apps')).body.apps, 'id')).toEqual(['/sleeper']);
  expect(await client.app('/sleeper')).toMatchObject({ instances: 2 });
});

test('a list of apps is changed in one deployment', async () => {
  const { client } = await startWithFakeMaster();
  const many = [sleeper({ id: '/a' }), sleeper({ id: '/b', dependencies: ['/a'] })];
  const answer = await client.put('/v2/apps', many);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('marathon-deployment-id')).toBe(answer.body.deploymentId);
  await client.settled();
  expect((await client.patch('/v2/apps', [{ id: '/a', instances: 2 }, { id: '/c' }])).status).toBe(404);
  expect((await client.patch('/v2/apps', [{ id: '/a', instances: 2 }])).status).toBe(200);
  const wrong = await client.put('/v2/apps', [sleeper({ id: '/a' }), { id: '/d', cpus: -1 }]);
  expect(wrong).toMatchObject({ status: 422, body: { details: [{ path: '(1)/cpus' }] } });
});

test('an app can be put back to one of its versions', async () => {
  const { client } = await startWithFakeMaster();
  await client.post('/v2/apps', sleeper());
  await client.settled();
  await client.put('/v2/apps/sleeper', { cmd: 'sleep 7' });
  await client.settled();
  const { versions } = (await client.get('/v2/apps/sleeper/versions')).body;
  expect(versions).toHaveLength(2);
  expect((await client.get(`/v2/apps/sleeper/versions/${versions[1]}`)).body.cmd).toBe('sleep 100');
  const mixed = await client.put('/v2/apps/sleeper', { version: versions[1], cmd: 'x' });
  expect(mixed.status).toBe(422);
  expect((await client.put('/v2/apps/sleeper', { version: versions[1] })).status).toBe(200);
  expect((await client.app('/sleeper')).cmd).toBe('sleep 100');
});

test('lists are filtered by id, command and labels', async () => {
  const { client } = await startTestMarathon();
  await client.post('/v2/apps', { id: '/web/front', cmd: 'serve', labels: { tier: 'front', env: 'prod' } });
  await client.post('/v2/apps', { id: '/web/back', cmd: 'work', labels: { tier: 'back' } });
  const ids = async (query: string) => pluck((await client.get(`/v2/apps?${query}`)).body.apps, 'id');
  expect(await ids('id=web')).toEqual(['/web/back', '/web/front']);
  expect(await ids('cmd=SERVE')).toEqual(['/web/front']);
  expect(await ids('label=env')).toEqual(['/web/front']);
  expect(await ids(`label=${encodeURIComponent('tier in (back, side)')}`)).toEqual(['/web/back']);
  expect(await ids(`label=${encodeURIComponent('tier!=back, env==prod')}`)).toEqual(['/web/front']);
  expect((await client.get(`/v2/apps?label=${encodeURIComponent('a = b')}`)).status).toBe(422);
  expect((await client.get('/v2/apps/web/*')).body['*']).toHaveLength(2);
  const root = (await client.get('/v2/groups')).body;
  expect(root.groups[0]).toMatchObject({ id: '/web', apps: [{ id: '/web/back' }, { id: '/web/front' }] });
});

test('a million instances are accepted, and launched as offers allow', async () => {
  const { master, client } = await startWithFakeMaster({ agents: [{ id: 'S0', cpus: 0.3 }] });
  expect((await client.post('/v2/apps', sleeper({ instances: 1_000_000 }))).status).toBe(201);
  await waitFor(async () => {
    expect(master.launched().length).toBeGreaterThan(2);
    expect((await client.get('/v2/queue')).body.queue[0].count).toBeLessThan(1_000_000);
  });
  expect((await client.request('DELETE', '/v2/apps/sleeper?force=true')).status).toBe(200);
  await client.settled();
});

test('what a web page could send is refused', async () => {
  const { client } = await startTestMarathon();
  const foreign = await client.request('POST', '/v2/apps', sleeper(), { Origin: 'http://evil.example' });
  expect(foreign).toMatchObject({ status: 403, body: { message: expect.any(String) } });
  const plain = await client.request('POST', '/v2/apps', sleeper(), { 'Content-Type': 'text/plain' });
  expect(plain.status).toBe(415);
  expect((await client.get('/v2/apps')).body.apps).toEqual([]);
});
