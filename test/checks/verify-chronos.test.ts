import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { verify } from '../../checks/verify/verify.ts';
import { ClockOfLooks } from './clock-of-looks.ts';
import { startFakeCluster } from './fake-cluster.ts';

const apps = { basic: { id: 'basic-0', cmd: 'echo' }, nginx: { id: 'nginx' } };
const times = { lookMs: 300, startMs: 300, cleanUpMs: 1000, intervalMs: 10 };
const common = () => ({ signal: new AbortController().signal, apps, times, clock: new ClockOfLooks(times.intervalMs) });

interface Behaviour {
  readonly submitted?: number;
  /** What it says of the job. */
  readonly job?: object;
}

/** Verifies a cluster with a Chronos that answers so. */
async function verifyWith({ submitted = 204, job = {} }: Behaviour) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    if (request.method === 'POST') response.writeHead(submitted).end(submitted === 204 ? '' : 'no');
    else if (request.method === 'DELETE') response.writeHead(204).end();
    else response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(job));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cluster = await startFakeCluster();
  onTestFinished(async () => {
    server.close();
    await cluster.stop();
  });
  const chronoses = [`http://127.0.0.1:${(server.address() as AddressInfo).port}`];
  const result = await verify({ ...cluster.target, chronoses }, { ...common(), runId: 'run-1' });
  return { check: result.checks.find(({ name }) => name === 'chronos-job'), requests, url: chronoses[0] };
}

test('a job that ran is the proof, and is removed', async () => {
  const { check, requests, url } = await verifyWith({ job: { successCount: 1, errorCount: 0 } });
  expect(check).toMatchObject({ outcome: 'passed', evidence: `the job verify-run-1 ran, says ${url}` });
  expect([requests[0], requests.at(-1)]).toEqual([
    'POST /v1/scheduler/iso8601',
    'DELETE /v1/scheduler/job/verify-run-1',
  ]);
});

test.each([
  ['a job that does not run', { job: { successCount: 0 } }, 'the job verify-run-1 has not run yet'],
  [
    'a job that failed',
    { job: { errorCount: 1, lastError: '2026-01-01' } },
    'the job verify-run-1 failed at 2026-01-01',
  ],
  ['a job that is refused', { submitted: 400 }, 'answers 400 to a job: no'],
  ['a Chronos without a leader', { submitted: 500 }, 'answers 500 no'],
])('%s fails the check, and leaves nothing', async (_, behaviour, evidence) => {
  const { check, requests } = await verifyWith(behaviour);
  expect(check).toMatchObject({ outcome: 'failed', evidence: expect.stringContaining(evidence) });
  expect(requests.at(-1)).toMatch(/^DELETE /);
});

test('a cluster without Chronos has no such check', async () => {
  const cluster = await startFakeCluster();
  onTestFinished(() => cluster.stop());
  const { checks } = await verify(cluster.target, common());
  expect(checks.map(({ name }) => name)).not.toContain('chronos-job');
});
