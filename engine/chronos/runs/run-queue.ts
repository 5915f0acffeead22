import type { Job } from '../jobs/job.ts';
import type { Run } from './run.ts';
import type { SharedParts } from './shared-parts.ts';
import { taskIdOf } from './task-id.ts';

type QueueParts = Pick<SharedParts, 'book' | 'runs' | 'log' | 'wake'>;

interface Wanted {
  readonly due: number;
  readonly attempt?: number;
  /** Instead of those of the job. */
  readonly arguments?: string;
}

/** Runs that wait for an offer: those of jobs with high priority always go first (TaskManager.scala of Chronos). */
export class RunQueue {
  readonly #parts: QueueParts;
  readonly #waiting = { high: new Set<string>(), normal: new Set<string>() };

  constructor(parts: QueueParts) {
    this.#parts = parts;
    for (const run of [...parts.runs.all()].sort((one, other) => one.due - other.due)) {
      if (run.state === 'queued') this.#of(run.jobName).add(run.taskId);
    }
  }

  /** Of each priority. */
  get sizes(): { readonly high: number; readonly normal: number } {
    return { high: this.#waiting.high.size, normal: this.#waiting.normal.size };
  }

  get isEmpty(): boolean {
    return this.#waiting.high.size + this.#waiting.normal.size === 0;
  }

  /** Wants a run; a job that waits already waits once. */
  add(job: Job, wanted: Wanted): void {
    if (this.#parts.runs.isWaiting(job.name)) return;
    this.#enqueue(newRun(job, wanted, this.#parts, 'queued'));
  }

  /** A run that was delayed, or whose launch did not reach the master, waits from now on. */
  enqueue(run: Run): void {
    if (this.#parts.runs.isWaiting(run.jobName)) this.#parts.runs.remove(run);
    else this.#enqueue({ ...run, state: 'queued' });
  }

  taken(run: Run): void {
    this.#waiting.high.delete(run.taskId);
    this.#waiting.normal.delete(run.taskId);
  }

  /**
   * Those that may be launched now, in their order. Runs of jobs that are no more, or are disabled, are dropped; those of a
   * job that is at work and has no more than one run at a time wait on.
   */
  *next(): Generator<{ readonly run: Run; readonly job: Job }> {
    const { book, runs } = this.#parts;
    for (const taskId of [...this.#waiting.high, ...this.#waiting.normal]) {
      const run = runs.get(taskId);
      const job = run === undefined ? undefined : book.get(run.jobName);
      if (run === undefined || job === undefined || job.disabled) this.#drop(taskId, run);
      else if (job.concurrent || !runs.isAtWork(job.name)) yield { run, job };
    }
  }

  #drop(taskId: string, run: Run | undefined): void {
    this.#waiting.high.delete(taskId);
    this.#waiting.normal.delete(taskId);
    if (run !== undefined) this.#parts.runs.remove(run);
  }

  #enqueue(run: Run): void {
    this.#parts.runs.put(run);
    this.#of(run.jobName).add(run.taskId);
    this.#parts.wake();
  }

  #of(jobName: string): Set<string> {
    return this.#parts.book.get(jobName)?.highPriority === true ? this.#waiting.high : this.#waiting.normal;
  }
}

/** A run with an id that no other has. */
export function newRun(job: Job, wanted: Wanted, { runs }: Pick<QueueParts, 'runs'>, state: Run['state']): Run {
  const { attempt = 0, arguments: given } = wanted;
  // No two commands in one.
  const words = (given ?? job.arguments.join(' ')).replaceAll(';', '');
  let { due } = wanted;
  const idOf = () => taskIdOf({ due, attempt, jobName: job.name }, words);
  while (runs.get(idOf()) !== undefined) due += 1;
  return {
    ...{ taskId: idOf(), jobName: job.name, due, attempt, state },
    ...(given !== undefined && { arguments: words }),
  };
}
