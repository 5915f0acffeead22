import { describe, expect, it } from 'vitest';
import { startFakeServer } from '../support/fake-server.ts';
import { runFake, temporaryFolder } from './fake-context.ts';

async function startShop(answered: (count: number) => void = () => undefined): Promise<string> {
  let count = 0;
  const url = await startFakeServer((_, response) => {
    response.end('sold');
    count += 1;
    answered(count);
  });
  return `${url}/`;
}

const load = (words: readonly string[], signal?: AbortSignal) =>
  runFake(['load', ...words], { cwd: temporaryFolder(), ...(signal === undefined ? {} : { signal }) });

describe('load', () => {
  it('shows how many were answered and how, the rate and latencies', async () => {
    const url = await startShop();
    const { exitCode, stdout, stderr } = await load([url, '--rate', '40', '--for', '1s']);
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/^40 requests in 1 s: 40 answered\nanswers {2}40 × 200\n\n/),
    ]);
    expect(stdout).toMatch(/\nrate +p50 +p90 +p99 +max\n[\d.]+\/s +[\d.]+ ms +[\d.]+ ms +[\d.]+ ms +[\d.]+ ms\n$/);
    expect(stderr).toContain(`Asking ${url} 40 times a second for 1 s`);
  });

  it('prints it as data with --json', async () => {
    const url = await startShop();
    const { exitCode, stdout, stderr } = await load([url, '--rate', '20', '--for', '1', '--json', '--quiet']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ url, asked: { rate: 20, seconds: 1 }, seconds: 1, sent: 20, answers: { 200: 20 }, errors: {}, rate: 20 },
      latencyMs: { p50: expect.any(Number) as number, max: expect.any(Number) as number },
    });
  });

  it('ends with 4 when nobody answers, and says why', async () => {
    // Nobody listens at port 1.
    const { exitCode, stdout } = await load(['http://127.0.0.1:1/', '--rate', '5', '--for', '1s']);
    expect([exitCode, stdout]).toEqual([4, '5 requests in 1 s: 0 answered, 5 not\nerrors   5 × ECONNREFUSED\n']);
  });

  it('prints what was measured when it is interrupted', async () => {
    const interrupt = new AbortController();
    const url = await startShop((count) => {
      if (count === 5) interrupt.abort();
    });
    const { exitCode, stdout } = await load([url, '--rate', '100', '--for', '24h'], interrupt.signal);
    expect([exitCode, stdout]).toEqual([130, expect.stringMatching(/^\d+ requests in [\d.]+ s: \d+ answered/)]);
  });

  it.each(['ftp://127.0.0.1/', '127.0.0.1:10000', 'file:///etc/passwd', 'shop'])(
    'asks nothing but http: not %s',
    async (url) => {
      const { exitCode, stderr } = await load([url]);
      expect([exitCode, stderr]).toEqual([
        2,
        expect.stringContaining(`USAGE_ARGUMENTS: ${url} is no URL that can be asked`),
      ]);
      expect(stderr).toContain('create-mesos-cluster load http://127.0.0.1:10000/ --rate 20 --for 60s');
    },
  );

  it.each([
    [['--rate', '0'], '--rate', 'a whole number from 1 to 99999'],
    [['--for', 'ever'], '--for', 'a time such as 60s, 5m or 1h, at most 24h'],
    [['--for', '25h'], '--for', 'a time such as 60s, 5m or 1h, at most 24h'],
  ])('refuses %j', async (words, flag, allowed) => {
    const { exitCode, stderr } = await load(['http://127.0.0.1:1/', ...words]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`${flag}: error USAGE_FLAG_VALUE`)]);
    expect(stderr).toContain(allowed);
  });
});
