import { expect, test } from 'vitest';
import { pluck } from '../marathon/shapes/loose.ts';
import { waitFor } from '../marathon/marathon-for-test.ts';
import {
  finishAtOnce,
  jobOf,
  launchedBy,
  never,
  post,
  startTestChronos,
  startWithFakeMaster,
} from './chronos-for-test.ts';

async function withFamily() {
  const chronos = await startTestChronos();
  await post(chronos.client, { name: 'Alpha', command: 'echo one', schedule: never });
  await post(chronos.client, {
    name: 'beta',
    command: 'echo TWO',
    schedule: never,
    disabled: true,
    uris: ['http://h/f'],
  });
  await post(chronos.client, { name: 'gamma', command: 'true', parents: ['Alpha', 'beta'] });
  return chronos;
}

test('jobs are listed, with what they fetch in both forms', async () => {
  const { client } = await withFamily();
  const jobs = (await client.get('/v1/scheduler/jobs')).body;
  expect(pluck(jobs, 'name')).toEqual(['Alpha', 'beta', 'gamma']);
  expect(jobs[1]).toMatchObject({ uris: ['http://h/f'], fetch: [{ uri: 'http://h/f', extract: true }] });
  expect((await client.get('/scheduler/jobs')).body).toEqual(jobs);
});

test.each([
  ['name=ALPHA', ['Alpha']],
  ['command=echo', ['Alpha', 'beta']],
  ['any=two', ['beta']],
  ['any=a', ['Alpha', 'beta', 'gamma']],
  ['name=a&command=true', ['gamma']],
  ['', ['Alpha', 'beta', 'gamma']],
  ['limit=1&offset=1', ['beta']],
])('a search for %s finds %j', async (query, names) => {
  const { client } = await withFamily();
  const found = (await client.get(`/v1/scheduler/jobs/search?${query}`)).body;
  expect(pluck(found, 'name')).toEqual(names);
});

test('the summary says of each job when it runs and how it is', async () => {
  const { client } = await withFamily();
  expect((await client.get('/v1/scheduler/jobs/summary')).body).toEqual({
    jobs: [
      { name: 'Alpha', status: 'fresh', state: 'idle', schedule: never, parents: [], disabled: false },
      { name: 'beta', status: 'fresh', state: 'idle', schedule: never, parents: [], disabled: true },
      { name: 'gamma', status: 'fresh', state: 'idle', schedule: '', parents: ['Alpha', 'beta'], disabled: false },
    ],
  });
});

test('the graph is there for dot, and as comma-separated values', async () => {
  const { client } = await withFamily();
  expect((await client.get('/v1/scheduler/graph/dot')).text).toBe(
    'digraph G {\n  1 [label="Alpha"];\n  2 [label="beta"];\n  3 [label="gamma"];\n  1 -> 3;\n  2 -> 3;\n}\n',
  );
  expect((await client.get('/v1/scheduler/graph/csv')).text).toBe(
    'node,Alpha,fresh,idle\nnode,beta,fresh,idle\nnode,gamma,fresh,idle\nlink,Alpha,gamma\nlink,beta,gamma\n',
  );
});

test('past runs are shown, of which the last five are kept, and how long they took', async () => {
  const { client } = await startWithFakeMaster({ onLaunch: finishAtOnce });
  await post(client, { name: 'a', command: 'true', schedule: 'R7//PT0.02S', dataProcessingJobType: true });
  await waitFor(async () => {
    expect(await jobOf(client, 'a')).toMatchObject({ successCount: 7 });
  });
  const { histogram, taskStatHistory } = (await client.get('/v1/scheduler/job/stat/a')).body;
  expect(histogram).toMatchObject({ count: 7, median: expect.any(Number), '99thPercentile': expect.any(Number) });
  expect(taskStatHistory).toHaveLength(5);
  const time = expect.stringMatching(/^\d\d\/\d\d\/\d\d \d\d:\d\d:\d\d$/);
  expect(taskStatHistory[0]).toEqual({
    taskId: expect.stringMatching(/^ct:/),
    ...{ jobName: 'a', slaveId: 'S0', status: 'Success', numElementsProcessed: 0 },
    ...{ startTime: time, endTime: time, duration: expect.stringMatching(/^\d+s$/) },
  });
  const path = `/v1/scheduler/job/a/task/${encodeURIComponent(String(taskStatHistory[0].taskId))}/progress`;
  expect((await client.post(path, { numAdditionalElementsProcessed: 5 })).status).toBe(204);
  expect((await client.post(path, { numAdditionalElementsProcessed: 2 })).status).toBe(204);
  expect((await client.post(path, { numAdditionalElementsProcessed: -1 })).status).toBe(400);
  expect((await client.get('/v1/scheduler/job/stat/a')).body.taskStatHistory[0].numElementsProcessed).toBe(7);
  expect((await client.get('/v1/scheduler/stats/mean')).body).toEqual([
    { jobNameLabel: 'a', time: expect.any(Number) },
  ]);
  expect((await client.get('/v1/scheduler/stats/other')).body).toEqual([]);
  const metrics = (await client.get('/metrics')).body;
  expect(metrics.counters).toMatchObject({ 'jobs.run.success.a': { count: 7 } });
  expect(Object.keys(metrics.histograms['jobs.run.time.a'] as object)).toEqual([
    ...['count', 'max', 'mean', 'min', 'p50', 'p75', 'p95', 'p98', 'p99', 'p999', 'stddev'],
  ]);
  const { min, mean, max } = metrics.histograms['jobs.run.time.a'];
  expect(min <= mean && mean <= max).toBe(true);
});

test('who leads, that it lives, and a page of its jobs', async () => {
  const { client, url } = await startTestChronos();
  await post(client, { name: 'a', command: 'echo "<b>"', schedule: never });
  const leader = `localhost:${new URL(url).port}`;
  expect((await client.get('/v1/scheduler/leader')).body).toEqual({ leader });
  expect((await client.get('/leader')).body).toEqual({ leader });
  expect((await client.get('/ping')).text).toBe('pong');
  const page = await client.get('/');
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.text).toContain('<td>a</td>');
});

test('it introduces itself to the master as Chronos does', async () => {
  const { master } = await startWithFakeMaster({}, { user: 'nobody', principal: 'me' });
  expect(master.callsOf('SUBSCRIBE')[0].subscribe.framework_info).toMatchObject({
    ...{ name: 'chronos', user: 'nobody', role: '*', checkpoint: true, failover_timeout: 604_800, principal: 'me' },
    ...{ hostname: 'localhost', webui_url: expect.stringMatching(/^http:\/\//) },
  });
});

test('offers that no job waits for are declined', async () => {
  const { client, master } = await startWithFakeMaster({}, { declineOfferSeconds: 7 });
  await waitFor(() => {
    expect(master.callsOf('DECLINE')[0].decline.filters).toEqual({ refuse_seconds: 7 });
  });
  await post(client, { name: 'a', command: 'true', schedule: 'R1//PT1H' });
  await launchedBy(master, 1);
  expect(master.callsOf('REVIVE').length).toBeGreaterThan(0);
});
