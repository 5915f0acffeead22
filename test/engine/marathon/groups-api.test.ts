import { expect, test } from 'vitest';
import { memoryStore } from '../../../engine/framework/storage/record-store.ts';
import { loadState } from '../../../engine/marathon/storage/saved-state.ts';
import type { MarathonClient } from './marathon-for-test.ts';
import { parseLoosely, pluck, type Loose } from './shapes/loose.ts';
import { sleeper, startTestMarathon, startWithFakeMaster } from './marathon-for-test.ts';

const none = { instances: 0 };
const appIds = async (client: MarathonClient) => pluck((await client.get('/v2/apps')).body.apps, 'id');
const group = async (client: MarathonClient, id: string): Promise<Loose> =>
  parseLoosely((await client.get(`/v2/groups${id}`)).text);

/** `/shop` with the apps `a` and `b`, and a group `/shop/inner` with the app `c`. */
async function startWithShop(store = memoryStore()) {
  const marathon = await startWithFakeMaster({}, {}, store);
  const { client } = marathon;
  const apps = [sleeper({ id: 'a' }), sleeper({ id: 'b' })];
  const groups = [{ id: 'inner', apps: [sleeper({ id: 'c' })] }];
  const answer = await client.put('/v2/groups/shop', { apps, groups });
  expect(answer.status, answer.text).toBe(200);
  await client.settled();
  return { ...marathon, first: answer.body.version as string };
}
const shop = ['/shop/a', '/shop/b', '/shop/inner/c'];

test.each([
  ['no apps', { groups: [{ id: 'other', apps: [sleeper({ id: 'd' })] }] }, ['/shop/a', '/shop/b', '/shop/other/d']],
  ['no groups', { apps: [sleeper({ id: 'a' })] }, ['/shop/a', '/shop/inner/c']],
  ['nothing but dependencies', { dependencies: ['/db'] }, shop],
  ['nothing', {}, shop],
  ['a group with nothing', { groups: [{ id: 'inner' }] }, shop],
  ['null instead of apps', { apps: null, groups: null }, shop],
  ['no groups on purpose', { groups: [] }, ['/shop/a', '/shop/b']],
  ['no apps on purpose', { apps: [] }, ['/shop/inner/c']],
])('what a PUT of a group does not name stays: %s', async (_name, body, expected) => {
  const { client, master } = await startWithShop();
  const answer = await client.put('/v2/groups/shop', body);
  expect(answer.status, answer.text).toBe(200);
  expect(await appIds(client)).toEqual(expected);
  await client.settled();
  const names = [...new Set(master.launched().map((task) => task.name))];
  const kept = shop.filter((id) => expected.includes(id));
  // No app that stayed was touched: each was launched once.
  expect(master.launched()).toHaveLength(names.length);
  expect(master.callsOf('KILL')).toHaveLength(shop.length - kept.length);
});

test('a PUT of all groups removes those that it does not list, and leaves the apps at the top', async () => {
  const { client } = await startWithShop();
  await client.post('/v2/apps', sleeper({ id: '/top', ...none }));
  await client.settled();
  await client.put('/v2/groups', { id: '/other', apps: [] });
  expect(await appIds(client)).toEqual([...shop, '/top']);
  await client.put('/v2/groups', { groups: [{ id: 'shop' }] });
  expect(await appIds(client)).toEqual([...shop, '/top']);
  expect(pluck((await group(client, '')).groups, 'id')).toEqual(['/shop']);
  await client.put('/v2/groups', { groups: [] });
  expect(await appIds(client)).toEqual(['/top']);
});

test.each(['/shop', ''])('a dry run at %j says what would be done, and changes nothing', async (id) => {
  const { client } = await startWithShop();
  const before = (await client.get('/v2/groups')).text;
  const groups = [{ id: 'shop', apps: [sleeper({ id: 'a', instances: 2 }), sleeper({ id: 'z' })] }];
  const body = id === '' ? { groups } : groups[0];
  const answer = await client.put(`/v2/groups${id}?dryRun=true`, { ...body, id: id === '' ? '/' : '/shop' });
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    steps: [
      { actions: [{ action: 'StopApplication', app: '/shop/b' }] },
      { actions: [{ action: 'StartApplication', app: '/shop/z' }] },
      {
        actions: [
          { action: 'ScaleApplication', app: '/shop/a' },
          { action: 'ScaleApplication', app: '/shop/z' },
        ],
      },
    ],
  });
  expect(answer.headers.get('marathon-deployment-id')).toBeNull();
  expect((await client.get('/v2/deployments')).body).toEqual([]);
  expect((await client.request('DELETE', `/v2/groups${id}?dryRun=true`)).body.steps).toHaveLength(1);
  expect((await client.get('/v2/groups')).text).toBe(before);
});

