import { describe, expect, it } from 'vitest';
import { makeLoad, type LoadResult } from '../../../checks/load/make-load.ts';
import { systemClock } from '../../../platform/clock.ts';
import { startFakeServer } from '../../support/fake-server.ts';

const clock = systemClock;
const { signal } = new AbortController();

describe('load', () => {
  it('is as many requests as were asked for, over connections that are kept', async () => {
    const connections = new Set<unknown>();
    const url = await startFakeServer(({ socket }, response) => {
      connections.add(socket);
      response.writeHead(connections.size > 0 ? 200 : 500).end('x'.repeat(10_000));
    });
    const result = await makeLoad({ url, rate: 100, forMs: 1000, signal, clock });
    expect(result).toMatchObject({ sent: 100, answers: { 200: 100 }, errors: {}, seconds: 1 });
    expect(result.rate).toBeLessThanOrEqual(100);
    expect(result.rate).toBeGreaterThan(20);
    expect(connections.size).toBeLessThan(100);
  });

  it('counts answers by status, and what was not answered by its reason', async () => {
    let asked = 0;
    const url = await startFakeServer((_, response) => {
      asked += 1;
      if (asked % 4 === 0) response.destroy();
      else response.writeHead(asked % 4 === 1 ? 503 : 200).end();
    });
    const { answers, errors } = await makeLoad({ url, rate: 200, forMs: 200, signal, clock });
    expect(answers).toEqual({ 200: 20, 503: 10 });
    expect(Object.values(errors).reduce((sum, count) => sum + count, 0)).toBe(10);
  });

  it('is sent on when nobody answers, and gives each request up in its time', async () => {
    const url = await startFakeServer(() => undefined);
    const result = await makeLoad({ url, rate: 50, forMs: 200, signal, clock, answerMs: 100 });
    expect(result).toMatchObject({ sent: 10, answers: {}, errors: { timeout: 10 }, latencyMs: { p50: 0, max: 0 } });
  });

  it('counts the time that a request had to wait for its turn', async () => {
    let held: (() => void)[] = [];
    let released = false;
    const url = await startFakeServer((_, response) => {
      const answer = () => response.end();
      if (released) answer();
      else held.push(answer);
      if (held.length < 20) return;
      // All of them were due at 50 ms intervals at most, and are answered together when the last one has come.
      released = true;
      for (const each of held) each();
      held = [];
    });
    const { latencyMs, answers } = await makeLoad({ url, rate: 100, forMs: 200, signal, clock });
    expect(answers).toEqual({ 200: 20 });
    // The first was due 190 ms before the last.
    expect(latencyMs.max).toBeGreaterThanOrEqual(180);
    expect(latencyMs.p50).toBeLessThanOrEqual(latencyMs.p90);
    expect(latencyMs.p90).toBeLessThanOrEqual(latencyMs.p99);
    expect(latencyMs.p99).toBeLessThanOrEqual(latencyMs.max);
  });

  it('has the rate at which a slow server answers, and not that of the requests', async () => {
    let waiting = 0;
    const url = await startFakeServer((_, response) => {
      waiting += 1;
      setTimeout(() => response.end(), waiting * 25);
    });
    const result = await makeLoad({ url, rate: 400, forMs: 100, signal, clock });
    expect(result.answers).toEqual({ 200: 40 });
    expect(result.rate).toBeLessThanOrEqual(40);
  });

  it('ends when it is interrupted, with what was measured by then', async () => {
    const stop = new AbortController();
    let asked = 0;
    const url = await startFakeServer((_, response) => {
      asked += 1;
      if (asked === 20) stop.abort();
      else if (asked < 20) response.end();
    });
    const result = await makeLoad({ url, rate: 200, forMs: 3_600_000, signal: stop.signal, clock });
    expect(result.answers[200]).toBeGreaterThanOrEqual(1);
    expect(result.sent).toBeGreaterThanOrEqual(20);
    expect(result.errors['interrupted']).toBeGreaterThanOrEqual(1);
  });

  it('tells how it goes every second', async () => {
    const url = await startFakeServer((_, response) => response.end());
    const told: LoadResult[] = [];
    await makeLoad({ url, rate: 20, forMs: 1500, signal, clock, onProgress: (so) => told.push(so) });
    expect(told.length).toBeGreaterThanOrEqual(1);
    expect(told.at(-1)?.sent).toBeLessThanOrEqual(30);
  });
});
