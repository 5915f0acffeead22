import { describeAnswer, type ClusterAnswer } from '../../checks/cluster-client.ts';
import type { Seen } from '../../checks/poll-until.ts';
import { absoluteId, appPath, groupPath, podPath } from '../../protocol/marathon/app-id.ts';
import { isJsonObject, listAt, textAt, type JsonObject } from '../../protocol/json.ts';
import { askChronos, askMarathon } from '../asking/ask-cluster.ts';
import { fileOf, StepFailure, type LessonWorld } from '../lesson-world.ts';

/** What was asked for is done, or may be asked for again. @throws StepFailure when it was refused */
function accepted(answer: ClusterAnswer, request: string, done: string): Seen {
  const { status } = answer;
  if (status < 300) return { ok: true, seen: done };
  const seen = `${request} answers ${describeAnswer(answer)}`;
  // Another deployment goes on.
  if (status === 409 || status >= 500) return { ok: false, seen };
  throw new StepFailure(seen);
}

const parsed = (text: string, path: string): JsonObject => {
  const value = JSON.parse(text) as unknown;
  if (!isJsonObject(value)) throw new StepFailure(`${path} is no definition`);
  return value;
};

/** Gives Marathon an app, a pod or a group, and Chronos a job. */
export async function deploy(world: LessonWorld, value: unknown, signal: AbortSignal): Promise<Seen> {
  const definition = typeof value === 'string' ? parsed(fileOf(world, value), value) : (value as JsonObject);
  if ('schedule' in definition || 'parents' in definition) return deployJob(world, definition, signal);
  const id = absoluteId(textAt(definition, 'id') ?? '');
  const isGroup = 'apps' in definition || 'groups' in definition;
  const path = isGroup ? groupPath(id) : 'containers' in definition ? podPath(id) : appPath(id);
  const answer = await askMarathon(world, path, signal, { method: 'PUT', body: definition });
  return accepted(answer, `PUT ${path}`, `${id} is deployed`);
}

async function deployJob(world: LessonWorld, job: JsonObject, signal: AbortSignal): Promise<Seen> {
  const path = `/v1/scheduler/${'parents' in job ? 'dependency' : 'iso8601'}`;
  const answer = await askChronos(world, path, signal, { method: 'POST', body: job });
  return accepted(answer, `POST ${path}`, `the job ${textAt(job, 'name') ?? ''} is there`);
}

export async function scale(
  world: LessonWorld,
  value: { readonly app: string; readonly instances: number },
  signal: AbortSignal,
) {
  const { app, instances } = value;
  const answer = await askMarathon(world, appPath(app), signal, { method: 'PUT', body: { instances } });
  return accepted(answer, `PUT ${appPath(app)}`, `${app} has ${instances} instances`);
}

/** An app, a pod or a group, whatever has this id. */
export async function remove(world: LessonWorld, id: string, signal: AbortSignal): Promise<Seen> {
  for (const path of [appPath(id), podPath(id), groupPath(id)]) {
    const answer = await askMarathon(world, `${path}?force=true`, signal, { method: 'DELETE' });
    if (answer.status !== 404) return accepted(answer, `DELETE ${path}`, `${id} is removed`);
  }
  return { ok: true, seen: `${id} is not there` };
}

export async function killTasks(
  world: LessonWorld,
  { app, count = 1 }: { readonly app: string; readonly count?: number | undefined },
  signal: AbortSignal,
): Promise<Seen> {
  const { json } = await askMarathon(world, `${appPath(app)}/tasks`, signal);
  const ids = listAt(json, 'tasks').flatMap((task) =>
    textAt(task, 'state') === 'TASK_RUNNING' ? (textAt(task, 'id') ?? []) : [],
  );
  if (ids.length < count) return { ok: false, seen: `${ids.length} tasks of ${app} run` };
  for (const id of ids.slice(0, count)) {
    const path = `${appPath(app)}/tasks/${encodeURIComponent(id)}`;
    accepted(await askMarathon(world, path, signal, { method: 'DELETE' }), `DELETE ${path}`, id);
  }
  return { ok: true, seen: `${count} tasks of ${app} were killed` };
}

/** Ends the deployment of an app, and goes back to what was before it. */
export async function rollBack(world: LessonWorld, app: string, signal: AbortSignal): Promise<Seen> {
  const { json } = await askMarathon(world, '/v2/deployments', signal);
  const found = listAt(json).find((each) => listAt(each, 'affectedApps').includes(app));
  if (found === undefined) return { ok: false, seen: `no deployment changes ${app}` };
  const path = `/v2/deployments/${encodeURIComponent(textAt(found, 'id') ?? '')}`;
  return accepted(await askMarathon(world, path, signal, { method: 'DELETE' }), `DELETE ${path}`, `${app} goes back`);
}
