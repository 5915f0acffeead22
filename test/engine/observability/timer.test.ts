import { expect, test } from 'vitest';
import { Timer } from '../../../engine/observability/timer.ts';

test('a timer tells what a timer of libprocess tells', () => {
  const timer = new Timer();
  expect(timer.metrics('x')).toEqual({});
  timer.record(5);
  expect(timer.metrics('x')).toEqual({ x: 5 });
  for (const ms of [1, 2, 3, 4]) timer.record(ms);
  expect(timer.metrics('x')).toEqual({
    ...{ x: 4, 'x/count': 5, 'x/min': 1, 'x/max': 5, 'x/p50': 3, 'x/p90': 4.6, 'x/p95': 4.8, 'x/p99': 4.96 },
    'x/p999': expect.closeTo(4.996) as number,
    'x/p9999': expect.closeTo(4.9996) as number,
  });
});

test('a timer keeps the last thousand', () => {
  const timer = new Timer();
  for (let ms = 1; ms <= 2500; ms += 1) timer.record(ms);
  expect(timer.metrics('x')).toMatchObject({ x: 2500, 'x/count': 1000, 'x/min': 1501, 'x/max': 2500 });
});
