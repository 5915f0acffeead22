import { request } from 'node:http';
import { expect, test } from 'vitest';
import { pluck } from './shapes/loose.ts';
import { sleeper, startWithFakeMaster, waitFor } from './marathon-for-test.ts';

test('the life of an app is told as events', async () => {
  const { client } = await startWithFakeMaster();
  const events = await client.events();
  await client.post('/v2/apps', sleeper());
  await client.settled();
  await client.delete('/v2/apps/sleeper');
  await client.settled();
  await waitFor(() => {
    expect(pluck(events, 'eventType')).toContain('app_terminated_event');
  });
  const types = pluck(events, 'eventType');
  expect(types[0]).toBe('event_stream_attached');
  for (const type of [
    ...['api_post_event', 'deployment_info', 'deployment_step_success', 'deployment_success', 'group_change_success'],
    ...['instance_changed_event', 'status_update_event', 'app_terminated_event'],
  ]) {
    expect(types).toContain(type);
  }
  const update = events.find((event) => event.eventType === 'status_update_event');
  expect(update).toMatchObject({
    slaveId: 'S0',
    taskStatus: 'TASK_STARTING',
    appId: '/sleeper',
    host: '127.0.0.1',
    ports: [expect.any(Number)],
    version: expect.any(String),
    timestamp: expect.any(String),
  });
  const info = events.find((event) => event.eventType === 'deployment_info');
  expect(info.plan.target.apps).toMatchObject([{ id: '/sleeper' }]);
  expect(info.currentStep.actions[0].app).toBe('/sleeper');
});

test('a client hears only the events that it asks for, light ones if it likes', async () => {
  const { client } = await startWithFakeMaster();
  const events = await client.events('?event_type=deployment_success&event_type=deployment_info&plan-format=light');
  await client.post('/v2/apps', sleeper());
  await client.settled();
  await waitFor(() => {
    expect(events.at(-1)?.eventType).toBe('deployment_success');
  });
  expect(new Set(pluck(events, 'eventType'))).toEqual(new Set(['deployment_info', 'deployment_success']));
  expect(events[0].plan.target).toBeUndefined();
  expect(events[0].plan.affectedApps).toEqual(['/sleeper']);
});

test('who does not ask for an event stream gets none', async () => {
  const { client } = await startWithFakeMaster();
  expect((await client.get('/v2/events')).status).toBe(405);
});

test('a client that vanishes, and one that never reads, harm nobody', async () => {
  const { client, url } = await startWithFakeMaster();
  const open = () =>
    new Promise<{ destroy: () => void }>((resolve) => {
      const outgoing = request(`${url}/v2/events`, { headers: { Accept: 'text/event-stream' } }, (response) => {
        response.pause();
        resolve(outgoing);
      });
      outgoing.on('error', () => undefined);
      outgoing.end();
    });
  const [vanishing, idle] = await Promise.all([open(), open()]);
  vanishing.destroy();
  await client.post('/v2/apps', sleeper({ instances: 20 }));
  await client.settled();
  expect(await client.app('/sleeper')).toMatchObject({ tasksRunning: 20 });
  idle.destroy();
});

test('a change of a group is told as it is taken or refused, whatever becomes of its tasks', async () => {
  const { client } = await startWithFakeMaster({ onLaunch: () => undefined });
  const events = await client.events('?event_type=group_change_success&event_type=group_change_failed');
  const { body } = await client.post('/v2/apps', sleeper({ id: '/shop/web' }));
  await waitFor(() => {
    expect(events).toMatchObject([{ eventType: 'group_change_success', groupId: '/shop', version: body.version }]);
  });
  expect((await client.put('/v2/apps/shop/web', { instances: 2 })).status).toBe(409);
  await waitFor(() => {
    expect(events).toHaveLength(2);
  });
  expect(events[1]).toMatchObject({
    eventType: 'group_change_failed',
    groupId: '/shop',
    version: expect.any(String),
    reason: expect.stringContaining('App is locked by one or more deployments'),
  });
  expect((await client.put('/v2/apps/shop', { cmd: 'true' })).status).toBe(422);
  await waitFor(() => {
    expect(events[2]).toMatchObject({ eventType: 'group_change_failed', groupId: '/' });
  });
});

test('a message of an executor is told', async () => {
  const { master, client } = await startWithFakeMaster();
  const events = await client.events('?event_type=framework_message_event');
  master.send({
    type: 'MESSAGE',
    message: { agent_id: { value: 'S0' }, executor_id: { value: 'e' }, data: 'aGVsbG8gd29ybGQh' },
  });
  await waitFor(() => {
    expect(events).toMatchObject([{ slaveId: 'S0', executorId: 'e', message: 'aGVsbG8gd29ybGQh' }]);
  });
});

test('events tell the address of who asked', async () => {
  const { client, url } = await startWithFakeMaster();
  const events = await client.events();
  const asked = (method: string, path: string, headers: Record<string, string>, body?: unknown) =>
    new Promise<{ destroy: () => void }>((resolve, reject) => {
      const outgoing = request(`${url}${path}`, { method, headers, localAddress: '127.0.0.9' }, (response) => {
        response.resume();
        resolve(outgoing);
      });
      outgoing.on('error', reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  const json = { 'Content-Type': 'application/json' };
  const stream = await asked('GET', '/v2/events', { Accept: 'text/event-stream' });
  await asked('POST', '/v2/apps', json, sleeper());
  const containers = [{ name: 'c', exec: { command: { shell: 'sleep 100' } }, resources: { cpus: 0.1, mem: 10 } }];
  await asked('POST', '/v2/pods', json, { id: '/pod', containers });
  stream.destroy();
  await waitFor(() => {
    expect(pluck(events, 'eventType')).toContain('event_stream_detached');
  });
  const of = (type: string): readonly unknown[] => events.filter(({ eventType }) => eventType === type);
  expect(pluck(of('event_stream_attached'), 'remoteAddress')).toEqual(['127.0.0.1', '127.0.0.9']);
  expect(pluck(of('event_stream_detached'), 'remoteAddress')).toEqual(['127.0.0.9']);
  expect(pluck([...of('api_post_event'), ...of('pod_created_event')], 'clientIp')).toEqual(['127.0.0.9', '127.0.0.9']);
});
