import { expect, test } from 'vitest';
import { HourKeeper } from '../../../../engine/metrics/hour/keep-hour.ts';
import { HourRing } from '../../../../engine/metrics/hour/hour-ring.ts';
import { ofApp, start } from './hour-for-test.ts';

/** A keeper on a clock that only its waits, and what it measures, move on. */
function keeperForTest({ tookMs = 0, asked = () => false }: { tookMs?: number; asked?: (at: number) => boolean }) {
  const ring = new HourRing();
  const stopped = new AbortController();
  const measured: number[] = [];
  let at = start;
  const record = () => {
    ring.record({ measures: [ofApp('/shop', 1)], served: new Map(), at });
  };
  const keeper = new HourKeeper({
    ring,
    signal: stopped.signal,
    now: () => at,
    measure: () => {
      measured.push(at - start);
      at += tookMs;
      record();
      return Promise.resolve();
    },
    sleep: (ms) => {
      // Each second somebody else may ask.
      for (const end = at + ms; at < end; at = Math.min(end, at + 1000)) if (asked(at - start)) record();
      if (at - start > 120_000) stopped.abort();
      return Promise.resolve();
    },
  });
  return { ring, keeper, measured };
}

test('it measures by itself every 12 seconds', async () => {
  const { keeper, measured } = keeperForTest({});
  await keeper.run();
  expect(measured).toEqual(Array.from({ length: 11 }, (_, index) => index * 12_000));
});

test('it leaves that to whoever asks every ten seconds', async () => {
  const { ring, keeper, measured } = keeperForTest({ asked: (at) => at % 10_000 === 0 });
  await keeper.run();
  expect(measured).toEqual([0]);
  expect(ring.figuresOf('app', '/shop', start + 120_000).times.length).toBeGreaterThanOrEqual(12);
});

test('what takes long is done less often', async () => {
  const { keeper, measured } = keeperForTest({ tookMs: 3000 });
  expect(keeper.everyMs).toBe(12_000);
  await keeper.run();
  expect(measured).toEqual([0, 30_000, 60_000, 90_000, 120_000]);
  expect(keeper.everyMs).toBe(27_000);
});
