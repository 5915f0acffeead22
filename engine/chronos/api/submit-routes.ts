import type { HttpAnswer } from '../../http/http-answer.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { route, type Route } from '../../http/router.ts';
import { ApiError, unmet } from '../chronos-error.ts';
import { isDependent, type DependentJob, type Job, type ScheduledJob } from '../jobs/job.ts';
import { checkName, readJob, unknownFields } from '../jobs/read-job.ts';
import type { LeaderSession } from '../leadership/leader-session.ts';
import { parseSchedule } from '../schedule/repeating-schedule.ts';
import { savedAnswer, type ApiContext } from './api-context.ts';

/** 1970-01-01T00:00:01Z */
const earliest = 1000;

/** Adding jobs, and putting others in their place (Iso8601JobResource.scala and DependentJobResource.scala of Chronos). */
export function submitRoutes(context: ApiContext, base: string, methods: readonly string[]): readonly Route[] {
  const submit = (accept: (job: Job, leader: LeaderSession) => void) => (request: HttpRequest) =>
    submitJob(context, request, accept);
  return methods.flatMap((method) => [
    route(method, `${base}/iso8601`, submit(acceptScheduled)),
    route(method, `${base}/dependency`, submit(acceptDependent)),
  ]);
}

async function submitJob(
  context: ApiContext,
  request: HttpRequest,
  accept: (job: Job, leader: LeaderSession) => void,
): Promise<HttpAnswer> {
  const body = await request.json();
  const leader = context.leader();
  const job = readJob(body, context.settings, leader.shared.clock());
  checkName(job.name);
  accept(job, leader);
  leader.scheduler.put(job);
  leader.shared.log(`job ${job.name} was submitted`);
  const unknown = unknownFields(body, job);
  if (unknown.length > 0) leader.shared.log(`job ${job.name}: ${withoutEffect(unknown)}`);
  return savedAnswer(leader);
}

/** More are not all named. */
const mostNamed = 5;

function withoutEffect(fields: readonly string[]): string {
  const named = fields.slice(0, mostNamed).map((field) => JSON.stringify(field.slice(0, 100)));
  return `${fields.length} fields that Chronos has not have no effect: ${named.join(', ')}`;
}

function acceptScheduled(job: Job): void {
  if (isDependent(job)) throw new ApiError(400, `Job '${job.name}' has parents: /v1/scheduler/dependency takes those`);
  checkSchedule(job);
  checkUris(job);
}

function checkSchedule({ schedule, scheduleTimeZone }: ScheduledJob): void {
  const parsed = parseSchedule(schedule, scheduleTimeZone);
  if (parsed === undefined) {
    const zone = scheduleTimeZone === '' ? '' : ` in time zone '${scheduleTimeZone}'`;
    throw new ApiError(400, `Cannot parse schedule '${schedule}'${zone}`);
  }
  const { start } = parsed;
  if (start === undefined || start.toMillis() >= earliest) return;
  throw new ApiError(400, `Scheduled start date '${start.toISO() ?? ''}' is before 1970!`);
}

function checkUris({ name, uris, fetch }: Job): void {
  if (uris.length === 0 || fetch.length === 0) return;
  throw new ApiError(400, `Tried to add both uri (deprecated) and fetch parameters on ${name}`);
}

function acceptDependent(job: Job, { shared }: LeaderSession): void {
  if (!isDependent(job) || job.parents.length === 0) throw noParent(job, shared.book.get(job.name) !== undefined);
  checkUris(job);
  checkParents(job, shared);
}

/** Chronos answers 500 when there is no job of the name yet, and 400 when there is. */
const noParent = (job: Job, isKnown: boolean) =>
  isKnown
    ? unmet('Error, parent does not exist')
    : new ApiError(500, `java.lang.Exception: Error, parent does not exist`);

/** A new job may come before its parents: it is kept, and there as soon as they are. */
function checkParents(job: DependentJob, { book, log }: LeaderSession['shared']): void {
  const missing = job.parents.filter((parent) => book.get(parent) === undefined);
  if (missing.length === 0) return;
  if (book.get(job.name) !== undefined) throw unmet(`JobSchedule ${job.name} does not have all parents defined!`);
  log(`job ${job.name} waits for its parents ${missing.join(', ')}, which there are not yet`);
}
