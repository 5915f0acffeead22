import { expect, test } from 'vitest';
import type { TaskInfo } from '../../../protocol/mesos.ts';
import type { FakeMaster } from '../marathon/fake-master.ts';
import { waitFor } from '../marathon/marathon-for-test.ts';
import { finishAtOnce, jobOf, launchedBy, never, post, startWithFakeMaster } from './chronos-for-test.ts';

const namesOf = (master: FakeMaster) => master.launched().map(({ name }) => name.replace('ChronosTask:', ''));
const failAtOnce = (task: TaskInfo, master: FakeMaster) => {
  master.run(task);
  master.update(task, 'TASK_FAILED', { message: 'Command exited with status 1' });
};

test('a job is run as often as it says, and is disabled then', async () => {
  const { client, master } = await startWithFakeMaster({ onLaunch: finishAtOnce });
  await post(client, { name: 'thrice', command: 'true', schedule: 'R3//PT0.05S' });
  await waitFor(async () => {
    expect(await jobOf(client, 'thrice')).toMatchObject({ successCount: 3, disabled: true });
  });
  expect(master.launched()).toHaveLength(3);
  expect(new Set(master.launched().map(({ task_id }) => task_id.value)).size).toBe(3);
});

test('a job that fails is tried again as often as it says, and counts one error', async () => {
  const { client, master } = await startWithFakeMaster({ onLaunch: failAtOnce });
  await post(client, { name: 'bad', command: 'false', schedule: 'R1//PT1H', retries: 2 });
  await waitFor(async () => {
    expect(await jobOf(client, 'bad')).toMatchObject({ errorCount: 1, errorsSinceLastSuccess: 1, successCount: 0 });
  });
  expect(master.launched().map(({ task_id }) => task_id.value.split(':')[2])).toEqual(['0', '1', '2']);
  // A try again takes no repeat of the schedule.
  expect((await jobOf(client, 'bad')).schedule).toMatch(/^R0\//);
});

test('a job that has failed too often in a row is disabled', async () => {
  const { client } = await startWithFakeMaster({ onLaunch: failAtOnce }, { disableAfterFailures: 2 });
  await post(client, { name: 'bad', command: 'false', schedule: 'R//PT0.05S', retries: 0 });
  await waitFor(async () => {
    expect(await jobOf(client, 'bad')).toMatchObject({ errorCount: 2, disabled: true });
  });
});

test('a child runs when its parent was good, and one of two parents when both were', async () => {
  const { client, master } = await startWithFakeMaster({ onLaunch: finishAtOnce });
  for (const name of ['a', 'b']) await post(client, { name, command: 'true', schedule: never });
  await post(client, { name: 'child', command: 'true', parents: ['a'] });
  await post(client, { name: 'grandchild', command: 'true', parents: ['child'] });
  await post(client, { name: 'both', command: 'true', parents: ['a', 'b'] });
  await client.put('/v1/scheduler/job/a', undefined);
  await waitFor(async () => {
    expect(await jobOf(client, 'grandchild')).toMatchObject({ successCount: 1 });
  });
  expect(namesOf(master)).toEqual(['a', 'child', 'grandchild']);
  await client.put('/v1/scheduler/job/b', undefined);
  await waitFor(async () => {
    expect(await jobOf(client, 'both')).toMatchObject({ successCount: 1 });
  });
  // They begin anew.
  await client.put('/v1/scheduler/job/b', undefined);
  await waitFor(async () => {
    expect(await jobOf(client, 'b')).toMatchObject({ successCount: 2 });
  });
  expect(namesOf(master)).toEqual(['a', 'child', 'grandchild', 'b', 'both', 'b']);
});

test('a child of a job that fails runs only after a soft error', async () => {
  const { client, master } = await startWithFakeMaster({
    onLaunch: (task, master) => {
      (task.name.includes('child') ? finishAtOnce : failAtOnce)(task, master);
    },
  });
  await post(client, { name: 'hard', command: 'false', schedule: 'R1//PT1H', retries: 0 });
  await post(client, { name: 'hard-child', command: 'true', parents: ['hard'] });
  await post(client, { name: 'soft', command: 'false', schedule: never, retries: 0, softError: true });
  await post(client, { name: 'soft-child', command: 'true', parents: ['soft'] });
  await client.put('/v1/scheduler/job/soft', undefined);
  await waitFor(async () => {
    expect(await jobOf(client, 'soft-child')).toMatchObject({ successCount: 1 });
    expect(await jobOf(client, 'hard')).toMatchObject({ errorCount: 1 });
  });
  expect(namesOf(master)).not.toContain('hard-child');
});

test('a job declared good by hand has its children run', async () => {
  const { client, master } = await startWithFakeMaster();
  await post(client, { name: 'a', command: 'true', schedule: never });
  await post(client, { name: 'child', command: 'true', parents: ['a'] });
  const answer = await client.put('/v1/scheduler/job/success/a', undefined);
  expect([answer.status, answer.text]).toEqual([200, 'marked job a as successful: true']);
  await launchedBy(master, 1);
  expect(namesOf(master)).toEqual(['child']);
  expect(await jobOf(client, 'a')).toMatchObject({ successCount: 1 });
  const other = await client.put('/v1/scheduler/job/success/other', undefined);
  expect(other.text).toBe('marked job other as successful: false');
});

test('a job that runs is not run again until it has ended, unless it is concurrent', async () => {
  const { client, master } = await startWithFakeMaster({
    onLaunch: (task, master) => {
      master.run(task);
    },
  });
  await post(client, { name: 'one', command: 'sleep', schedule: 'R//PT0.02S' });
  const first = await launchedBy(master, 1);
  await post(client, { name: 'many', command: 'sleep', schedule: 'R//PT0.02S', concurrent: true });
  await waitFor(() => {
    expect(namesOf(master).filter((name) => name === 'many').length).toBeGreaterThan(2);
  });
  expect(namesOf(master).filter((name) => name === 'one')).toHaveLength(1);
  master.update(first, 'TASK_FINISHED');
  await waitFor(() => {
    expect(namesOf(master).filter((name) => name === 'one')).toHaveLength(2);
  });
});

test('tasks of a job are killed, which is no error and is not tried again', async () => {
  const { client, master } = await startWithFakeMaster({
    onLaunch: (task, master) => {
      master.run(task);
    },
  });
  await post(client, { name: 'long', command: 'sleep 1000', schedule: 'R1//PT1H' });
  await waitFor(async () => {
    expect((await client.get('/v1/scheduler/jobs/summary')).body.jobs).toMatchObject([{ state: '1 running' }]);
  });
  expect((await client.delete('/v1/scheduler/task/kill/long')).status).toBe(204);
  await waitFor(async () => {
    expect((await client.get('/v1/scheduler/jobs/summary')).body.jobs).toMatchObject([
      { state: 'idle', status: 'fresh' },
    ]);
  });
  expect(master.launched()).toHaveLength(1);
  expect(await jobOf(client, 'long')).toMatchObject({ errorCount: 0 });
});

test('a job that is deleted has its tasks killed, and leaves its children its schedule or its parents', async () => {
  const { client, master } = await startWithFakeMaster({
    onLaunch: (task, master) => {
      master.run(task);
    },
  });
  await post(client, { name: 'a', command: 'true', schedule: never, scheduleTimeZone: 'Europe/Paris' });
  await post(client, { name: 'b', command: 'true', parents: ['a'], environmentVariables: [{ name: 'X', value: '1' }] });
  await post(client, { name: 'c', command: 'true', parents: ['b'] });
  await client.put('/v1/scheduler/job/a', undefined);
  const task = await launchedBy(master, 1);
  expect((await client.delete('/v1/scheduler/job/b')).status).toBe(204);
  expect(await jobOf(client, 'c')).toMatchObject({ parents: ['a'] });
  expect((await client.delete('/v1/scheduler/job/a')).status).toBe(204);
  expect(await jobOf(client, 'c')).toMatchObject({
    schedule: expect.stringMatching(/^R\/2999/),
    scheduleTimeZone: 'Europe/Paris',
  });
  await waitFor(() => {
    expect(master.callsOf('KILL')).toMatchObject([{ kill: { task_id: task.task_id } }]);
  });
});

test('a run by hand has its arguments behind the command, without a second command', async () => {
  const { client, master } = await startWithFakeMaster();
  await post(client, { name: 'a', command: 'echo', schedule: never });
  await client.put(`/v1/scheduler/job/a?arguments=${encodeURIComponent('-debug /x; rm y')}`, undefined);
  const task = await launchedBy(master, 1);
  expect(task.command?.value).toBe('echo -debug /x rm y');
  // A slash would not be taken by Mesos.
  expect(task.task_id.value).toMatch(/^ct:\d+:0:a:-debug _x rm y$/);
});

test('jobs with high priority go first, and a disabled one not at all', async () => {
  const { client, master } = await startWithFakeMaster({ agents: [], onLaunch: finishAtOnce });
  await post(client, { name: 'normal', command: 'true', schedule: 'R1//PT1H' });
  await post(client, { name: 'high', command: 'true', schedule: 'R1//PT1H', highPriority: true });
  await post(client, { name: 'off', command: 'true', schedule: 'R1//PT1H', disabled: true });
  await waitFor(async () => {
    expect((await client.get('/metrics')).body.gauges).toMatchObject({
      'org.apache.mesos.chronos.scheduler.jobs.TaskManager.queueSize': { value: 1 },
      'org.apache.mesos.chronos.scheduler.jobs.TaskManager.highQueueSize': { value: 1 },
    });
  });
  master.agents = [{ id: 'S0' }];
  master.offer();
  await launchedBy(master, 2);
  expect(namesOf(master)).toEqual(['high', 'normal']);
});

test('what no agent has room for waits, and does not hold up what fits', async () => {
  const { client, master } = await startWithFakeMaster({ agents: [{ id: 'S0', cpus: 1 }], onLaunch: finishAtOnce });
  await post(client, { name: 'huge', command: 'true', schedule: 'R1//PT1H', cpus: 64 });
  await post(client, { name: 'small', command: 'true', schedule: 'R1//PT1H' });
  await launchedBy(master, 1);
  expect(namesOf(master)).toEqual(['small']);
  expect((await client.get('/v1/scheduler/graph/csv')).text).toContain('node,huge,fresh,queued\n');
});
