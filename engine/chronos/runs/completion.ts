import { ApiError } from '../chronos-error.ts';
import type { JobScheduler } from './job-scheduler.ts';
import { isAtWork, type Run } from './run.ts';
import type { SharedParts } from './shared-parts.ts';

/*
 * When runs end. That of an asynchronous job does when its task has come to a good end and its completion was reported,
 * in whichever order; a task that fails ends it at once. So docs/docs/api.md of Chronos; the source of Chronos 2 left
 * the end of such a task out, and took every report for an end of its own.
 */

type Parts = Pick<SharedParts, 'book' | 'runs' | 'log'>;

/** The task of a run has come to a good end. */
export function taskFinished(run: Run, { book, runs, log }: Parts, scheduler: JobScheduler): void {
  if (run.reported !== undefined) end(run, run.reported, scheduler);
  else if (book.get(run.jobName)?.async === true) {
    runs.put({ ...run, state: 'unreported' });
    log(`task ${run.taskId} has ended; its run goes on until PUT /v1/scheduler/task/… reports its completion`);
  } else scheduler.finished(run);
}

/**
 * Completion of a run of an asynchronous job; of several reports that come before the end of its task the last counts.
 * @throws ApiError 404 when no such run goes on, 400 when it is one that ends with its task
 */
export function reportCompletion(
  taskId: string,
  statusCode: number,
  { book, runs }: Parts,
  scheduler: JobScheduler,
): void {
  const run = runs.get(taskId);
  if (run === undefined || !isAtWork(run)) {
    throw new ApiError(404, `No run with the task id '${taskId}' goes on: there was none, or it has ended`);
  }
  if (run.state === 'unreported') end(run, statusCode, scheduler);
  else if (book.get(run.jobName)?.async === true) runs.put({ ...run, reported: statusCode });
  else throw new ApiError(400, `The job '${run.jobName}' is not asynchronous: a run of it ends with its task`);
}

function end(run: Run, statusCode: number, scheduler: JobScheduler): void {
  if (statusCode === 0) scheduler.finished(run);
  else scheduler.failed(run, `its completion was reported with statusCode ${statusCode}`);
}
