import type { TaskStatus } from '../../../protocol/mesos.ts';
import { isDependent, type Job } from '../jobs/job.ts';
import { DueTimes } from '../schedule/due-times.ts';
import { parseSchedule } from '../schedule/repeating-schedule.ts';
import { JobClock } from './job-clock.ts';
import { RunQueue, newRun } from './run-queue.ts';
import { hasTask, isAtWork, type Run } from './run.ts';
import type { SharedParts } from './shared-parts.ts';

/**
 * When jobs run, and what follows from how a run ends (JobScheduler.scala of Chronos). It looks at the clock when it is
 * asked: whoever has it calls `tick` when `nextAt` has come.
 */
export class JobScheduler {
  readonly queue: RunQueue;
  readonly #parts: SharedParts;
  readonly #clock: JobClock;
  /** Runs that are tried again later. */
  readonly #delayed = new DueTimes();

  constructor(parts: SharedParts) {
    this.#parts = parts;
    this.queue = new RunQueue(parts);
    this.#clock = new JobClock(parts, this.queue);
    for (const run of parts.runs.all()) if (run.state === 'retrying') this.#delayed.set(run.taskId, run.due);
  }

  /** When there is something to do, in milliseconds since 1970. */
  nextAt(): number | undefined {
    const times = [this.#clock.nextAt(), this.#delayed.nextAt()].filter((at) => at !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Has all wait for an offer that are due. */
  tick(): void {
    const now = this.#parts.clock();
    for (const taskId of this.#delayed.takeDue(now)) {
      const run = this.#parts.runs.get(taskId);
      if (run !== undefined) this.queue.enqueue(run);
    }
    this.#clock.tick();
  }

  /** Adds a job, or puts it in the place of the one of its name. @throws ApiError */
  put(job: Job): void {
    this.#parts.book.put(job);
    this.#clock.set(job);
  }

  /**
   * Ends a job, and its tasks. Children of a job with a schedule take that over, those of a dependent one get its parents
   * (JobManagementResource.delete).
   */
  remove(job: Job): void {
    const { book, runs, history } = this.#parts;
    for (const name of book.childrenOf(job.name)) {
      const child = book.get(name);
      if (child !== undefined && isDependent(child)) this.#replace(withoutParent(child, job));
    }
    this.kill(job.name);
    for (const run of runs.ofJob(job.name)) if (!isAtWork(run)) this.#drop(run);
    book.remove(job.name);
    history.remove(job.name);
    this.#clock.forget(job.name);
  }

  /** By hand. */
  trigger(job: Job, words?: string): void {
    this.queue.add(job, { due: this.#parts.clock(), ...(words !== undefined && { arguments: words }) });
  }

  kill(name: string): void {
    const runs = this.#parts.runs.ofJob(name);
    for (const run of runs) if (run.state === 'unreported') this.killed(run);
    for (const { taskId, agentId } of runs.filter(hasTask)) {
      const agent = agentId === undefined ? {} : { agent_id: { value: agentId } };
      void this.#parts.call({ type: 'KILL', kill: { task_id: { value: taskId }, ...agent } });
    }
  }

  /** A run is sent to an agent. */
  launched(run: Run, agentId: string): void {
    this.queue.taken(run);
    this.#parts.runs.put({ ...run, state: 'launched', agentId });
    const job = this.#parts.book.get(run.jobName);
    if (job !== undefined) this.#clock.launched(job);
  }

  started(run: Run, { agent_id }: TaskStatus): void {
    const { runs, history, book, clock } = this.#parts;
    const agentId = agent_id?.value ?? run.agentId ?? '';
    const isNew = run.state !== 'running';
    if (isNew) runs.put({ ...run, state: 'running', agentId });
    if (book.saved(run.jobName) === undefined) {
      // It was deleted, and the master has not heard of it.
      this.kill(run.jobName);
      return;
    }
    if (isNew) history.started(run.jobName, run.taskId, agentId, clock());
    book.resetSuccesses(run.jobName);
  }

  finished(run: Run): void {
    const { book, history, clock, log } = this.#parts;
    this.#ended(run, true);
    const job = book.get(run.jobName);
    if (job === undefined) return;
    history.succeeded(job.name, clock() - run.due);
    const isOver = !isDependent(job) && parseSchedule(job.schedule, job.scheduleTimeZone)?.repeats === 0;
    if (isOver) log(`job ${job.name} has exhausted all of its recurrences and has been disabled`);
    this.#replace({ ...successful(job, clock()), disabled: job.disabled || isOver });
    this.#runChildren(job.name);
  }

  /** Declares a job good, by hand. @returns whether there is one */
  succeed(name: string): boolean {
    const { book, history, clock } = this.#parts;
    const job = book.get(name);
    if (job === undefined) return false;
    history.succeeded(name);
    this.#replace(successful(job, clock()));
    book.resetSuccesses(name);
    this.#runChildren(name);
    return true;
  }

  /** Tries again later, or counts an error when no attempt is left. */
  failed(run: Run, reason: string): void {
    const { book, history, settings, clock, log } = this.#parts;
    this.#ended(run, false);
    const job = book.get(run.jobName);
    if (job === undefined) return;
    log(`task ${run.taskId} failed: ${reason}`);
    if (run.attempt < job.retries && hasSucceededSince(job)) {
      this.#retry(job, run);
      this.#clock.set(job);
      return;
    }
    const errors = job.errorsSinceLastSuccess + 1;
    const isTooMany = settings.disableAfterFailures > 0 && errors >= settings.disableAfterFailures;
    if (isTooMany) log(`job ${job.name} has failed ${errors} times in a row and has been disabled`);
    history.failed(job.name);
    this.#replace({
      ...job,
      errorCount: job.errorCount + 1,
      errorsSinceLastSuccess: errors,
      lastError: new Date(clock()).toISOString(),
      disabled: job.disabled || isTooMany,
    });
    if (job.softError) this.#runChildren(job.name);
  }

  /** By somebody who wanted it: nothing follows. */
  killed(run: Run): void {
    this.#ended(run, false);
    const job = this.#parts.book.get(run.jobName);
    if (job !== undefined) this.#clock.set(job);
  }

  #retry(job: Job, run: Run): void {
    const { runs, settings, clock } = this.#parts;
    const wanted = {
      due: clock() + settings.failureRetryMs,
      attempt: run.attempt + 1,
      ...(run.arguments !== undefined && { arguments: run.arguments }),
    };
    const retry = newRun(job, wanted, { runs }, 'retrying');
    runs.put(retry);
    this.#delayed.set(retry.taskId, retry.due);
    this.#parts.wake();
  }

  #runChildren(name: string): void {
    const { book, clock } = this.#parts;
    for (const each of book.succeeded(name)) {
      const child = book.get(each);
      if (child !== undefined && !child.disabled) this.queue.add(child, { due: clock() });
    }
  }

