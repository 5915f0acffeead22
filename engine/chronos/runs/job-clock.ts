import { isDependent, type Job, type ScheduledJob } from '../jobs/job.ts';
import { DueTimes } from '../schedule/due-times.ts';
import { afterRun, dueAt, lastBefore, parsePeriod, parseSchedule } from '../schedule/repeating-schedule.ts';
import type { RunQueue } from './run-queue.ts';
import type { SharedParts } from './shared-parts.ts';

/** When the jobs that have a schedule are due (JobScheduler.mainLoop of Chronos, which looks at all of them each time). */
export class JobClock {
  readonly #parts: SharedParts;
  readonly #queue: RunQueue;
  readonly #due = new DueTimes();

  constructor(parts: SharedParts, queue: RunQueue) {
    this.#parts = parts;
    this.#queue = queue;
    for (const job of parts.book.list()) this.set(job);
  }

  nextAt(): number | undefined {
    return this.#due.nextAt();
  }

  /** A job has changed, or may run again. */
  set(job: Job): void {
    const schedule = isDependent(job) || job.disabled ? undefined : parseSchedule(job.schedule, job.scheduleTimeZone);
    this.#due.set(job.name, schedule === undefined ? undefined : dueAt(schedule, this.#parts.clock()));
    this.#parts.wake();
  }

  forget(name: string): void {
    this.#due.set(name, undefined);
  }

  /** Has all wait for an offer that are due. */
  tick(): void {
    const now = this.#parts.clock();
    for (const name of this.#due.takeDue(now)) {
      const job = this.#parts.book.get(name);
      if (job !== undefined && !isDependent(job)) this.#run(job, now);
    }
  }

  /** A run is launched: that is the one that the schedule wants, if it wants one by now. */
  launched(job: Job): void {
    if (isDependent(job)) return;
    const schedule = parseSchedule(job.schedule, job.scheduleTimeZone);
    const now = this.#parts.clock();
    const due = schedule === undefined ? undefined : dueAt(schedule, now);
    if (schedule !== undefined && due !== undefined && due <= now) this.#move(job, afterRun(schedule, now));
  }

  #run(job: ScheduledJob, now: number): void {
    const schedule = parseSchedule(job.schedule, job.scheduleTimeZone);
    if (schedule === undefined || job.disabled) return;
    const epsilon = job.epsilon === undefined ? undefined : parsePeriod(job.epsilon);
    const { start, period } = schedule;
    const lateMs = start === undefined ? 0 : now - lastBefore(start, period, now).at.toMillis();
    if (epsilon !== undefined && lateMs > epsilon.toMillis() && period.toMillis() > 0) {
      this.#parts.log(`job ${job.name} is late by more than its epsilon ${job.epsilon ?? ''}: that run is left out`);
      this.#move(job, afterRun(schedule, now, false));
      return;
    }
    // Its turn comes when its present run has ended; when it waits for an offer, it has come.
    if (!job.concurrent && this.#parts.runs.isAtWork(job.name)) return;
    this.#queue.add(job, { due: now });
  }

  #move(job: ScheduledJob, schedule: string): void {
    const moved = { ...job, schedule };
    this.#parts.book.replace(moved);
    this.set(moved);
  }
}
