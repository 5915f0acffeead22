import { expect, test } from 'vitest';
import { memoryStore } from '../../../engine/framework/storage/record-store.ts';
import { StateStore } from '../../../engine/framework/storage/state-store.ts';
import { withDefaults } from '../../../engine/chronos/chronos-options.ts';
import { JobBook } from '../../../engine/chronos/jobs/job-book.ts';
import { readJob } from '../../../engine/chronos/jobs/read-job.ts';
import { History } from '../../../engine/chronos/runs/history.ts';
import { JobScheduler } from '../../../engine/chronos/runs/job-scheduler.ts';
import { Runs } from '../../../engine/chronos/runs/runs.ts';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import { TestClock } from './chronos-for-test.ts';

const ignore = () => undefined;

/** The scheduler by itself: each run is launched, and ends, in the very moment. */
function startScheduler(clock: TestClock) {
  const settings = withDefaults({
    ...{ host: '', port: 0, hostname: '' },
    ...{ masters: inMemoryDiscovery(), election: inMemoryDiscovery() },
  });
  const records = { keys: () => [], read: ignore };
  const parts = {
    ...{ settings, log: ignore, clock: clock.read, wake: ignore, call: () => Promise.resolve(true) },
    book: new JobBook([], ignore),
    runs: new Runs([], ignore),
    history: new History([], 5, ignore),
    store: new StateStore({ store: memoryStore(), records, log: ignore, onTakenOver: ignore }),
  };
  const scheduler = new JobScheduler(parts);
  const started = new Map<string, number[]>();
  const launchAll = () => {
    scheduler.tick();
    for (const { run, job } of scheduler.queue.next()) {
      started.set(job.name, [...(started.get(job.name) ?? []), clock.now]);
      scheduler.launched(run, 'S0');
      const launched = parts.runs.get(run.taskId);
      if (launched !== undefined) scheduler.finished(launched);
    }
  };
  const add = (job: object) => {
    scheduler.put(readJob(job as never, settings, clock.now));
  };
  return { add, launchAll, started, scheduler, book: parts.book };
}

/** Goes from one thing that is due to the next, until a time. */
function runUntil(end: number, clock: TestClock, { scheduler, launchAll }: ReturnType<typeof startScheduler>): void {
  for (let next = scheduler.nextAt(); next !== undefined && next < end; next = scheduler.nextAt()) {
    clock.now = Math.max(clock.now, next);
    launchAll();
  }
  clock.now = end;
}

const minute = 60_000;
const day = 86_400_000;

/** The wall clock of a zone, by Intl alone. */
function wallClock(zone: string): (ms: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  return (ms) => format.format(ms);
}

test('over a day a thousand jobs run when arithmetic in milliseconds says', () => {
  const begin = Date.parse('2026-05-05T00:00:00Z');
  const clock = new TestClock('2026-05-05T00:00:00Z');
  const chronos = startScheduler(clock);
  const jobs = Array.from({ length: 1000 }, (_, index) => ({
    name: `job${index}`,
    // From every seven minutes to half a day, and each from another second on.
    everyMs: (7 + (index % 97) * 7) * minute,
    firstAt: begin + index * 1000,
    repeats: index % 3 === 0 ? 5 : undefined,
  }));
  for (const { name, everyMs, firstAt, repeats } of jobs) {
    const schedule = `R${repeats ?? ''}/${new Date(firstAt).toISOString()}/PT${everyMs / minute}M`;
    chronos.add({ name, command: 'true', schedule });
  }
  runUntil(begin + day, clock, chronos);
  for (const { name, everyMs, firstAt, repeats = Infinity } of jobs) {
    const expected: number[] = [];
    for (let at = firstAt; at < begin + day && expected.length < repeats; at += everyMs) expected.push(at);
    expect(chronos.started.get(name), name).toEqual(expected);
    // That all repeats are used up is seen when the last run has ended.
    expect(chronos.book.get(name)?.disabled).toBe(expected.length === repeats);
  }
});

test.each([
  ['Europe/Berlin', '2026-03-28T12:00:00Z'],
  ['Europe/Berlin', '2026-10-24T12:00:00Z'],
  ['America/New_York', '2026-03-07T12:00:00Z'],
  ['America/New_York', '2026-10-31T12:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T00:00:00Z'],
  ['Asia/Kolkata', '2026-03-28T12:00:00Z'],
])('in %s, from %s on, daily jobs run when the clock on the wall says, and hourly ones each hour', (zone, from) => {
  const begin = Date.parse(from);
  const clock = new TestClock(from);
  const chronos = startScheduler(clock);
  const wall = wallClock(zone);
  const today = wall(begin).slice(0, 10);
  // But for the hours that a change leaves out or has twice: those have tests of their own.
  const times = ['00:15:00', '05:00:00', '09:30:00', '12:00:00', '18:45:30', '23:59:59'];
  const seconds = [0, 30, 59];
  for (const time of times) {
    chronos.add({
      name: time.replaceAll(':', '-'),
      command: 'true',
      schedule: `R/${today}T${time}/P1D`,
      scheduleTimeZone: zone,
    });
  }
  chronos.add({ name: 'hourly', command: 'true', schedule: `R/${new Date(begin).toISOString()}/PT1H` });
  runUntil(begin + 2 * day, clock, chronos);
  const expected = new Map<string, number[]>(times.map((time) => [time.replaceAll(':', '-'), []]));
  for (let begins = begin; begins < begin + 2 * day; begins += minute) {
    for (const at of seconds.map((second) => begins + second * 1000)) {
      const [date = '', time = ''] = wall(at).split(' ');
      if (at > begin && date >= today) expected.get(time.replaceAll(':', '-'))?.push(at);
    }
  }
  for (const [name, starts] of expected) {
    // Of today's, those that are past by noon are run at once: they were missed.
    const seen = chronos.started.get(name)?.filter((at) => at > begin);
    expect(seen?.map(wall), name).toEqual(starts.map(wall));
    expect(seen, name).toEqual(starts);
  }
  expect(chronos.started.get('hourly')).toEqual(Array.from({ length: 48 }, (_, hour) => begin + hour * 3_600_000));
});

test('a job that was missed many times runs once, at once; one that is late by more than its epsilon does not', () => {
  const clock = new TestClock('2026-05-05T10:20:00Z');
  const chronos = startScheduler(clock);
  const schedule = 'R/2026-05-01T00:00:00Z/PT1H';
  chronos.add({ name: 'any', command: 'true', schedule });
  chronos.add({ name: 'in-time', command: 'true', schedule, epsilon: 'PT30M' });
  chronos.add({ name: 'late', command: 'true', schedule, epsilon: 'PT15M' });
  runUntil(Date.parse('2026-05-05T11:30:00Z'), clock, chronos);
  const startsOf = (name: string) => chronos.started.get(name)?.map((at) => new Date(at).toISOString().slice(11, 16));
  expect(startsOf('any')).toEqual(['10:20', '11:00']);
  expect(startsOf('in-time')).toEqual(['10:20', '11:00']);
  expect(startsOf('late')).toEqual(['11:00']);
});
