import { expect, test } from 'vitest';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import { memoryStore } from '../../../engine/framework/storage/record-store.ts';
import type { TaskInfo, TaskState } from '../../../protocol/mesos.ts';
import type { FakeMaster } from '../marathon/fake-master.ts';
import { listOf } from '../marathon/shapes/loose.ts';
import { waitFor, type MarathonClient } from '../marathon/marathon-for-test.ts';
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

/* Asynchronous jobs, as docs/docs/api.md of Chronos describes them. */

const job = { name: 'export', command: 'submit', schedule: 'R/2026-05-05T10:00:00Z/PT1M', async: true };

const namesOf = (master: FakeMaster) => master.launched().map(({ name }) => name.replace('ChronosTask:', ''));
const runIt = (task: TaskInfo, master: FakeMaster) => {
  master.run(task);
};
/** The task of the asynchronous job ends at once, that of any other runs. */
const finishExport = (task: TaskInfo, master: FakeMaster) => {
  (task.name.endsWith('export') ? finishAtOnce : runIt)(task, master);
};

async function start(onLaunch: (task: TaskInfo, master: FakeMaster) => void = finishAtOnce) {
  const clock = new TestClock('2026-05-05T10:00:30Z');
  const chronos = await startWithFakeMaster({ onLaunch }, {}, { clock: clock.read });
  return { ...chronos, clock };
}

const report = (client: MarathonClient, task: TaskInfo, statusCode: number, base = '/v1/scheduler') =>
  client.put(`${base}/task/${encodeURIComponent(task.task_id.value)}`, { statusCode });

const historyOf = async (client: MarathonClient, name: string) =>
  listOf((await client.get(`/v1/scheduler/job/stat/${name}`)).body.taskStatHistory);

/** Waits until as many tasks of asynchronous jobs have ended without a report. */
const tasksEnded = (log: readonly string[], count: number) =>
  waitFor(() => {
    expect(log.filter((line) => line.includes('until PUT /v1/scheduler/task/'))).toHaveLength(count);
  });

test('a run goes on when its task has ended, and its children run once its success is reported', async () => {
  const { client, master, clock, log } = await start();
  await post(client, job);
  await post(client, { name: 'child', command: 'true', parents: ['export'] });
  await post(client, { name: 'other', command: 'true', schedule: never });
  const task = await launchedBy(master, 1);
  await tasksEnded(log, 1);
  // Due twice more by then, but it still runs.
  clock.now += 150_000;
  await client.put('/v1/scheduler/job/other', undefined);
  await waitFor(async () => {
    expect(await jobOf(client, 'other')).toMatchObject({ successCount: 1 });
  });
  expect(namesOf(master)).toEqual(['export', 'other']);
  expect(await jobOf(client, 'export')).toMatchObject({ successCount: 0, async: true });
  expect((await client.get('/v1/scheduler/jobs/summary')).body.jobs[0]).toMatchObject({ state: '1 running' });
  expect(await historyOf(client, 'export')).toMatchObject([{ status: 'Running' }]);
  expect(await report(client, task, 0)).toMatchObject({ status: 204, text: '' });
  await waitFor(async () => {
    expect(await jobOf(client, 'child')).toMatchObject({ successCount: 1 });
    // Its next run has begun.
    expect(namesOf(master).filter((name) => name === 'export')).toHaveLength(2);
  });
  expect(await jobOf(client, 'export')).toMatchObject({ successCount: 1, lastSuccess: '2026-05-05T10:03:00.000Z' });
  const ended = { status: 'Success', endTime: '05/05/26 10:03:00', duration: '2m30s' };
  expect((await historyOf(client, 'export')).find(({ taskId }) => taskId === task.task_id.value)).toMatchObject(ended);
});

test('a failure that is reported is tried again, and counts one error when no attempt is left', async () => {
  const { client, master, clock, log } = await start();
  await post(client, { ...job, schedule: 'R1//PT1H', retries: 1 });
  const first = await launchedBy(master, 1);
  await tasksEnded(log, 1);
  expect((await report(client, first, 3)).status).toBe(204);
  expect(await jobOf(client, 'export')).toMatchObject({ errorCount: 0 });
  clock.now += 1000;
  const second = await launchedBy(master, 2);
  expect(second.task_id.value).toMatch(/^ct:\d+:1:export:/);
  await tasksEnded(log, 2);
  expect((await report(client, second, -1)).status).toBe(204);
  expect(await jobOf(client, 'export')).toMatchObject({ errorCount: 1, successCount: 0 });
  expect(await historyOf(client, 'export')).toMatchObject([{ status: 'Fail' }, { status: 'Fail' }]);
  expect(log.join('\n')).toContain('its completion was reported with statusCode 3');
});

