import { expect, test } from 'vitest';
import { pluck, type Loose } from '../shapes/loose.ts';
import { startCluster } from '../real-cluster.ts';

/* docs/docs/multirole.md of Marathon. */

const sleeper = { cmd: 'sleep 100', cpus: 0.1, mem: 10 };

test('an app has the role of its group at the top when it asks for it, and its tasks use resources for that role', async () => {
  const { client, master } = await startCluster();
  const rolesOf = async (path: string, key: string) =>
    pluck(((await (await fetch(`${master.url}${path}`)).json()) as Loose)[key], 'role');
  expect((await client.post('/v2/apps', { id: '/dev/bigbusiness', ...sleeper, instances: 2 })).body.role).toBe('*');
  await client.settled();
  expect(await rolesOf('/tasks', 'tasks')).toEqual(['*', '*']);
  expect(await client.patch('/v2/apps/dev/bigbusiness', { role: 'dev' })).toMatchObject({ status: 200 });
  await client.settled();
  const { tasks, tasksRunning } = await client.app('/dev/bigbusiness');
  expect([tasksRunning, ...pluck(tasks, 'role')]).toEqual([2, 'dev', 'dev']);
  const state = (await (await fetch(`${master.url}/state`)).json()) as Loose;
  const [framework] = state.frameworks;
  expect(framework.roles).toEqual(['*', 'dev']);
  expect(pluck(framework.tasks, 'role')).toEqual(['dev', 'dev']);
  // Apps of both roles are served.
  await client.post('/v2/apps', { id: '/other', ...sleeper });
  await client.post('/v2/apps', { id: '/dev/team/web', ...sleeper, role: 'dev', acceptedResourceRoles: ['*', 'dev'] });
  await client.settled();
  expect((await client.app('/dev/team/web')).tasks).toMatchObject([{ state: 'TASK_RUNNING', role: 'dev' }]);
  expect((await client.app('/other')).tasks).toMatchObject([{ state: 'TASK_RUNNING', role: '*' }]);
});

test('a pod has the role of its group at the top', async () => {
  const { client } = await startCluster();
  const containers = [{ name: 'c', exec: { command: { shell: 'sleep 100' } }, resources: { cpus: 0.1, mem: 10 } }];
  const posted = await client.post('/v2/pods', { id: '/dev/pod', containers, role: 'dev' });
  expect(posted).toMatchObject({ status: 201, body: { role: 'dev' } });
  await client.settled();
  const { body } = await client.get('/v2/pods/dev/pod::status');
  expect(body).toMatchObject({ status: 'STABLE', spec: { role: 'dev' }, instances: [{ role: 'dev' }] });
});

test.each([
  ['/bigbusiness', 'dev', 'got dev, expected one of: [*]'],
  ['/dev/team/bigbusiness', 'team', 'got team, expected one of: [*, dev]'],
])('the role of %s cannot be %s', async (id, role, error) => {
  const { client } = await startCluster();
  const { status, body } = await client.post('/v2/apps', { id, ...sleeper, role });
  expect([status, body.details]).toEqual([422, [{ path: '/role', errors: [error] }]]);
});

test.each([
  [{ id: '/app', acceptedResourceRoles: ['dev'] }, '*'],
  [{ id: '/dev/app', role: 'dev', acceptedResourceRoles: ['*', 'prod'] }, '* and dev'],
])('an app cannot accept resources of a role that it has not: %j', async (fields, words) => {
  const { client } = await startCluster();
  const { status, body } = await client.post('/v2/apps', { ...sleeper, ...fields });
  const error = `acceptedResourceRoles can only contain ${words}`;
  expect([status, body.details]).toEqual([422, [{ path: '/acceptedResourceRoles', errors: [error] }]]);
});