  #ended(run: Run, isGood: boolean): void {
    const { runs, history, book, clock, wake } = this.#parts;
    runs.remove(run);
    if (book.saved(run.jobName) !== undefined) {
      history.ended(run.jobName, { taskId: run.taskId, agentId: run.agentId ?? '' }, isGood, clock());
    }
    wake();
  }

  #drop(run: Run): void {
    this.queue.taken(run);
    this.#delayed.set(run.taskId, undefined);
    this.#parts.runs.remove(run);
  }

  #replace(job: Job): void {
    this.#parts.book.replace(job);
    this.#clock.set(job);
  }
}

const successful = (job: Job, now: number): Job => ({
  ...job,
  successCount: job.successCount + 1,
  errorsSinceLastSuccess: 0,
  lastSuccess: new Date(now).toISOString(),
});

/** Only a job whose last run but this one was good, or that has never failed, is tried again. */
function hasSucceededSince({ lastError, lastSuccess }: Job): boolean {
  if (lastError === '') return true;
  return Date.parse(lastSuccess) >= Date.parse(lastError);
}

function withoutParent(child: Extract<Job, { readonly parents: unknown }>, parent: Job): Job {
  if (isDependent(parent)) {
    const others = child.parents.filter((name) => name !== parent.name);
    return { ...child, parents: [...new Set([...others, ...parent.parents])] };
  }
  const { parents: _parents, ...rest } = child;
  return { ...rest, schedule: parent.schedule, scheduleTimeZone: parent.scheduleTimeZone };
}