test('a group goes back to one of its versions, with the apps that were removed since', async () => {
  const { client, first } = await startWithShop();
  await client.put('/v2/groups/shop', { apps: [sleeper({ id: 'a', cmd: 'sleep 7' })], groups: [] });
  await client.settled();
  await client.post('/v2/apps', sleeper({ id: '/elsewhere', ...none }));
  await client.settled();
  const versions = (await client.get('/v2/groups/shop/versions')).body as string[];
  expect(versions).toHaveLength(3);
  expect(versions.at(-1)).toBe(first);
  const old = (await client.get(`/v2/groups/shop/versions/${first}`)).body;
  expect(old).toMatchObject({ id: '/shop', version: first, apps: [{ cmd: 'sleep 100' }, {}], groups: [{}] });
  const rollback = await client.put('/v2/groups/shop', { version: first });
  expect(rollback).toMatchObject({ status: 200, body: { deploymentId: expect.any(String) } });
  await client.settled();
  expect(await appIds(client)).toEqual(['/elsewhere', ...shop]);
  expect(await client.app('/shop/a')).toMatchObject({ cmd: 'sleep 100', tasksRunning: 1 });
});

test('a version that is not known is none to go back to, and none to look at', async () => {
  const { client, first } = await startWithShop();
  const version = '2020-01-01T00:00:00.000Z';
  expect(await client.put('/v2/groups/shop', { version })).toMatchObject({
    status: 422,
    body: { message: `Group /shop not available in version ${version}` },
  });
  expect((await client.put('/v2/groups/later', { version: first })).status).toBe(422);
  expect((await client.get(`/v2/groups/shop/versions/${version}`)).status).toBe(404);
  expect((await client.get(`/v2/groups/later/versions/${first}`)).status).toBe(404);
  expect((await client.get('/v2/groups/later/versions')).status).toBe(404);
  expect(await appIds(client)).toEqual(shop);
});

test('all versions of everything are those of the group at the top', async () => {
  const { client, first } = await startWithShop();
  await client.post('/v2/apps', sleeper({ id: '/top', ...none }));
  const { body } = await client.get('/v2/groups/versions');
  expect(body).toEqual([(await group(client, '')).version, first]);
  expect((await client.get(`/v2/groups/versions/${first}`)).body.apps).toEqual([]);
  await client.settled();
  await client.put('/v2/groups', { version: first });
  expect(await appIds(client)).toEqual(shop);
});

test('scaleBy multiplies the instances of all apps in a group, rounded up', async () => {
  const { client } = await startWithShop();
  await client.patch('/v2/apps', [
    { id: '/shop/a', instances: 3 },
    { id: '/shop/inner/c', instances: 0 },
  ]);
  await client.settled();
  expect((await client.put('/v2/groups/shop', { scaleBy: 1.5 })).status).toBe(200);
  const { body } = await client.get('/v2/apps');
  expect(pluck<number>(body.apps, 'instances')).toEqual([5, 2, 0]);
});

test('an empty group exists, until it is deleted; so does the group of a deleted app', async () => {
  const store = memoryStore();
  const { client, component } = await startWithShop(store);
  expect((await client.post('/v2/groups', { id: '/empty/inside' })).status).toBe(201);
  await client.delete('/v2/apps/shop/inner/c');
  await client.settled();
  const expected = [
    { id: '/empty', groups: [{ id: '/empty/inside', apps: [], groups: [] }] },
    { id: '/shop', groups: [{ id: '/shop/inner', apps: [] }] },
  ];
  expect((await group(client, '')).groups).toMatchObject(expected);
  expect(await client.post('/v2/groups', { id: '/empty' })).toMatchObject({ status: 409 });
  const { body: versions } = await client.get('/v2/groups/empty/versions');
  await component.stop();
  const { client: later } = await startTestMarathon({}, store);
  expect((await group(later, '')).groups).toMatchObject(expected);
  expect((await later.get('/v2/groups/empty/versions')).body).toEqual(versions);
  expect((await later.delete('/v2/groups/empty')).status).toBe(200);
  expect((await later.get('/v2/groups/empty/inside')).status).toBe(404);
});

