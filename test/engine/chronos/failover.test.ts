import { expect, test } from 'vitest';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import { memoryStore } from '../../../engine/framework/storage/record-store.ts';
import { waitFor } from '../marathon/marathon-for-test.ts';
import {
  finishAtOnce,
  jobOf,
  launchedBy,
  never,
  post,
  startTestChronos,
  startWithFakeMaster,
  TestClock,
} from './chronos-for-test.ts';

async function startTwo(onLaunch?: typeof finishAtOnce, clock?: () => number) {
  const election = inMemoryDiscovery();
  const world = { store: memoryStore(), ...(clock !== undefined && { clock }) };
  const first = await startWithFakeMaster(onLaunch === undefined ? {} : { onLaunch }, { election }, world);
  const second = await startTestChronos({ election, masters: first.masters }, world);
  return { first, second, master: first.master };
}

test('one leads, and the other asks it for its clients', async () => {
  const { first, second } = await startTwo();
  await post(second.client, { name: 'a', command: 'true', schedule: never });
  expect((await second.client.get('/v1/scheduler/jobs')).body).toHaveLength(1);
  expect((await second.client.get('/leader')).body).toEqual((await first.client.get('/leader')).body);
  expect((await second.client.post('/v1/scheduler/iso8601', { name: 'a b' })).status).toBe(400);
  expect((await second.client.get('/ping')).text).toBe('pong');
  expect((await second.client.get('/')).text).toContain('<td>a</td>');
});

test('the next leader has the jobs, and goes on with tasks that run', async () => {
  const { first, second, master } = await startTwo((task, master) => {
    master.run(task);
  });
  await post(first.client, { name: 'parent', command: 'sleep', schedule: 'R1//PT1H' });
  await post(first.client, { name: 'child', command: 'true', parents: ['parent'] });
  const task = await launchedBy(master, 1);
  await waitFor(async () => {
    expect((await first.client.get('/v1/scheduler/jobs/summary')).body.jobs[0]).toMatchObject({ state: '1 running' });
  });
  await first.component.stop();
  await waitFor(() => {
    expect(master.callsOf('SUBSCRIBE')).toHaveLength(2);
  });
  expect(master.callsOf('SUBSCRIBE')[1].framework_id).toEqual({ value: 'F1' });
  await waitFor(() => {
    expect(master.callsOf('RECONCILE').at(-2)?.reconcile.tasks).toMatchObject([{ task_id: task.task_id }]);
  });
  master.update(task, 'TASK_FINISHED');
  await launchedBy(master, 2);
  expect(await jobOf(second.client, 'parent')).toMatchObject({ successCount: 1, disabled: true });
  expect((await second.client.get('/v1/scheduler/job/stat/parent')).body.taskStatHistory).toMatchObject([
    { status: 'Success' },
  ]);
});

test('a time that was missed while nobody led is made up for once', async () => {
  const clock = new TestClock('2026-05-05T10:00:30Z');
  const store = memoryStore();
  const world = { store, clock: clock.read };
  const first = await startWithFakeMaster({ onLaunch: finishAtOnce }, {}, world);
  const schedule = 'R/2026-05-05T10:00:00Z/PT10M';
  await post(first.client, { name: 'any', command: 'true', schedule });
  await post(first.client, {
    name: 'strict',
    command: 'true',
    schedule: 'R/2026-05-05T10:10:00Z/PT10M',
    epsilon: 'PT1M',
  });
  await waitFor(async () => {
    expect(await jobOf(first.client, 'any')).toMatchObject({
      successCount: 1,
      schedule: 'R/2026-05-05T10:10:00.000Z/PT10M',
    });
  });
  await first.component.stop();
  clock.now = Date.parse('2026-05-05T11:15:00Z');
  const second = await startTestChronos({ masters: first.masters }, world);
  await waitFor(async () => {
    expect(await jobOf(second.client, 'any')).toMatchObject({
      successCount: 2,
      schedule: 'R/2026-05-05T11:20:00.000Z/PT10M',
    });
    expect(await jobOf(second.client, 'strict')).toMatchObject({ schedule: 'R/2026-05-05T11:20:00.000Z/PT10M' });
  });
  expect(await jobOf(second.client, 'strict')).toMatchObject({ successCount: 0 });
});

test('runs that wait for an offer, or to be tried again, are not lost with their leader', async () => {
  const store = memoryStore();
  const first = await startWithFakeMaster({ agents: [] }, {}, { store });
  await post(first.client, { name: 'a', command: 'true', schedule: never });
  await first.client.put('/v1/scheduler/job/a?arguments=-x', undefined);
  await first.component.stop();
  first.master.agents = [{ id: 'S0' }];
  await startTestChronos({ masters: first.masters }, { store });
  expect((await launchedBy(first.master, 1)).command?.value).toBe('true -x');
});

test('a task that the master knows nothing of any more has failed, and is tried again', async () => {
  const { client, master } = await startWithFakeMaster({
    onLaunch: (task, master) => {
      master.run(task);
    },
  });
  await post(client, { name: 'a', command: 'sleep', schedule: 'R1//PT1H' });
  const task = await launchedBy(master, 1);
  master.tasks.delete(task.task_id.value);
  master.breakStream();
  expect((await launchedBy(master, 2)).task_id.value).toMatch(/^ct:\d+:1:a:/);
});

test('updates are acknowledged once what they changed is saved', async () => {
  const { client, master } = await startWithFakeMaster({ onLaunch: finishAtOnce });
  await post(client, { name: 'a', command: 'true', schedule: 'R1//PT1H' });
  await waitFor(() => {
    expect(master.callsOf('ACKNOWLEDGE')).toHaveLength(3);
  });
});
