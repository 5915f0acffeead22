import { isJsonObject } from '../../../protocol/json.ts';
import { versioned } from '../apps/app-changes.ts';
import { canonicalId } from '../apps/path-id.ts';
import { jsonAnswer, textAnswer, type HttpAnswer } from '../../http/http-answer.ts';
import { jsonPartsAnswer, objectOf } from '../../http/json-parts.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { route, type Route } from '../../http/router.ts';
import { validPlan } from '../deployments/plan-change.ts';
import type { Leader } from '../leadership/leader.ts';
import { ApiError, unknownTask } from '../marathon-error.ts';
import { versionedPod } from '../pods/pod-changes.ts';
import { isPodInstance } from '../pods/pod-instance.ts';
import { isPod, withoutPods } from '../pods/pod-spec.ts';
import { isReserved, isUnused } from '../residency/resident.ts';
import type { Instance } from '../scheduling/instances.ts';
import { deploymentAnswer, isFlagSet, readJson, type ApiContext } from './api-context.ts';
import { idIn, requireApp } from './app-routes.ts';
import { tasksView, taskView } from './task-view.ts';
import { tasksText } from './tasks-text.ts';

/** Tasks, of one app or of all (AppTasksResource.scala and TasksResource.scala of Marathon). */
export const tasksRoutes = (context: ApiContext): readonly Route[] => [
  route('GET', '/v2/apps/*/tasks', (request, parameters) => {
    const leader = context.leader();
    const path = parameters['*'] ?? '';
    const group = canonicalId(path.slice(0, -1));
    const isGroup = path === '*' || path.endsWith('/*');
    const apps = isGroup ? withoutPods(leader.shared.apps.list(group)) : [requireApp(leader, idIn(parameters))];
    if (wantsText(request)) return textAnswer(200, tasksText(leader, apps, networksIn(request)));
    return tasksAnswer(
      leader,
      apps.flatMap(({ id }) => leader.shared.instances.ofApp(id)).filter((each) => !isUnused(each)),
    );
  }),
  route('DELETE', '/v2/apps/*/tasks', (request, parameters) => {
    const leader = context.leader();
    const { id } = requireApp(leader, idIn(parameters));
    const host = request.query.get('host');
    const instances = leader.shared.instances.ofApp(id);
    const chosen = host === null || host === '*' ? instances : instances.filter((each) => each.host === host);
    return killTasks(leader, request, chosen, (killed) => ({ tasks: killed.map((each) => taskView(leader, each)) }));
  }),
  route('DELETE', '/v2/apps/*/tasks/:task', (request, parameters) => {
    const leader = context.leader();
    const { id } = requireApp(leader, idIn(parameters));
    const taskId = parameters['task'] ?? '';
    const { instances } = leader.shared;
    // Whoever kills thousands one by one must not have all looked at for each.
    const ofTask = instances.get(taskId);
    const instance = ofTask?.appId === id ? ofTask : instances.ofApp(id).find((each) => each.id === taskId);
    if (instance === undefined) throw unknownTask(taskId);
    return killTasks(leader, request, [instance], () => ({ task: taskView(leader, instance) }));
  }),
  route('GET', '/v2/tasks', (request) => {
    const leader = context.leader();
    const apps = withoutPods(leader.shared.apps.list());
    if (wantsText(request)) return textAnswer(200, tasksText(leader, apps, networksIn(request)));
    // Others than these two do not count (TasksResource.toTaskState of Marathon).
    const states: readonly string[] = [...request.query.getAll('status'), ...request.query.getAll('status[]')]
      .map((each) => each.toLowerCase())
      .filter((each) => each === 'running' || each === 'staging');
    const instances = leader.shared.instances.all().filter((each) => !isPodInstance(each) && !isUnused(each));
    const chosen =
      states.length === 0 ? instances : instances.filter(({ condition }) => states.includes(condition.toLowerCase()));
    return tasksAnswer(leader, chosen);
  }),
  route('POST', '/v2/tasks/delete', async (request) => {
    const ids = taskIds(await readJson(request));
    const leader = context.leader();
    const instances = ids.flatMap((id) => {
      if (!/[._]/.test(id)) throw new ApiError(400, { message: `Invalid task id '${id}'.` });
      // Tasks that are gone already are nothing to complain of.
      return leader.shared.instances.ofTask(id) ?? [];
    });
    return killTasks(leader, request, instances, (killed) => ({ tasks: killed.map((each) => taskView(leader, each)) }));
  }),
];

/** A hundred thousand tasks are made while they are sent. */
const tasksAnswer = (leader: Leader, instances: readonly Instance[]) =>
  jsonPartsAnswer(200, objectOf({ tasks: tasksView(leader, instances) }));

const networksIn = ({ query }: HttpRequest) => query.get('containerNetworks') ?? '';

/** JSON unless plain text is all that the client takes. */
function wantsText(request: HttpRequest): boolean {
  const accept = request.headers.accept ?? '*/*';
  return accept.includes('text/plain') && !accept.includes('application/json');
}

function taskIds(json: unknown): readonly string[] {
  const ids = isJsonObject(json) ? json['ids'] : undefined;
  if (Array.isArray(ids) && ids.every((id) => typeof id === 'string')) return ids;
  throw new ApiError(400, {
    message: 'Invalid JSON',
    details: [{ path: '/ids', errors: [ids === undefined ? 'error.path.missing' : 'error.expected.jsarray'] }],
  });
}

/** Kills; with `scale` their apps shall have so many instances fewer, too. */
function killTasks(
  leader: Leader,
  request: HttpRequest,
  instances: readonly Instance[],
  view: (killed: readonly Instance[]) => object,
): HttpAnswer | Promise<HttpAnswer> {
  const scale = isFlagSet(request, 'scale');
  if (scale && isFlagSet(request, 'wipe')) {
    throw new ApiError(400, { message: 'You cannot use scale and wipe at the same time.' });
  }
  const { shared, killer, deployments } = leader;
  const alive = instances.filter((instance) => instance.goal === 'Running' && !isReserved(instance));
  const answer = view(instances);
  if (isFlagSet(request, 'wipe')) {
    for (const instance of instances) killer.wipe(instance);
    return jsonAnswer(200, answer);
  }
  if (!scale) {
    for (const instance of alive) killer.kill(instance, 'asked for by the API');
    shared.wake();
    return jsonAnswer(200, answer);
  }
  const version = shared.timestamps.nextVersion();
  const counts = new Map<string, number>();
  for (const { appId } of alive) counts.set(appId, (counts.get(appId) ?? 0) + 1);
  const apps = [...counts].flatMap(([id, fewer]) => {
    const before = shared.apps.get(id);
    if (before === undefined) return [];
    const scaled = { ...before, instances: Math.max(0, before.instances - fewer) };
    return [{ id, after: isPod(scaled) ? versionedPod(before, scaled, version) : versioned(shared, scaled, version) }];
  });
  const deployment = deployments.start(validPlan(shared.apps, { apps }), version, isFlagSet(request, 'force'));
  for (const instance of alive) killer.kill(instance, 'asked for by the API');
  return deploymentAnswer(leader, deployment);
}
