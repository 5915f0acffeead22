import { expect, test } from 'vitest';
import { jobOf, never, post, startTestChronos } from './chronos-for-test.ts';

const job = { name: 'a', command: 'true', schedule: never };
const invalidName = String.raw`java.lang.IllegalArgumentException: requirement failed: the job's name is invalid. Allowed names: '([\w\.-]+)'`;

const bad = (status: number, message: string) => ({
  status,
  body: { status: status === 400 ? 'Bad Request' : 'Internal Server Error', message },
});

test.each([
  [{ ...job, name: 'a b' }, invalidName],
  [{ ...job, name: 'a/b' }, invalidName],
  [{ ...job, name: '' }, invalidName],
  [{ command: 'true', schedule: never }, invalidName],
  [{ ...job, name: 'ä' }, invalidName],
  [{ ...job, schedule: 'every day' }, "Cannot parse schedule 'every day'"],
  [{ ...job, schedule: 'R/2026-01-01T00:00:00Z' }, "Cannot parse schedule 'R/2026-01-01T00:00:00Z'"],
  [{ ...job, scheduleTimeZone: 'Mars' }, `Cannot parse schedule '${never}' in time zone 'Mars'`],
  [
    { ...job, schedule: 'R/1969-12-31T00:00:00Z/P1D' },
    "Scheduled start date '1969-12-31T00:00:00.000Z' is before 1970!",
  ],
  [{ ...job, epsilon: 'soon' }, "Cannot parse epsilon 'soon'"],
  [
    { ...job, uris: ['http://a'], fetch: [{ uri: 'http://b' }] },
    'Tried to add both uri (deprecated) and fetch parameters on a',
  ],
  [
    { ...job, constraints: [['rack', 'UNIQUE']] },
    'constraints: ["rack","UNIQUE"] has no operator of EQUALS, LIKE, UNLIKE',
  ],
  [{ ...job, constraints: [['rack', 'LIKE', '[']] }, "java.util.regex.PatternSyntaxException: a class has no ']': '['"],
  [
    { ...job, container: { image: 'x', network: 'AIR' } },
    "java.util.NoSuchElementException: No value found for 'AIR' (container.network: BRIDGE, HOST, USER)",
  ],
  [{ ...job, parents: ['b'] }, "Job 'a' has parents: /v1/scheduler/dependency takes those"],
  [{ ...job, async: 'true' }, 'async: must be true or false, but is "true"'],
  [{ ...job, async: 1 }, 'async: must be true or false, but is 1'],
  [['a'], 'A job must be a JSON object'],
])('the job %j is refused', async (given, message) => {
  const { client } = await startTestChronos();
  expect(await client.post('/v1/scheduler/iso8601', given)).toMatchObject(bad(400, message));
  expect((await client.get('/v1/scheduler/jobs')).body).toEqual([]);
});

test('a name that is too long for the id of a task is refused, and the longest one is taken', async () => {
  const { client } = await startTestChronos();
  await post(client, { ...job, name: 'n'.repeat(200) });
  const answer = await client.post('/v1/scheduler/iso8601', { ...job, name: 'n'.repeat(201) });
  expect(answer.status).toBe(400);
  expect(answer.body.message).toContain('it has 201 characters, and at most 200');
});

test('what is no JSON, and what says that it is none, is refused', async () => {
  const { client } = await startTestChronos();
  expect((await client.post('/v1/scheduler/iso8601', '{"name":')).status).toBe(400);
  const plain = await client.request('POST', '/v1/scheduler/iso8601', 'x', { 'Content-Type': 'text/plain' });
  expect(plain.status).toBe(415);
  expect(await client.put('/v1/scheduler/iso8601', job)).toMatchObject({
    status: 405,
    body: { status: 'Method Not Allowed' },
  });
  expect((await client.put('/scheduler/iso8601', job)).status).toBe(204);
});

test('a job whose name is taken is put in the place of the other', async () => {
  const { client } = await startTestChronos();
  await post(client, job);
  await post(client, { ...job, command: 'echo other' });
  expect(await jobOf(client, 'a')).toMatchObject({ command: 'echo other' });
  await post(client, { name: 'b', command: 'true', schedule: never });
  await post(client, { name: 'a', command: 'true', parents: ['b'] });
  expect(await jobOf(client, 'a')).not.toHaveProperty('schedule');
  await post(client, job);
  expect(await jobOf(client, 'a')).not.toHaveProperty('parents');
});