test.each(['TASK_FAILED', 'TASK_LOST', 'TASK_ERROR', 'TASK_GONE'] as const)(
  'a task with %s ends its run without a report, as a failure',
  async (state: TaskState) => {
    const { client, master, log } = await start(runIt);
    await post(client, { ...job, schedule: 'R1//PT1H', retries: 0 });
    master.update(await launchedBy(master, 1), state);
    await waitFor(async () => {
      expect(await jobOf(client, 'export')).toMatchObject({ errorCount: 1 });
    });
    expect(await historyOf(client, 'export')).toMatchObject([{ status: 'Fail' }]);
    expect(log.filter((line) => line.includes('until PUT'))).toEqual([]);
  },
);

test.each([
  [0, { successCount: 1, errorCount: 0 }, 'Success'],
  [1, { successCount: 0, errorCount: 1 }, 'Fail'],
])('a report of %i that comes before the end of the task counts then', async (code, counts, status) => {
  const { client, master } = await start(runIt);
  await post(client, { ...job, retries: 0 });
  const task = await launchedBy(master, 1);
  // The last one counts.
  expect((await report(client, task, 1 - code)).status).toBe(204);
  expect((await report(client, task, code)).status).toBe(204);
  expect(await jobOf(client, 'export')).toMatchObject({ successCount: 0, errorCount: 0 });
  expect((await client.get('/v1/scheduler/jobs/summary')).body.jobs[0]).toMatchObject({ state: '1 running' });
  master.update(task, 'TASK_FINISHED');
  await waitFor(async () => {
    expect(await jobOf(client, 'export')).toMatchObject(counts);
  });
  expect(await historyOf(client, 'export')).toMatchObject([{ status }]);
  expect((await report(client, task, 0)).status).toBe(404);
});

test('a report of a run that does not go on, of one that is not asynchronous and without a status code is refused', async () => {
  const { client, master, log } = await start(finishExport);
  const refusal = (status: number, word: string, message: string) => ({ status, body: { status: word, message } });
  const gone = (id: string) =>
    refusal(404, 'Not Found', `No run with the task id '${id}' goes on: there was none, or it has ended`);
  const put = (id: string, body: unknown) => client.put(`/v1/scheduler/task/${encodeURIComponent(id)}`, body);
  expect(await put('ct:1:0:x:', { statusCode: 0 })).toMatchObject(gone('ct:1:0:x:'));
  await post(client, { ...job, schedule: 'R1//PT1H' });
  const task = await launchedBy(master, 1);
  const id = task.task_id.value;
  await tasksEnded(log, 1);
  const wants = 'statusCode must be a whole number, 0 for success, but';
  for (const [body, found] of [
    [{}, 'there is none'],
    [[0], 'there is none'],
    [{ statusCode: '0' }, 'it is "0"'],
    [{ statusCode: 0.5 }, 'it is 0.5'],
    [{ statusCode: null }, 'it is null'],
  ] as const) {
    expect(await put(id, body)).toMatchObject(refusal(400, 'Bad Request', `${wants} ${found}`));
  }
  expect((await put(id, '{"statusCode":')).status).toBe(400);
  expect(await jobOf(client, 'export')).toMatchObject({ successCount: 0, errorCount: 0 });
  expect((await put(id, { statusCode: 0 })).status).toBe(204);
  expect(await put(id, { statusCode: 0 })).toMatchObject(gone(id));
  expect(await jobOf(client, 'export')).toMatchObject({ successCount: 1 });
  await post(client, { name: 'plain', command: 'true', schedule: 'R1//PT1H' });
  const plain = await launchedBy(master, 2);
  expect(await report(client, plain, 0)).toMatchObject(
    refusal(400, 'Bad Request', "The job 'plain' is not asynchronous: a run of it ends with its task"),
  );
});

