import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PacedRuns } from '../../../../engine/marathon/leadership/paced-runs.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Each run takes this long, and wakes the next one as a message that comes meanwhile does. */
function runsOf(tookMs: number) {
  let now = 0;
  const counted = { runs: 0 };
  const runs = new PacedRuns(
    () => {
      counted.runs += 1;
      now += tookMs;
      runs.ask();
    },
    () => now,
  );
  runs.ask();
  return { runs, counted };
}

test('runs that take long leave four times as long to others, and what came meanwhile is one more', async () => {
  const { counted } = runsOf(50);
  await vi.advanceTimersByTimeAsync(199);
  expect(counted.runs).toBe(1);
  await vi.advanceTimersByTimeAsync(2);
  expect(counted.runs).toBe(2);
});

test('after a very long one nobody waits for longer than a quarter of a second', async () => {
  const { counted } = runsOf(60_000);
  await vi.advanceTimersByTimeAsync(249);
  expect(counted.runs).toBe(1);
  await vi.advanceTimersByTimeAsync(2);
  expect(counted.runs).toBe(2);
});

test('short ones are made as soon as somebody asks', async () => {
  const { counted } = runsOf(1);
  await vi.advanceTimersByTimeAsync(10);
  expect(counted.runs).toBeGreaterThan(5);
});

test('nothing runs after the end', async () => {
  const { runs, counted } = runsOf(50);
  await vi.advanceTimersByTimeAsync(10);
  runs.stop();
  await vi.advanceTimersByTimeAsync(1000);
  expect(counted.runs).toBe(1);
});