test('the groups of a state that an older version has saved are those of its apps', async () => {
  const store = memoryStore();
  const { client, component } = await startWithShop(store);
  await client.settled();
  await component.stop();
  const { groups: _groups, history: _history, ...old } = await loadState(store);
  const former = memoryStore();
  await former.append(JSON.stringify({ format: 1, ...old }));
  const second = await startTestMarathon({}, former);
  const inner = await group(second.client, '/shop/inner');
  expect(inner).toMatchObject({ id: '/shop/inner', apps: [{ id: '/shop/inner/c' }] });
  expect((await second.client.get('/v2/groups/shop/versions')).body).toEqual([]);
  await second.client.delete('/v2/apps/shop/inner/c');
  await second.component.stop();
  const { client: third } = await startTestMarathon({}, former);
  expect(await group(third, '/shop/inner')).toMatchObject({ id: '/shop/inner', apps: [] });
});

test('DELETE of a group removes all in it; of the group at the top everything', async () => {
  const { client } = await startWithShop();
  await client.post('/v2/apps', sleeper({ id: '/top', ...none }));
  await client.settled();
  expect((await client.delete('/v2/groups/shop/inner')).status).toBe(200);
  expect(await appIds(client)).toEqual(['/shop/a', '/shop/b', '/top']);
  expect((await client.get('/v2/groups/shop/inner')).status).toBe(404);
  expect((await client.delete('/v2/groups/nothing')).status).toBe(404);
  await client.settled();
  expect((await client.delete('/v2/groups')).body).toMatchObject({ deploymentId: expect.any(String) });
  expect((await client.get('/v2/groups')).body).toMatchObject({ id: '/', apps: [], groups: [] });
});

test('a deployment of groups is rolled back with its groups', async () => {
  const { client } = await startWithFakeMaster({ onLaunch: () => undefined });
  await client.post('/v2/groups', { id: '/stays' });
  const { body } = await client.post('/v2/groups', { id: '/stays/goes/too', apps: [sleeper({ id: 'a' })] });
  await client.post('/v2/groups', { id: '/stays/late' });
  expect((await client.delete(`/v2/deployments/${body.deploymentId}`)).status).toBe(200);
  expect(await group(client, '/stays')).toMatchObject({ groups: [{ id: '/stays/late' }], apps: [] });
});

test('PATCH of a group at the top takes enforceRole', async () => {
  const { client } = await startWithShop();
  const patched = await client.patch('/v2/groups/shop', { enforceRole: false });
  expect(patched).toMatchObject({ status: 200, text: '' });
  expect((await group(client, '/shop')).enforceRole).toBe(false);
  expect(await client.patch('/v2/groups/shop', { enforceRole: true })).toMatchObject({ status: 200, text: '' });
  expect((await group(client, '/shop')).enforceRole).toBe(true);
  // It stays when the group changes.
  await client.put('/v2/groups/shop', { dependencies: [] });
  expect((await group(client, '/shop')).enforceRole).toBe(true);
  expect(await client.patch('/v2/groups/shop', { enforceRole: 'no' })).toMatchObject({
    status: 400,
    body: { message: 'Invalid JSON', details: [{ path: '/enforceRole', errors: ['error.expected.jsboolean'] }] },
  });
  // Marathon ignores them.
  expect(await client.patch('/v2/groups/shop', { enforceRole: false, dependencies: ['/db'] })).toMatchObject({
    status: 422,
    body: { details: [{ path: '/dependencies', errors: ['cannot be changed by PATCH: use PUT'] }] },
  });
  expect((await client.get('/v2/groups/shop')).body.enforceRole).toBe(true);
  expect((await client.patch('/v2/groups/nothing', {})).status).toBe(404);
  expect(await client.patch('/v2/groups/shop/inner', { enforceRole: false })).toMatchObject({
    status: 422,
    body: { details: [{ errors: ['Path needs to be top-level'] }] },
  });
});