test('a run that waits for its report is ended by killing the tasks of its job, which runs again then', async () => {
  const { client, master, clock, log } = await start();
  await post(client, job);
  const task = await launchedBy(master, 1);
  await tasksEnded(log, 1);
  expect((await client.delete('/v1/scheduler/task/kill/export')).status).toBe(204);
  expect(await historyOf(client, 'export')).toMatchObject([{ status: 'Fail' }]);
  expect(await jobOf(client, 'export')).toMatchObject({ errorCount: 0, successCount: 0 });
  expect((await report(client, task, 0)).status).toBe(404);
  clock.now += 60_000;
  await launchedBy(master, 2);
  expect(master.callsOf('KILL')).toEqual([]);
});

test('a job that is made an ordinary one, or is deleted, has no run that waits for ever', async () => {
  const { client, master, log } = await start();
  await post(client, job);
  const task = await launchedBy(master, 1);
  await tasksEnded(log, 1);
  await post(client, { ...job, schedule: never, async: false });
  expect((await report(client, task, 0)).status).toBe(204);
  expect(await jobOf(client, 'export')).toMatchObject({ successCount: 1, async: false });
  await post(client, { ...job, name: 'other' });
  const other = await launchedBy(master, 2);
  await tasksEnded(log, 2);
  expect((await client.delete('/v1/scheduler/job/other')).status).toBe(204);
  expect((await report(client, other, 0)).status).toBe(404);
});

test('a run that waits for its report is there after a failover and a restart, though Mesos knows its task no more', async () => {
  const clock = new TestClock('2026-05-05T10:00:30Z');
  const [election, world] = [inMemoryDiscovery(), { store: memoryStore(), clock: clock.read }];
  const first = await startWithFakeMaster({ onLaunch: finishAtOnce }, { election }, world);
  const { master, masters } = first;
  const second = await startTestChronos({ election, masters }, world);
  await post(first.client, job);
  await post(first.client, { name: 'child', command: 'true', parents: ['export'] });
  const task = await launchedBy(master, 1);
  await tasksEnded(first.log, 1);
  await waitFor(() => {
    expect(master.callsOf('ACKNOWLEDGE')).toHaveLength(3);
  });
  await first.component.stop();
  await waitFor(() => {
    expect(master.callsOf('SUBSCRIBE')).toHaveLength(2);
  });
  // Old ones, and what the master answers to whoever asks for it.
  for (const state of ['TASK_RUNNING', 'TASK_FINISHED', 'TASK_UNKNOWN'] as const) master.update(task, state);
  await waitFor(() => {
    expect(master.callsOf('ACKNOWLEDGE')).toHaveLength(6);
  });
  await second.component.stop();
  clock.now += 120_000;
  const third = await startTestChronos({ election, masters }, world);
  await waitFor(() => {
    expect(master.callsOf('SUBSCRIBE')).toHaveLength(3);
    expect(master.callsOf('RECONCILE').length).toBeGreaterThan(2);
  });
  expect(master.callsOf('RECONCILE').every(({ reconcile }) => reconcile.tasks.length === 0)).toBe(true);
  expect((await third.client.get('/v1/scheduler/jobs/summary')).body.jobs[0]).toMatchObject({ state: '1 running' });
  expect(namesOf(master)).toEqual(['export']);
  expect((await report(third.client, task, 0, '/scheduler')).status).toBe(204);
  await waitFor(async () => {
    expect(await jobOf(third.client, 'child')).toMatchObject({ successCount: 1 });
  });
  expect(await jobOf(third.client, 'export')).toMatchObject({ successCount: 1, errorCount: 0 });
});

test('a task that is killed ends its run, whatever was reported', async () => {
  const { client, master } = await start(runIt);
  await post(client, { ...job, schedule: 'R1//PT1H' });
  const task = await launchedBy(master, 1);
  expect((await report(client, task, 0)).status).toBe(204);
  expect((await client.delete('/v1/scheduler/task/kill/export')).status).toBe(204);
  await waitFor(async () => {
    expect(await historyOf(client, 'export')).toMatchObject([{ status: 'Fail' }]);
  });
  expect(await jobOf(client, 'export')).toMatchObject({ errorCount: 0, successCount: 0 });
  expect((await report(client, task, 0)).status).toBe(404);
});
