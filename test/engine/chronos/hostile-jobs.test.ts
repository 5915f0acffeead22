import fc from 'fast-check';
import { expect, test } from 'vitest';
import { finishAtOnce, jobOf, never, post, startWithFakeMaster } from './chronos-for-test.ts';

const fields = [
  ...['name', 'command', 'schedule', 'scheduleTimeZone', 'epsilon', 'parents', 'shell', 'executor', 'retries', 'cpus'],
  ...['mem', 'disk', 'disabled', 'fetch', 'uris', 'environmentVariables', 'arguments', 'highPriority', 'runAsUser'],
  ...['container', 'constraints', 'concurrent', 'maxCompletionTime', 'softError', 'lastError', 'lastSuccess', 'owner'],
];

const shaped = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'job',
    'R//PT1S',
    'R1//P',
    'R0/2026-01-01/P1Y',
    'R/275760-09-13T00:00:00Z/P9999Y',
    'R//PT0.001S',
  ),
  fc.constantFrom('PST', 'GMT+1', 'P1D', 'constructor', '__proto__', '-1', '1e308', 'NaN', '\u0000', '\ud800'),
  fc.constantFrom<fc.JsonValue>(['a'], ['a', 'b'], [{ name: 'x', value: 'y' }], [{ uri: 'u' }], [['h', 'LIKE', '(']]),
  fc.constantFrom<fc.JsonValue>(
    { image: 'x' },
    { image: 'x', volumes: [{}], networkInfos: [{}], parameters: [{}] },
    -1,
    1e308,
  ),
  fc.jsonValue(),
);

const jobs = fc.dictionary(fc.constantFrom(...fields), shaped, { maxKeys: 12 });

test('whatever is in a job, it is taken or refused, and Chronos goes on with those that it has', async () => {
  const { client, log } = await startWithFakeMaster({ onLaunch: finishAtOnce });
  await post(client, { name: 'witness', command: 'true', schedule: never, description: 'as it was' });
  const submit = fc.asyncProperty(jobs, fc.constantFrom('iso8601', 'dependency'), async (job, path) => {
    const { status, text } = await client.post(`/v1/scheduler/${path}`, { ...job, name: job['name'] ?? 'any' });
    if (status === 500) expect(text).toMatch(/java\.lang\.Exception|CycleFoundException/);
    else expect([204, 400]).toContain(status);
  });
  await fc.assert(submit, { numRuns: 300 });
  await client.put('/v1/scheduler/job/witness', undefined);
  expect((await client.get('/v1/scheduler/jobs')).status).toBe(200);
  expect((await client.get('/v1/scheduler/jobs/summary')).status).toBe(200);
  expect((await client.get('/')).status).toBe(200);
  expect(await jobOf(client, 'witness')).toMatchObject({ description: 'as it was' });
  expect(log.filter((line) => line.includes('bug, please report') || line.includes('Error:'))).toEqual([]);
});
