import { isJsonObject } from '../../../protocol/json.ts';
import type { Json } from '../../../protocol/mesos.ts';
import { jsonAnswer, textAnswer, type HttpAnswer } from '../../http/http-answer.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { route, type Route } from '../../http/router.ts';
import { ApiError, unmet } from '../chronos-error.ts';
import { jobView } from '../jobs/job-view.ts';
import { reportCompletion } from '../runs/completion.ts';
import { parseTaskId } from '../runs/task-id.ts';
import { demandJob, savedAnswer, type ApiContext } from './api-context.ts';
import { statisticsView } from './job-statistics.ts';

/** One job and its tasks (JobManagementResource.scala and TaskManagementResource.scala of Chronos). */
export const jobRoutes = (context: ApiContext, base: string): readonly Route[] => [
  route('GET', `${base}/job/:name`, (_request, { name = '' }) =>
    jsonAnswer(200, jobView(demandJob(context.leader(), name))),
  ),
  route('PUT', `${base}/job/:name`, ({ query }, { name = '' }) => {
    const leader = context.leader();
    const words = query.get('arguments') ?? '';
    leader.scheduler.trigger(demandJob(leader, name), words.trim() === '' ? undefined : words);
    leader.shared.log(`job ${name} was triggered by hand`);
    return savedAnswer(leader);
  }),
  route('DELETE', `${base}/job/:name`, (_request, { name = '' }) => {
    const leader = context.leader();
    leader.scheduler.remove(demandJob(leader, name, 'JobSchedule'));
    leader.shared.log(`job ${name} was deleted`);
    return savedAnswer(leader);
  }),
  route('GET', `${base}/job/stat/:name`, (_request, { name = '' }) => {
    const leader = context.leader();
    const job = demandJob(leader, name);
    return jsonAnswer(200, statisticsView(leader.shared.history.get(name), job.dataProcessingJobType));
  }),
  route('PUT', `${base}/job/success/:name`, async (_request, { name = '' }) => {
    const leader = context.leader();
    const isDone = leader.scheduler.succeed(name);
    await savedAnswer(leader);
    // Chronos calls it JSON, which it is not.
    return textAnswer(200, `marked job ${name} as successful: ${isDone}`);
  }),
  route('POST', `${base}/job/:name/task/:task/progress`, (request, { name = '', task = '' }) =>
    progress(context, request, name, task),
  ),
  route('DELETE', `${base}/task/kill/:name`, (_request, { name = '' }) => {
    const leader = context.leader();
    leader.scheduler.kill(demandJob(leader, name, 'JobSchedule').name);
    return savedAnswer(leader);
  }),
  route('PUT', `${base}/task/:task`, async (request, { task = '' }) => {
    const code = statusCodeOf(await request.json());
    const leader = context.leader();
    reportCompletion(task, code, leader.shared, leader.scheduler);
    return savedAnswer(leader);
  }),
];

/** Of a TaskNotification (TaskManagementResource.scala of Chronos 2). */
function statusCodeOf(body: Json): number {
  const code = isJsonObject(body) ? body['statusCode'] : undefined;
  if (typeof code === 'number' && Number.isSafeInteger(code)) return code;
  const found = code === undefined ? 'there is none' : `it is ${JSON.stringify(code).slice(0, 100)}`;
  throw new ApiError(400, `statusCode must be a whole number, 0 for success, but ${found}`);
}

async function progress(context: ApiContext, request: HttpRequest, name: string, taskId: string): Promise<HttpAnswer> {
  const body = await request.json();
  const leader = context.leader();
  const job = demandJob(leader, name, 'JobSchedule');
  if (parseTaskId(taskId) === undefined) throw unmet(`Invalid task id format ${taskId}`);
  if (!job.dataProcessingJobType) throw unmet(`JobSchedule '${name}' is not enabled to track data`);
  const more = isJsonObject(body) ? body['numAdditionalElementsProcessed'] : undefined;
  if (more !== undefined) {
    if (typeof more !== 'number' || !Number.isSafeInteger(more) || more < 0) {
      throw unmet(`numAdditionalElementsProcessed (${JSON.stringify(more)}) is not positive`);
    }
    if (!leader.shared.history.progressed(name, taskId, more)) throw unmet(`Task id  ${taskId} not found`);
  }
  return savedAnswer(leader);
}