test('jobs that would depend on themselves are refused, and leave what was there as it was', async () => {
  const { client } = await startTestChronos();
  await post(client, job);
  await post(client, { name: 'b', command: 'true', parents: ['a'] });
  await post(client, { name: 'c', command: 'true', parents: ['b'] });
  const circular = 'org.jgrapht.experimental.dag.DirectedAcyclicGraph$CycleFoundException: ';
  const submit = (name: string, parents: readonly string[]) =>
    client.post('/v1/scheduler/dependency', { name, command: 'true', parents });
  expect(await submit('b', ['c'])).toMatchObject(bad(500, `${circular}b -> c -> b`));
  expect(await submit('a', ['c'])).toMatchObject(bad(500, `${circular}a -> b -> c -> a`));
  expect(await submit('d', ['d'])).toMatchObject(bad(500, `${circular}d -> d`));
  // Neither when one of them comes before its parent.
  expect(await submit('y', ['x'])).toMatchObject({ status: 204 });
  expect(await submit('x', ['y'])).toMatchObject(bad(500, `${circular}x -> y -> x`));
  expect(await jobOf(client, 'a')).toMatchObject({ schedule: never });
  expect(await jobOf(client, 'b')).toMatchObject({ parents: ['a'] });
  expect((await client.get('/v1/scheduler/jobs')).body).toHaveLength(3);
});

test('a dependent job must name parents, and one that is there such as there are', async () => {
  const { client } = await startTestChronos();
  const submit = (more: object) => client.post('/v1/scheduler/dependency', { name: 'a', command: 'true', ...more });
  expect(await submit({ parents: [] })).toMatchObject(bad(500, 'java.lang.Exception: Error, parent does not exist'));
  await post(client, job);
  const failed = 'java.lang.IllegalArgumentException: requirement failed: ';
  expect(await submit({})).toMatchObject(bad(400, `${failed}Error, parent does not exist`));
  expect(await submit({ parents: ['x'] })).toMatchObject(
    bad(400, `${failed}JobSchedule a does not have all parents defined!`),
  );
});

test.each([
  ['GET', 'job/x', "Job 'x' not found"],
  ['PUT', 'job/x', "Job 'x' not found"],
  ['DELETE', 'job/x', "JobSchedule 'x' not found"],
  ['GET', 'job/stat/x', "Job 'x' not found"],
  ['DELETE', 'task/kill/x', "JobSchedule 'x' not found"],
])('%s %s of a job that there is not is a bad request', async (method, path, message) => {
  const { client } = await startTestChronos();
  const expected = bad(400, `java.lang.IllegalArgumentException: requirement failed: ${message}`);
  expect(await client.request(method, `/v1/scheduler/${path}`)).toMatchObject(expected);
});

test('the progress of a task is refused for jobs that do not count, and tasks that there are not', async () => {
  const { client } = await startTestChronos();
  await post(client, job);
  await post(client, { ...job, name: 'data', dataProcessingJobType: true });
  const progress = (name: string, task: string) =>
    client.post(`/v1/scheduler/job/${name}/task/${encodeURIComponent(task)}/progress`, {
      numAdditionalElementsProcessed: 1,
    });
  expect((await progress('a', 'ct:1:0:a:')).body.message).toContain("JobSchedule 'a' is not enabled to track data");
  expect((await progress('data', 'x')).body.message).toContain('Invalid task id format x');
  expect((await progress('data', 'ct:1:0:data:')).body.message).toContain('Task id  ct:1:0:data: not found');
});

test('what a job has that Chronos does not know is named in its log', async () => {
  const { client, log } = await startTestChronos();
  await post(client, { ...job, comand: 'false', epsilon: 'PT1H', dataJob: true, async: true });
  expect(log.filter((line) => line.includes('no effect'))).toEqual([
    expect.stringContaining('1 fields that Chronos has not have no effect: "comand"'),
  ]);
  expect(await jobOf(client, 'a')).toMatchObject({ dataProcessingJobType: true, async: true });
});