test('a group at the top that enforces its role gives it to services that come, and refuses others', async () => {
  const { client } = await startCluster();
  await client.post('/v2/apps', { id: '/dev/old', ...sleeper });
  await client.settled();
  expect(await client.patch('/v2/groups/dev', { enforceRole: true })).toMatchObject({ status: 200, text: '' });
  expect((await client.post('/v2/apps', { id: '/dev/team/new', ...sleeper })).body.role).toBe('dev');
  await client.settled();
  const refused = {
    status: 422,
    body: { message: 'Object is not valid', details: [{ path: '/role', errors: ['got *, expected one of: [dev]'] }] },
  };
  expect(await client.patch('/v2/apps/dev/team/new', { role: '*' })).toMatchObject(refused);
  expect(await client.post('/v2/apps', { id: '/dev/third', ...sleeper, role: '*' })).toMatchObject(refused);
  // What was there may keep its role, until it has the other one.
  expect((await client.patch('/v2/apps/dev/old', { cpus: 0.2, role: '*' })).status).toBe(200);
  await client.settled();
  expect((await client.patch('/v2/apps/dev/old', { role: 'dev' })).status).toBe(200);
  await client.settled();
  expect(await client.patch('/v2/apps/dev/old', { role: '*' })).toMatchObject(refused);
  const inGroup = await client.put('/v2/groups/dev/more', { apps: [{ id: 'web', ...sleeper }] });
  expect(inGroup.status).toBe(200);
  expect((await client.app('/dev/more/web')).role).toBe('dev');
  const containers = [{ name: 'c', exec: { command: { shell: 'sleep 100' } }, resources: { cpus: 0.1, mem: 10 } }];
  expect((await client.post('/v2/pods', { id: '/dev/pod', containers })).body.role).toBe('dev');
});

test('services come into a group that enforces its role by the request that makes it', async () => {
  const { client } = await startCluster();
  const group = { id: '/dev', enforceRole: true, apps: [{ id: 'web', ...sleeper }], groups: [] };
  expect((await client.post('/v2/groups', group)).status).toBe(201);
  expect((await client.app('/dev/web')).role).toBe('dev');
  const wrong = { id: '/prod', enforceRole: true, apps: [{ id: 'web', ...sleeper, role: '*' }] };
  const { status, body } = await client.post('/v2/groups', wrong);
  expect([status, body.details[0].errors]).toEqual([422, ['got *, expected one of: [prod]']]);
});

/* docs/docs/command-line-flags.md of Marathon. */

test('services have the role that Marathon was given, and are launched on what is offered for it', async () => {
  const { client, master } = await startCluster(31_550, { mesosRole: 'slave_public' });
  expect((await client.post('/v2/apps', { id: '/dev/bigbusiness', ...sleeper })).body.role).toBe('slave_public');
  await client.post('/v2/apps', { id: '/web', ...sleeper });
  const refused = await client.post('/v2/apps', { id: '/other', ...sleeper, role: '*' });
  expect(refused.body.details[0].errors).toEqual(['got *, expected one of: [slave_public]']);
  await client.settled();
  expect((await client.app('/web')).tasks).toMatchObject([{ state: 'TASK_RUNNING', role: 'slave_public' }]);
  const state = (await (await fetch(`${master.url}/state`)).json()) as Loose;
  expect(state.frameworks[0].roles).toEqual(['slave_public']);
  await client.patch('/v2/apps/dev/bigbusiness', { role: 'dev' });
  await client.settled();
  expect(pluck((await client.app('/dev/bigbusiness')).tasks, 'role')).toEqual(['dev']);
  const info = (await client.get('/v2/info')).body.marathon_config;
  expect(info).toMatchObject({ mesos_role: 'slave_public', new_group_enforce_role: 'off' });
});

test('new groups at the top enforce their role when Marathon is told so', async () => {
  const { client } = await startCluster(31_550, { newGroupEnforceRole: 'top' });
  expect((await client.post('/v2/apps', { id: '/dev/team/web', ...sleeper })).body.role).toBe('dev');
  await client.settled();
  expect((await client.get('/v2/groups/dev')).body).toMatchObject({ enforceRole: true });
  expect((await client.get('/v2/groups/dev/team')).body).toMatchObject({ enforceRole: false });
  expect((await client.post('/v2/apps', { id: '/web', ...sleeper })).body.role).toBe('*');
  await client.post('/v2/groups', { id: '/prod', groups: [{ id: 'team' }] });
  expect((await client.get('/v2/groups/prod')).body).toMatchObject({ enforceRole: true });
  await client.post('/v2/groups', { id: '/free', enforceRole: false });
  expect((await client.post('/v2/apps', { id: '/free/web', ...sleeper })).body.role).toBe('*');
  await client.settled();
  // One that is there stays as it is.
  await client.put('/v2/groups/free', { dependencies: ['/dev'] });
  await client.settled();
  expect((await client.get('/v2/groups/free')).body).toMatchObject({ enforceRole: false });
});
