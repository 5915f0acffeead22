import { expect, test } from 'vitest';
import { Meter } from '../../../../engine/marathon/api/metrics/meter.ts';
import { Timer } from '../../../../engine/marathon/api/metrics/timer.ts';

const minute = 60_000;

test('a meter that is marked steadily has that rate, over any time', () => {
  let now = 0;
  const meter = new Meter(() => now);
  for (; now < 60 * minute; now += 500) meter.mark();
  const { mean_rate: mean, m1_rate: m1, m5_rate: m5, m15_rate: m15 } = meter.rates();
  for (const rate of [mean, m1, m5, m15]) expect(rate).toBeCloseTo(2, 1);
  expect(meter.count).toBe(7200);
});

test('what is over is forgotten, the sooner the shorter the time of the average', () => {
  let now = 0;
  const meter = new Meter(() => now);
  for (let count = 0; count < 300; count += 1) meter.mark();
  now = 5000;
  // As in Dropwizard's EWMATest: 60 events a second, and then none.
  expect(meter.rates()).toMatchObject({ m1_rate: 60, m5_rate: 60, m15_rate: 60 });
  now += minute;
  const { m1_rate: m1, m5_rate: m5, m15_rate: m15 } = meter.rates();
  expect([m1, m5, m15].map((rate) => rate / 60)).toEqual([
    expect.closeTo(Math.exp(-1), 6),
    expect.closeTo(Math.exp(-1 / 5), 6),
    expect.closeTo(Math.exp(-1 / 15), 6),
  ]);
});

test('rates that are read often are those that are read once', () => {
  let now = 0;
  const [often, once] = [new Meter(() => now), new Meter(() => now)];
  for (; now < 10 * minute; now += 700) {
    often.rates();
    if (now % 3 === 0) for (const meter of [often, once]) meter.mark();
  }
  expect(often.rates().m1_rate).toBeCloseTo(once.rates().m1_rate, 9);
});

test('a timer knows how its durations are spread, those of the last 1028', () => {
  const timer = new Timer(() => 0);
  for (let count = 0; count < 2000; count += 1) timer.update(900_000);
  for (let duration = 1; duration <= 1028; duration += 1) timer.update(duration * 1000);
  expect(timer.count).toBe(3028);
  const { min, max, mean, p50, p75, p99, stddev } = timer.spread();
  expect([min, max, mean, p50]).toEqual([1, 1028, 514.5, 514.5]);
  expect([p75, p99]).toEqual([771.75, 1018.71]);
  expect(stddev).toBeCloseTo(296.9, 1);
  expect(new Timer(() => 0).spread()).toMatchObject({ min: 0, max: 0, mean: 0, p999: 0, stddev: 0 });
});