const invalid = (path: string, error: string): [number, object] => [
  400,
  { message: 'Invalid JSON', details: [{ path, errors: [error] }] },
];
const notValid = (path: string, error: unknown): [number, object] => [
  422,
  { message: 'Object is not valid', details: [{ path, errors: [error] }] },
];
const twins = (id: string) => [sleeper({ id }), sleeper({ id, cmd: 'other' })];

test.each<[unknown, number, object]>([
  [{ apps: {} }, ...invalid('/apps', 'error.expected.jsarray')],
  [{ apps: 'x' }, ...invalid('/apps', 'error.expected.jsarray')],
  [{ groups: { id: 'x' } }, ...invalid('/groups', 'error.expected.jsarray')],
  [{ groups: ['x'] }, ...invalid('/groups(0)', 'error.expected.jsobject')],
  [{ groups: [{ apps: [] }] }, ...invalid('/groups(0)/id', 'error.path.missing')],
  [{ groups: [{ id: 'x', apps: [{ id: 5 }] }] }, ...invalid('/groups(0)/apps(0)/id', 'error.expected.jsstring')],
  [{ groups: [{ id: 'x', apps: [{}] }] }, ...invalid('/groups(0)/apps(0)/id', 'error.path.missing')],
  [{ dependencies: 'db' }, ...invalid('/dependencies', 'error.expected.jsarray')],
  [{ scaleBy: '2' }, ...invalid('/scaleBy', 'error.expected.jsnumber')],
  [{ version: 5 }, ...invalid('/version', 'error.expected.jsstring')],
  [{ version: 'yesterday' }, ...invalid('/version', 'error.expected.date.isoformat')],
  [{ enforceRole: 'yes' }, ...invalid('/enforceRole', 'error.expected.jsboolean')],
  [{ id: 5 }, ...invalid('/id', 'error.expected.jsstring')],
  [[], ...invalid('/', 'error.expected.jsobject')],
  [{ scaleBy: -1 }, ...notValid('/scaleBy', 'is less than 0')],
  [{ scaleBy: 2, apps: [] }, ...notValid('/scaleBy', 'not allowed in conjunction with other properties.')],
  [
    { version: '2026-01-01T00:00:00Z', id: '/shop' },
    ...notValid('/version', 'not allowed in conjunction with other properties.'),
  ],
  [
    { groups: [{ id: 'x', scaleBy: 2 }] },
    ...notValid('/groups(0)/scaleBy', 'not allowed in conjunction with other properties.'),
  ],
  [{ groups: [{ id: 'x Y' }] }, ...notValid('/groups(0)/id', expect.stringContaining('must fully match'))],
  [{ groups: [{ id: 'x/y' }] }, ...notValid('/groups(0)/id', expect.stringContaining('Group has to be child'))],
  [{ apps: [sleeper({ id: 'x/y' })] }, ...notValid('/apps(0)/id', expect.stringContaining('is not child of /shop'))],
  [{ apps: twins('x') }, ...notValid('/apps(1)/id', 'Duplicate ids are not allowed: /shop/x')],
  [
    { groups: [{ id: 'x' }, { id: '/shop/x' }] },
    ...notValid('/groups(1)/id', 'Duplicate ids are not allowed: /shop/x'),
  ],
  [
    { apps: [sleeper({ id: 'x' })], groups: [{ id: 'x' }] },
    ...notValid('/', 'Groups and Applications may not have the same identifier: /shop/x'),
  ],
  [
    { groups: [{ id: 'a', apps: [sleeper({ id: 'z' })] }] },
    ...notValid('/', 'Groups and Applications may not have the same identifier: /shop/a'),
  ],
  [
    { apps: [sleeper({ id: 'inner' })] },
    ...notValid('/', 'Groups and Applications may not have the same identifier: /shop/inner'),
  ],
  [
    { groups: [{ id: 'inner', enforceRole: true }] },
    ...notValid('/groups(0)/enforceRole', expect.stringContaining('not top-level')),
  ],
])('a group that cannot be is refused in Marathon’s form: %j', async (body, status, expected) => {
  const { client } = await startWithShop();
  const before = (await client.get('/v2/groups')).text;
  expect(await client.put('/v2/groups/shop', body)).toMatchObject({ status, body: expected });
  expect((await client.get('/v2/groups')).text).toBe(before);
});

