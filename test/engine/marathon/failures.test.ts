import { expect, test } from 'vitest';
import type { TaskInfo } from '../../../protocol/mesos.ts';
import { listOf, pluck } from './shapes/loose.ts';
import { sleeper, startWithFakeMaster, waitFor, type MarathonClient } from './marathon-for-test.ts';

test('an app whose tasks fail is started again later and later, and says why it failed', async () => {
  const { master, client } = await startWithFakeMaster({
    onLaunch: (task, fake) => {
      fake.update(task, 'TASK_FAILED', { message: 'Command exited with status 3' });
    },
  });
  await client.post('/v2/apps', sleeper({ backoffSeconds: 20, backoffFactor: 2 }));
  await waitFor(async () => {
    expect((await client.app('/sleeper')).lastTaskFailure).toMatchObject({
      appId: '/sleeper',
      host: '127.0.0.1',
      message: 'Command exited with status 3',
      state: 'TASK_FAILED',
    });
  });
  const [waiting] = (await client.get('/v2/queue')).body.queue;
  expect(waiting).toMatchObject({ count: 1, delay: { overdue: false } });
  expect(waiting.delay.timeLeftSeconds).toBeGreaterThan(10);
  expect(master.launched()).toHaveLength(1);
  expect((await client.delete('/v2/queue/sleeper/delay')).status).toBe(204);
  await waitFor(() => {
    expect(master.launched()).toHaveLength(2);
  });
  expect((await client.delete('/v2/queue/other/delay')).status).toBe(404);
});

test('tasks of an agent that its operator gave up are gone', async () => {
  const { master, client } = await startWithFakeMaster();
  await client.post('/v2/apps', sleeper({ backoffSeconds: 3600 }));
  await client.settled();
  const events = await client.events('?event_type=instance_changed_event');
  master.update(master.launched()[0] as TaskInfo, 'TASK_GONE_BY_OPERATOR');
  await waitFor(() => {
    expect(pluck(events, 'condition')).toEqual(['Gone']);
  });
});

test('a delay ends by itself', async () => {
  let failures = 1;
  const { client } = await startWithFakeMaster({
    onLaunch: (task, fake) => {
      failures -= 1;
      if (failures >= 0) fake.update(task, 'TASK_FAILED');
      else fake.run(task);
    },
  });
  await client.post('/v2/apps', sleeper({ backoffSeconds: 1 }));
  await client.settled();
  expect(await client.app('/sleeper')).toMatchObject({ tasksRunning: 1 });
});

test('a task out of reach is replaced, and killed when it comes back', async () => {
  const { master, client } = await startWithFakeMaster();
  await client.post('/v2/apps', sleeper());
  await client.settled();
  const [lost] = master.launched();
  if (lost === undefined) throw new Error('nothing was launched');
  master.update(lost, 'TASK_UNREACHABLE', { reason: 'REASON_AGENT_REMOVED' });
  await waitFor(() => {
    expect(master.launched()).toHaveLength(2);
  });
  master.update(lost, 'TASK_RUNNING', { reason: 'REASON_AGENT_REREGISTERED' });
  await waitFor(async () => {
    expect(master.callsOf('KILL').map((call) => call.kill.task_id.value as string)).toEqual([lost.task_id.value]);
    expect((await client.app('/sleeper')).tasks).toHaveLength(1);
  });
});

test('with the strategy disabled a task out of reach is waited for', async () => {
  const { master, client } = await startWithFakeMaster();
  await client.post('/v2/apps', sleeper({ unreachableStrategy: 'disabled' }));
  await client.settled();
  const [lost] = master.launched();
  if (lost === undefined) throw new Error('nothing was launched');
  master.update(lost, 'TASK_UNREACHABLE');
  await waitFor(async () => {
    expect((await client.app('/sleeper')).tasks).toMatchObject([{ state: 'TASK_UNREACHABLE' }]);
  });
  master.update(lost, 'TASK_RUNNING');
  await waitFor(async () => {
    expect((await client.app('/sleeper')).tasksRunning).toBe(1);
  });
  expect(master.launched()).toHaveLength(1);
});

test('a task that does not start in time is killed and launched again', async () => {
  let launches = 0;
  const { master, client } = await startWithFakeMaster(
    {
      onLaunch: (task, fake) => {
        launches += 1;
        if (launches > 1) fake.run(task);
      },
    },
    { taskLaunchTimeoutMs: 200 },
  );
  await client.post('/v2/apps', sleeper());
  await client.settled();
  expect(master.callsOf('KILL').length).toBeGreaterThan(0);
  expect(pluck((await client.app('/sleeper')).tasks, 'state')).toEqual(['TASK_RUNNING']);
});

test('what finds no room says in the queue what is missing', async () => {
  const { client } = await startWithFakeMaster({ agents: [{ id: 'S0', cpus: 1, mem: 10_000 }] });
  await client.post('/v2/apps', sleeper({ cpus: 4 }));
  await waitFor(async () => {
    const [entry] = (await client.get('/v2/queue?embed=lastUnusedOffers')).body.queue;
    expect(entry.lastUnusedOffers).toMatchObject([{ reason: ['InsufficientCpus'], offer: { hostname: '127.0.0.1' } }]);
    const cpus = listOf(entry.processedOffersSummary.rejectSummaryLastOffers).find(
      (each) => each['reason'] === 'InsufficientCpus',
    );
    expect(cpus).toEqual({ reason: 'InsufficientCpus', declined: 1, processed: 1 });
  });
});

test.each([
  ['itself', (client: MarathonClient) => client.delete('/v2/apps/shop/web?force=true')],
  ['with its group', (client: MarathonClient) => client.delete('/v2/groups/shop?force=true')],
  ['as it is missing in its group', (client: MarathonClient) => client.put('/v2/groups/shop?force=true', { apps: [] })],
])('an app that was deleted %s begins anew when it comes back', async (_how, remove) => {
  const state: { fails: boolean } = { fails: true };
  const { client } = await startWithFakeMaster({
    onLaunch: (task, master) => {
      if (state.fails) master.update(task, 'TASK_FAILED', { message: 'no luck' });
      else master.run(task);
    },
  });
  const app = sleeper({ id: '/shop/web', backoffSeconds: 3600 });
  await client.post('/v2/apps', app);
  await waitFor(async () => {
    expect((await client.app('/shop/web')).lastTaskFailure).toMatchObject({ message: 'no luck' });
  });
  expect((await remove(client)).status).toBe(200);
  await client.settled();
  state.fails = false;
  expect((await client.post('/v2/apps', app)).status).toBe(201);
  expect(await client.app('/shop/web')).not.toHaveProperty('lastTaskFailure');
  await client.settled();
});
