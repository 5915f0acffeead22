import { expect, test } from 'vitest';
import { memoryStore } from '../../../engine/framework/storage/record-store.ts';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import { sleeper, startTestMarathon, startWithFakeMaster, waitFor } from './marathon-for-test.ts';

async function startTwo() {
  const election = inMemoryDiscovery();
  const store = memoryStore();
  const first = await startWithFakeMaster({}, { election }, store);
  const second = await startTestMarathon({ election, masters: first.masters }, store);
  return { first, second, master: first.master };
}

test('one leads, and the other asks it for its clients', async () => {
  const { first, second, master } = await startTwo();
  const created = await second.client.post('/v2/apps', sleeper());
  expect(created.status).toBe(201);
  expect(created.headers.get('x-marathon-leader')).toBe(first.url);
  expect(created.headers.get('marathon-deployment-id')).toMatch(/^[0-9a-f-]{36}$/);
  await second.client.settled();
  expect((await second.client.get('/v2/apps/sleeper?embed=app.tasks')).body.app.tasks).toHaveLength(1);
  const wrong = await second.client.post('/v2/apps', { id: 'a', cmd: 'x', cpus: -1 });
  expect(wrong).toMatchObject({ status: 422, body: { message: 'Object is not valid' } });
  expect((await second.client.get('/v2/leader')).body).toEqual((await first.client.get('/v2/leader')).body);
  expect((await second.client.get('/ping')).text).toBe('pong');
  expect(master.callsOf('SUBSCRIBE')).toHaveLength(1);
});

test('the event stream of the leader is forwarded, too', async () => {
  const { first, second } = await startTwo();
  const events = await second.client.events('?event_type=deployment_success');
  await first.client.post('/v2/apps', sleeper());
  await waitFor(() => {
    expect(events).toHaveLength(1);
  });
});

test('when the leader abdicates, the other takes over the framework and its tasks', async () => {
  const { first, second, master } = await startTwo();
  await first.client.post('/v2/apps', sleeper());
  await first.client.settled();
  expect(await second.client.delete('/v2/leader')).toMatchObject({
    status: 200,
    body: { message: 'Leadership abdicated' },
  });
  await waitFor(async () => {
    const { status, headers } = await first.client.get('/v2/apps');
    expect(status).toBe(200);
    expect(headers.get('x-marathon-leader')).toBe(second.url);
    expect(master.callsOf('SUBSCRIBE')).toHaveLength(2);
  });
  expect(master.callsOf('SUBSCRIBE')[1].framework_id).toEqual({ value: 'F1' });
  expect(await first.client.app('/sleeper')).toMatchObject({ tasksRunning: 1 });
  expect(master.launched()).toHaveLength(1);
});

test('when the leader stops, the other leads', async () => {
  const { first, second } = await startTwo();
  // Only a leader that is a framework leaves its id to the next one.
  await waitFor(async () => {
    expect((await first.client.get('/v2/info')).body).toMatchObject({ frameworkId: 'F1' });
  });
  await first.component.stop();
  await waitFor(async () => {
    const { body } = await second.client.get('/v2/info');
    expect(body).toMatchObject({ elected: true, frameworkId: 'F1' });
  });
});

test('nobody abdicates for a backup that nobody makes', async () => {
  const { first } = await startTwo();
  const { status, body } = await first.client.delete('/v2/leader?backup=file:///backup&restore=file:///backup');
  expect([status, body.message]).toEqual([422, 'Object is not valid']);
  expect(body.details).toMatchObject([{ path: '/backup' }, { path: '/restore' }]);
  expect((await first.client.get('/v2/info')).body.elected).toBe(true);
});