test('all that is wrong in the apps of a group is said at once', async () => {
  const { client } = await startTestMarathon();
  const apps = [sleeper({ id: 'ok' }), { id: 'neither' }, sleeper({ id: 'near', constraints: [['hostname', 'NEAR']] })];
  const { status, body } = await client.put('/v2/groups', { id: '/g', apps });
  expect({ status, paths: pluck(body.details, 'path') }).toEqual({
    status: 422,
    paths: ['/apps(1)/', '/apps(2)/constraints(0)'],
  });
});

test('apps may not be where a group or an app is, by whatever request they come', async () => {
  const { client } = await startWithShop();
  const clash = (id: string) => ({
    status: 422,
    body: { details: [{ path: '/', errors: [`Groups and Applications may not have the same identifier: ${id}`] }] },
  });
  expect(await client.post('/v2/apps', sleeper({ id: '/shop' }))).toMatchObject(clash('/shop'));
  expect(await client.put('/v2/apps/shop', sleeper())).toMatchObject(clash('/shop'));
  expect(await client.put('/v2/apps', [sleeper({ id: '/shop/a/b' })])).toMatchObject(clash('/shop/a'));
  const inOneAnother = [sleeper({ id: '/x/y/z' }), sleeper({ id: '/x' })];
  expect(await client.put('/v2/apps', inOneAnother)).toMatchObject(clash('/x'));
  expect((await client.put('/v2/apps', twins('/x'))).status).toBe(422);
  expect((await client.post('/v2/groups/shop/a', { id: '/shop/a' })).status).toBe(409);
  expect(await appIds(client)).toEqual(shop);
});

test('an app takes the place of an empty group', async () => {
  const { client } = await startTestMarathon();
  await client.post('/v2/groups', { id: '/g/empty/inside' });
  expect((await client.post('/v2/apps', sleeper({ id: '/g/empty' }))).status).toBe(201);
  expect(await group(client, '/g')).toMatchObject({ apps: [{ id: '/g/empty' }], groups: [] });
});

test('what a request does not change keeps its version, and no deployment holds it', async () => {
  const { client } = await startWithShop();
  const before = await client.app('/shop/a');
  const apps = [sleeper({ id: 'a' }), sleeper({ id: 'b', cmd: 'sleep 3' })];
  await client.put('/v2/groups/shop', { apps });
  expect((await client.get('/v2/deployments')).body).toMatchObject([{ affectedApps: ['/shop/b'] }]);
  expect((await client.app('/shop/a')).version).toBe(before.version);
});

test('the apps of a group start after those of the groups that it depends on', async () => {
  const { client, master } = await startWithFakeMaster();
  const body = {
    id: '/shop',
    groups: [
      { id: 'web', dependencies: ['/shop/db', '../cache'], apps: [sleeper({ id: 'front' }), sleeper({ id: 'back' })] },
      { id: 'db', dependencies: ['/shop/cache'], apps: [sleeper({ id: 'mysql' })] },
      { id: 'cache', apps: [sleeper({ id: 'redis' })] },
    ],
  };
  expect((await client.post('/v2/groups', body)).status).toBe(201);
  await client.settled();
  const names = master.launched().map(({ name }) => name.split('.')[0]);
  expect([...names.slice(0, 2), ...names.slice(2).sort()]).toEqual(['redis', 'mysql', 'back', 'front']);
  expect((await group(client, '/shop/web')).dependencies).toEqual(['/shop/db', '/shop/cache']);
  expect(await client.put('/v2/groups/shop/cache', { dependencies: ['/shop/web'] })).toMatchObject({
    status: 422,
    body: { details: [{ path: '/', errors: ['Dependency graph has cyclic dependencies.'] }] },
  });
});

test('GET of the apps of a group are those of all groups in it', async () => {
  const { client } = await startWithShop();
  expect(pluck((await client.get('/v2/groups/shop/apps')).body, 'id')).toEqual(shop);
});
