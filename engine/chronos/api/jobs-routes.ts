import { jsonAnswer } from '../../http/http-answer.ts';
import { jsonPartsAnswer, listOf, objectOf } from '../../http/json-parts.ts';
import { route, type Route } from '../../http/router.ts';
import { ApiError } from '../chronos-error.ts';
import { isDependent, type Job } from '../jobs/job.ts';
import { jobView, listedJob } from '../jobs/job-view.ts';
import { stateOfJob, type Runs } from '../runs/runs.ts';
import type { ApiContext } from './api-context.ts';
import { durationsView } from './job-statistics.ts';

/** All jobs (JobManagementResource.scala and StatsResource.scala of Chronos). */
export const jobsRoutes = (context: ApiContext, base: string): readonly Route[] => [
  route('GET', `${base}/jobs`, () => jsonPartsAnswer(200, listOf(context.leader().shared.book.list(), listedJob))),
  route('GET', `${base}/jobs/summary`, () => {
    const { book, runs } = context.leader().shared;
    return jsonPartsAnswer(200, objectOf({ jobs: listOf(book.list(), (job) => summaryOf(job, runs)) }));
  }),
  route('GET', `${base}/jobs/search`, ({ query }) => {
    const [offset, limit] = [numberIn(query, 'offset', 0), numberIn(query, 'limit', 10)];
    const found = context.leader().shared.book.list().filter(searchedBy(query));
    return jsonPartsAnswer(200, listOf(found.slice(offset, offset + limit), jobView));
  }),
  route('GET', `${base}/stats/:percentile`, (_request, { percentile = '' }) => {
    const { book, history } = context.leader().shared;
    const times = book.list().flatMap(({ name }) => {
      const time = durationsView(history.get(name))[percentile];
      return time === undefined ? [] : [{ jobNameLabel: name, time: time / 1000 }];
    });
    return jsonAnswer(
      200,
      times.sort((one, other) => other.time - one.time),
    );
  }),
];

function summaryOf(job: Job, runs: Runs): object {
  return {
    name: job.name,
    status: lastStateOf(job),
    state: stateOfJob(runs, job.name),
    schedule: isDependent(job) ? '' : job.schedule,
    parents: isDependent(job) ? job.parents : [],
    disabled: job.disabled,
  };
}

/** Exporter.getLastState of Chronos. */
export function lastStateOf({ lastSuccess, lastError }: Job): 'fresh' | 'failure' | 'success' {
  if (lastSuccess === '' && lastError === '') return 'fresh';
  if (lastSuccess === '') return 'failure';
  return lastError === '' || Date.parse(lastSuccess) > Date.parse(lastError) ? 'success' : 'failure';
}

/** `name` and `command` must be in those of a job, `any` in either; case does not count. */
function searchedBy(query: URLSearchParams): (job: Job) => boolean {
  const word = (name: string) => (query.get(name) ?? '').toLowerCase();
  const [name, command, any] = [word('name'), word('command'), word('any')];
  return (job) => {
    const [itsName, itsCommand] = [job.name.toLowerCase(), job.command.toLowerCase()];
    const isMeant = itsName.includes(name) && itsCommand.includes(command);
    if (any === '') return isMeant;
    const hasAny = itsName.includes(any) || itsCommand.includes(any);
    return hasAny || ((name !== '' || command !== '') && isMeant);
  };
}

function numberIn(query: URLSearchParams, name: string, byDefault: number): number {
  const text = query.get(name);
  if (text === null || text === '') return byDefault;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new ApiError(400, `The parameter ${name} must be a whole number, not '${text}'`);
}
