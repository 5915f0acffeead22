import { describe, expect, it } from 'vitest';
import { extremesOf, pathOf, roundUp, sampleAt, spanOf } from '../../../pages/app/hour/plot.ts';

const minute = 60_000;
const hourOf = (times: readonly number[], now: number) => ({
  ...{ times, now, everyMs: 10_000, figures: {}, leaderChanges: [] },
});

describe('a chart', () => {
  it('shows as much of the hour as there is, up to the last sample', () => {
    const now = 100 * minute;
    const last = now - 5000;
    expect(spanOf(hourOf([last - minute, last], now))).toEqual({ from: last - 5 * minute, to: last });
    expect(spanOf(hourOf([last - 5 * minute, last], now))).toEqual({ from: last - 5 * minute, to: last });
    expect(spanOf(hourOf([last - 6 * minute, last], now))).toEqual({ from: last - 15 * minute, to: last });
    expect(spanOf(hourOf([last - 61 * minute, last], now))).toEqual({ from: last - 60 * minute, to: last });
  });

  it('shows up to now when nothing is measured any more', () => {
    const now = 100 * minute;
    expect(spanOf(hourOf([now - 2 * minute, now - minute], now))).toEqual({ from: now - 5 * minute, to: now });
  });

  it('has lines from below, with a gap where nothing was measured or no sample was taken', () => {
    const span = { from: 0, to: 100_000 };
    const path = (times: readonly number[], values: readonly (number | null)[]) =>
      pathOf({ times, everyMs: 10_000 }, values, { span, most: 4 });
    expect(path([0, 10_000, 20_000], [0, 1, 4])).toBe('M0 100h0L100 75L200 0');
    expect(path([0, 10_000, 20_000, 30_000], [0, null, 4, 4])).toBe('M0 100h0M200 0h0L300 0');
    expect(path([0, 10_000, 50_000], [0, 0, 0])).toBe('M0 100h0L100 100M500 100h0');
    expect(path([-10_000, 0], [1, 2])).toBe('M0 50h0');
    expect(path([0], [null])).toBe('');
  });

  it('says what a line is now, was at least and at most', () => {
    expect(extremesOf([3, null, 1, 2])).toEqual({ last: 2, least: 1, most: 3 });
    expect(extremesOf([3, null])).toEqual({ last: null, least: 3, most: 3 });
    expect(extremesOf([null])).toBeUndefined();
    expect(extremesOf([])).toBeUndefined();
  });

  it('ends above at a number that people count in', () => {
    expect([0, 0.07, 0.1, 1, 3, 6, 11, 21, 70, 101].map((value) => roundUp(value))).toEqual([
      ...[1, 0.1, 0.1, 1, 5, 10, 20, 25, 100, 200],
    ]);
    expect([1, 1000, 1025].map((value) => roundUp(value, true))).toEqual([1, 1024, 2048]);
  });

  it('finds the sample that is pointed at', () => {
    const span = { from: 50, to: 150 };
    expect(sampleAt([0, 60, 100, 140], 0, span)).toBe(1);
    expect(sampleAt([0, 60, 100, 140], 0.5, span)).toBe(2);
    expect(sampleAt([0, 60, 100, 140], 1, span)).toBe(3);
    expect(sampleAt([0], 1, span)).toBeUndefined();
  });
});
