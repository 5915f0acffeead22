import { DateTime, Duration } from 'luxon';
import { javaTimeZone } from './java-time-zone.ts';

/** `R3/2026-01-01T00:00:00Z/PT1H`, read (Iso8601Expressions.scala of Chronos). */
export interface RepeatingSchedule {
  /** How often it is still run; undefined: for ever. */
  readonly repeats: number | undefined;
  /** When it is run next, in the zone of the schedule; undefined: now. */
  readonly start: DateTime | undefined;
  readonly period: Duration;
}

const expression = /^R(\d*)\/(.*)\/(P.*)$/;
const periodForm = /^P(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:[.,]\d+)?S)?)?$/;

/**
 * Reads a schedule. A zone that is given has its fields: 13:00Z with `PST` is 13:00 there.
 * @returns undefined when it cannot be read, its zone included
 */
export function parseSchedule(text: string, timeZone = ''): RepeatingSchedule | undefined {
  const [, count = '', startText = '', periodText] = expression.exec(text) ?? [];
  const repeats = count === '' ? undefined : Number(count);
  const zone = timeZone === '' ? undefined : javaTimeZone(timeZone);
  if (periodText === undefined || (repeats !== undefined && !Number.isSafeInteger(repeats))) return undefined;
  if (timeZone !== '' && zone === undefined) return undefined;
  const period = parsePeriod(periodText);
  if (period === undefined) return undefined;
  if (startText === '') return { repeats, start: undefined, period };
  const parsed = DateTime.fromISO(startText, { setZone: true, zone: 'utc' });
  const start = zone === undefined ? parsed : parsed.setZone(zone, { keepLocalTime: true });
  return start.isValid ? { repeats, start, period } : undefined;
}

/** `PT1H`, `P1Y2M3DT4H5M6S`; a `P` by itself is no time at all, as to Joda. Undefined when it is none. */
export function parsePeriod(text: string): Duration | undefined {
  if (!periodForm.test(text)) return undefined;
  const period = /\d/.test(text) ? Duration.fromISO(text) : Duration.fromMillis(0);
  return period.isValid ? period : undefined;
}

/** As Chronos writes it. */
function printSchedule(repeats: number | undefined, start: DateTime, period: Duration): string {
  const length = period.toMillis() === 0 ? 'PT0S' : (period.toISO() ?? 'PT0S');
  return `R${repeats ?? ''}/${(start.toISO() ?? '').replace(/\+00:00$/, 'Z')}/${length}`;
}

/** When a schedule is due, in milliseconds; undefined: never again. */
export function dueAt({ repeats, start }: RepeatingSchedule, now: number): number | undefined {
  return repeats === 0 ? undefined : (start?.toMillis() ?? now - 1);
}

/**
 * The schedule after a run at `now`: the first time that is to come, which leaves out those that were missed, however
 * many; they count as one run (JobUtils.skipForward). Days and longer keep the time of day, hours and shorter are exact.
 * @param isRun whether it takes one of the repeats
 */
export function afterRun(schedule: RepeatingSchedule, now: number, isRun = true): string {
  const { repeats, period } = schedule;
  // Now, to Chronos, is one second ago.
  const start = schedule.start ?? DateTime.fromMillis(now - 1000, { zone: 'utc' });
  const left = isRun && repeats !== undefined ? Math.max(0, repeats - 1) : repeats;
  const next = firstAfter(start, period, now);
  // Beyond the last date that there is: it is over.
  return next.isValid ? printSchedule(left, next, period) : printSchedule(0, start, period);
}

function firstAfter(start: DateTime, period: Duration, now: number): DateTime {
  if (start.toMillis() > now || period.toMillis() === 0) return start;
  return start.plus(multiplied(period, lastBefore(start, period, now).times + 1));
}

/** The last time of a schedule that is not after `now`, which its start is not. */
export function lastBefore(
  start: DateTime,
  period: Duration,
  now: number,
): { readonly at: DateTime; readonly times: number } {
  const length = period.toMillis();
  if (length === 0) return { at: start, times: 0 };
  // Months and days differ in length: a little before, and then one by one.
  const guess = Math.floor((now - start.toMillis()) / length);
  let times = Math.max(0, Math.floor(guess * 0.97) - 2);
  // What has hours and shorter units alone is exact.
  if (isExact(period)) times = Math.max(0, guess);
  let at = start.plus(multiplied(period, times));
  for (;;) {
    const next = start.plus(multiplied(period, times + 1));
    if (!next.isValid || next.toMillis() > now) return { at, times };
    [at, times] = [next, times + 1];
  }
}

const isExact = ({ years, quarters, months, weeks, days }: Duration) => years + quarters + months + weeks + days === 0;

const multiplied = (period: Duration, times: number) => period.mapUnits((amount) => amount * times);
