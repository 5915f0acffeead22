import { describe, expect, it } from 'vitest';
import { readWish } from '../../autoscaling/labels/read-wish.ts';
import { boundsAt, type Wish } from '../../autoscaling/labels/wish.ts';

const good = { AUTOSCALE_MAX: '8', AUTOSCALE_METRIC: 'requests-per-second', AUTOSCALE_TARGET: '50' };

function wishOf(labels: Readonly<Record<string, string>>): Wish {
  const read = readWish({ ...good, ...labels });
  if (read.kind !== 'wish') throw new Error(JSON.stringify(read));
  return read.wish;
}

function mistakesIn(labels: Readonly<Record<string, string>>): readonly string[] {
  const read = readWish(labels);
  return read.kind === 'problems' ? read.problems.map(({ message, found = '' }) => `${message}: ${found}`) : [];
}

describe('labels of auto-scaling', () => {
  it('are none of an app that has no AUTOSCALE label', () => {
    expect(readWish({ HAPROXY_GROUP: 'external' })).toEqual({ kind: 'none' });
  });

  it('say bounds, metric and target, from one instance on and with a window of a minute', () => {
    expect(wishOf({})).toEqual({
      ...{ min: 1, max: 8, metric: { kind: 'requests-per-second' }, target: 50, cooldownMs: 60_000, schedule: [] },
    });
  });

  it.each([
    ['90secs', 90_000],
    ['5mins', 300_000],
    ['30', 30_000],
  ])('take a cooldown of %s', (text, cooldownMs) => {
    expect(wishOf({ AUTOSCALE_COOLDOWN: text }).cooldownMs).toBe(cooldownMs);
  });

  it('take a query of a Prometheus', () => {
    expect(wishOf({ AUTOSCALE_METRIC: 'prometheus: sum(rate(http_requests_total[1m]))' }).metric).toEqual({
      kind: 'prometheus',
      query: 'sum(rate(http_requests_total[1m]))',
    });
  });

  it('are refused with all mistakes at once', () => {
    const labels = {
      AUTOSCALE_MIN: '0',
      AUTOSCALE_METRIC: 'request-per-second',
      AUTOSCALE_TARGET: '-1',
      AUTOSCALE_COOLDOWN: 'soon',
      AUTOSCALE_SCHEDULE: 'mon-fri 08:00 min=2',
      AUTOSCALE_MIX: '1',
    };
    expect(mistakesIn(labels)).toEqual([
      'There is no label AUTOSCALE_MIX: AUTOSCALE_MIX',
      'AUTOSCALE_MIN is not what it may be: 0',
      'AUTOSCALE_MAX is missing: ',
      'AUTOSCALE_METRIC is not what it may be: request-per-second',
      'AUTOSCALE_TARGET is not what it may be: -1',
      'AUTOSCALE_COOLDOWN is not what it may be: soon',
      'It is no span of the week: mon-fri 08:00 min=2',
    ]);
  });

  it('are refused with the mistakes of a span, too, where the bounds contradict each other', () => {
    const schedule = 'mon 08:00-09:00 min=9; tue 08:00-09:00 max=3; wed 08:00-09:00 min=7 max=6';
    expect(mistakesIn({ ...good, AUTOSCALE_MIN: '9', AUTOSCALE_SCHEDULE: schedule })).toEqual([
      'AUTOSCALE_MIN is above AUTOSCALE_MAX: 9, and AUTOSCALE_MAX 8',
      'Its min, 7, is above its max, 6: wed 08:00-09:00 min=7 max=6',
    ]);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['bounds', { AUTOSCALE_MIN: '9' }, 'AUTOSCALE_MIN is above AUTOSCALE_MAX: 9, and AUTOSCALE_MAX 8'],
    [
      'memory of more than there is',
      { AUTOSCALE_METRIC: 'memory', AUTOSCALE_TARGET: '120' },
      'No instance ever uses more than all of its memory: 120',
    ],
    [
      'a span with the bounds of the labels',
      { AUTOSCALE_SCHEDULE: 'daily 08:00-09:00 min=9' },
      'Its min, 9, is above its max, 8: daily 08:00-09:00 min=9',
    ],
    [
      'two spans',
      { AUTOSCALE_SCHEDULE: 'mon-fri 08:00-18:00 min=2; fri 17:00-19:00 min=3' },
      'Two spans of it are at the same time: mon-fri 08:00-18:00 min=2; fri 17:00-19:00 min=3',
    ],
    [
      'a span over the end of the week, and one at its beginning',
      { AUTOSCALE_SCHEDULE: 'sat 22:00-06:00 min=2; sun 05:00-07:00 min=3' },
      'Two spans of it are at the same time: sat 22:00-06:00 min=2; sun 05:00-07:00 min=3',
    ],
    ['a day', { AUTOSCALE_SCHEDULE: 'someday 08:00-09:00 min=2' }, 'someday are no days: someday 08:00-09:00 min=2'],
    ['a time', { AUTOSCALE_SCHEDULE: 'mon 08:00-25:00 min=2' }, 'Its times are none of a day: mon 08:00-25:00 min=2'],
    ['an empty schedule', { AUTOSCALE_SCHEDULE: ' ; ' }, 'It has no span:  ; '],
  ])('that contradict each other are refused: %s', (_, labels, mistake) => {
    expect(mistakesIn({ ...good, ...labels })).toEqual([mistake]);
  });
});

describe('a schedule', () => {
  const wish = wishOf({ AUTOSCALE_SCHEDULE: 'mon-fri 08:00-18:00 min=4; sat 22:00-06:00 max=2' });
  const at = (time: string) => boundsAt(wish, Date.parse(time));

  it('has other bounds within its spans, in UTC', () => {
    expect(at('2026-11-30T07:59:59Z')).toEqual({ min: 1, max: 8 });
    expect(at('2026-11-30T08:00:00Z')).toMatchObject({ min: 4, max: 8 });
    expect(at('2026-12-04T17:59:59Z')).toMatchObject({ min: 4, max: 8 });
    expect(at('2026-12-04T18:00:00Z')).toEqual({ min: 1, max: 8 });
  });

  it('goes over midnight and the end of the week', () => {
    expect(at('2026-12-05T22:00:00Z')).toMatchObject({ min: 1, max: 2 });
    expect(at('2026-12-06T05:59:00Z')).toMatchObject({ min: 1, max: 2 });
    expect(at('2026-12-06T06:00:00Z')).toEqual({ min: 1, max: 8 });
  });
});
