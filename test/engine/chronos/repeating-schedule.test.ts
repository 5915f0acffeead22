import { expect, test } from 'vitest';
import { afterRun, dueAt, parsePeriod, parseSchedule } from '../../../engine/chronos/schedule/repeating-schedule.ts';

const startOf = (text: string, zone?: string) => parseSchedule(text, zone)?.start?.toMillis();
const at = (iso: string) => Date.parse(iso);

/** The schedule after a run at its own time, or at another one. */
function next(text: string, zone = '', now?: string): string {
  const schedule = parseSchedule(text, zone);
  if (schedule === undefined) throw new Error(`cannot parse ${text}`);
  return afterRun(schedule, now === undefined ? (dueAt(schedule, 0) ?? 0) : at(now));
}

/** Times at which a schedule runs, each a moment after it is due. */
function times(text: string, zone: string, count: number): string[] {
  const found: string[] = [];
  let schedule = text;
  for (let index = 0; index < count; index += 1) {
    const due = startOf(schedule, zone) ?? 0;
    found.push(new Date(due).toISOString());
    schedule = next(schedule, zone, new Date(due + 20).toISOString());
  }
  return found;
}

// Iso8601ExpressionParserSpec.scala of Chronos.
test.each([
  ['R/2008-03-01T13:00:00Z/P1D', '', '2008-03-01T13:00:00Z'],
  ['R5/2008-03-01T13:00:00Z/P1D', '', '2008-03-01T13:00:00Z'],
  ['R/2008-03-01T13:00:00Z/P1D', 'BST', '2008-03-01T13:00:00+06:00'],
  ['R/2008-03-01T13:00:00Z/P1D', 'PST', '2008-03-01T13:00:00-08:00'],
  ['R/2008-03-01T13:00:00Z/P1D', 'Europe/Paris', '2008-03-01T13:00:00+01:00'],
  ['R/2008-03-01T13:00:00-04:00/P1D', 'PST', '2008-03-01T13:00:00-08:00'],
  ['R/2008-03-01/P1D', 'PST', '2008-03-01T00:00:00-08:00'],
  ['R/2008-03-01T13:00:00Z/P1D', 'GMT+05:30', '2008-03-01T13:00:00+05:30'],
  ['R/2008-07-01T13:00:00Z/P1D', 'EST', '2008-07-01T13:00:00-05:00'],
  ['R/1997-07-16T19:20:30.45+01:00/PT1M', '', '1997-07-16T19:20:30.45+01:00'],
])('%s in zone "%s" starts at %s', (schedule, zone, expected) => {
  expect(startOf(schedule, zone)).toBe(at(expected));
});

test.each([
  ...['FOO', 'R/2008-03-01T13:00:00Z', 'R/2008-13-01T13:00:00Z/P1D', 'R-1/2008-03-01T13:00:00Z/P1D'],
  ...[
    'R/2008-03-01T13:00:00Z/1D',
    'R/2008-03-01T13:00:00Z/P1H',
    'R/2008-03-01T13:00:00Z/PT',
    'R/2008-03-01T13:00:00Z/PTT',
  ],
  ...['R99999999999999999999/2008-03-01T13:00:00Z/P1D', 'r/2008-03-01T13:00:00Z/P1D', '/2008-03-01T13:00:00Z/P1D'],
  ...['R/tomorrow/P1D', 'R/2008-02-30T13:00:00Z/P1D', 'R/2008-03-01T13:00:00Z/P-1D', ''],
])('%s is no schedule', (schedule) => {
  expect(parseSchedule(schedule)).toBeUndefined();
});

test('a zone that there is not makes no schedule', () => {
  expect(parseSchedule('R/2008-03-01T13:00:00Z/P1D', 'Europe/Atlantis')).toBeUndefined();
});

test('a schedule without a start is due now, and then by its period', () => {
  const schedule = parseSchedule('R3//PT2S');
  if (schedule === undefined) throw new Error('not parsed');
  const now = at('2026-01-01T12:00:00.500Z');
  expect(dueAt(schedule, now)).toBeLessThan(now);
  expect(afterRun(schedule, now)).toBe('R2/2026-01-01T12:00:01.500Z/PT2S');
});

test('a repeat is taken with each run, and none is left in the end', () => {
  expect(next('R2/2026-01-01T00:00:00Z/PT1H')).toBe('R1/2026-01-01T01:00:00.000Z/PT1H');
  expect(next('R1/2026-01-01T00:00:00Z/PT1H')).toBe('R0/2026-01-01T01:00:00.000Z/PT1H');
  const over = parseSchedule('R0/2026-01-01T01:00:00.000Z/PT1H');
  expect(over && dueAt(over, at('2030-01-01T00:00:00Z'))).toBeUndefined();
  expect(next('R1//P', '', '2026-01-01T00:00:00Z')).toBe('R0/2025-12-31T23:59:59.000Z/PT0S');
});

test('however many times were missed, the next one is to come, and they took one repeat', () => {
  expect(next('R/2020-01-01T00:00:00Z/PT1H', '', '2026-05-05T17:20:01Z')).toBe('R/2026-05-05T18:00:00.000Z/PT1H');
  expect(next('R9/2020-01-31T00:00:00Z/P1M', '', '2026-02-10T00:00:00Z')).toBe('R8/2026-02-28T00:00:00.000Z/P1M');
  expect(next('R/2012-10-01T05:52:00Z/PT2S', '', '2026-05-05T17:20:01Z')).toBe('R/2026-05-05T17:20:02.000Z/PT2S');
});

test('the offset of a start stays as it was written', () => {
  expect(next('R/2026-01-01T00:00:00+02:00/PT1H')).toBe('R/2026-01-01T01:00:00.000+02:00/PT1H');
});

test('a job of each day keeps its time of day when the clocks change', () => {
  expect(times('R/2026-03-27T09:00:00/P1D', 'Europe/Berlin', 4)).toEqual([
    '2026-03-27T08:00:00.000Z',
    '2026-03-28T08:00:00.000Z',
    // Summer time began at two in the night.
    '2026-03-29T07:00:00.000Z',
    '2026-03-30T07:00:00.000Z',
  ]);
  expect(times('R/2026-10-24T09:00:00/P1D', 'America/New_York', 9).at(-1)).toBe('2026-11-01T14:00:00.000Z');
});

test('a job of each hour runs each hour when the clocks change', () => {
  const hours = times('R/2026-10-25T00:30:00/PT1H', 'Europe/Berlin', 6);
  expect(hours.map((each) => each.slice(11, 16))).toEqual(['22:30', '23:30', '00:30', '01:30', '02:30', '03:30']);
});

test('a time that the clocks leave out is an hour later', () => {
  expect(times('R/2026-03-28T02:30:00/P1D', 'Europe/Berlin', 2)).toEqual([
    '2026-03-28T01:30:00.000Z',
    // 03:30 there, for there is no 02:30.
    '2026-03-29T01:30:00.000Z',
  ]);
});

test.each([
  ['PT15M', 900_000],
  ['P1DT1S', 86_401_000],
  ['PT0.5S', 500],
  ['P', 0],
])('%s is a period of %d ms', (text, ms) => {
  expect(parsePeriod(text)?.toMillis()).toBe(ms);
});
