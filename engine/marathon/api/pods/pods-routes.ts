import type { Json } from '../../../../protocol/mesos.ts';
import { jsonAnswer } from '../../../http/http-answer.ts';
import type { HttpRequest } from '../../../http/http-request.ts';
import { route, type Route } from '../../../http/router.ts';
import type { Leader } from '../../leadership/leader.ts';
import { ApiError, notValid, unknownPod, unknownTask } from '../../marathon-error.ts';
import { parsePod, versionedPod } from '../../pods/pod-changes.ts';
import { isPodInstance, type PodInstance } from '../../pods/pod-instance.ts';
import { isPod, podOf, type PodSpec, type UnversionedPod } from '../../pods/pod-spec.ts';
import { isReserved } from '../../residency/resident.ts';
import { idIn } from '../app-routes.ts';
import { deploymentHeaders, isFlagSet, readJson, saved, type ApiContext } from '../api-context.ts';
import { startChange } from '../start-change.ts';
import { instanceView } from './instance-view.ts';
import { podStatus } from './pod-status.ts';

const instanceId = /^.+\.(?:instance-|marathon-)[^.]+$/;

const podsOf = ({ shared }: Leader): readonly PodSpec[] => shared.apps.list().filter(isPod);

/** @throws ApiError 404 */
function requirePod({ shared }: Leader, id: string): PodSpec {
  const pod = shared.apps.get(id);
  if (pod !== undefined && isPod(pod)) return pod;
  throw unknownPod(id);
}

/** /v2/pods (PodsResource.scala of Marathon). */
export const podsRoutes = (context: ApiContext): readonly Route[] => [
  route('GET', '/v2/pods', () => jsonAnswer(200, podsOf(context.leader()).map(podOf))),
  route('POST', '/v2/pods', async (request) => {
    const pod = parsePod(await readJson(request), context.leader().shared.apps, context.settings);
    const before = context.leader().shared.apps.get(pod.id);
    if (before !== undefined && isPod(before)) {
      throw new ApiError(409, { message: `A pod with id [${pod.id}] already exists.` });
    }
    return put(context, request, pod, 201, 'pod_created_event');
  }),
  route('GET', '/v2/pods/::status', () => {
    const leader = context.leader();
    return jsonAnswer(
      200,
      podsOf(leader).map((pod) => podStatus(leader, pod)),
    );
  }),
  route('GET', '/v2/pods/*::status', (_request, parameters) => {
    const leader = context.leader();
    return jsonAnswer(200, podStatus(leader, requirePod(leader, idIn(parameters))));
  }),
  route('GET', '/v2/pods/*::versions', (_request, parameters) => {
    const leader = context.leader();
    const { id } = requirePod(leader, idIn(parameters));
    return jsonAnswer(
      200,
      leader.shared.apps.versions(id).map(({ version }) => version),
    );
  }),
  route('GET', '/v2/pods/*::versions/:version', (_request, parameters) => {
    const leader = context.leader();
    const { id } = requirePod(leader, idIn(parameters));
    const wanted = Date.parse(parameters['version'] ?? '');
    const pod = leader.shared.apps.versions(id).find((each) => Date.parse(each.version) === wanted);
    if (pod === undefined || !isPod(pod)) throw unknownPod(id, parameters['version']);
    return jsonAnswer(200, podOf(pod));
  }),
  route('DELETE', '/v2/pods/*::instances/:instance', (request, parameters) => {
    const leader = context.leader();
    const id = parameters['instance'] ?? '';
    const [killed] = kill(leader, idIn(parameters), [id], isFlagSet(request, 'wipe'));
    if (killed === undefined) throw unknownTask(id);
    return jsonAnswer(200, killed);
  }),
  route('DELETE', '/v2/pods/*::instances', async (request, parameters) => {
    const ids = instanceIds(await readJson(request));
    return jsonAnswer(200, kill(context.leader(), idIn(parameters), ids, isFlagSet(request, 'wipe')));
  }),
  route('GET', '/v2/pods/*', (_request, parameters) =>
    jsonAnswer(200, podOf(requirePod(context.leader(), idIn(parameters)))),
  ),
  route('PUT', '/v2/pods/*', async (request, parameters) => {
    const pod = parsePod(await readJson(request), context.leader().shared.apps, context.settings);
    const id = idIn(parameters);
    if (pod.id === id) return put(context, request, pod, 200, 'pod_updated_event');
    throw new ApiError(400, { message: `'${id}' does not match definition's id ('${pod.id}')` });
  }),
  route('DELETE', '/v2/pods/*', async (request, parameters) => {
    const leader = context.leader();
    const { shared } = leader;
    const { id } = requirePod(leader, idIn(parameters));
    const deployment = startChange(context, request, leader, { apps: [{ id }] }, shared.timestamps.nextVersion());
    announce(context, request, 'pod_deleted_event');
    await saved(leader);
    return { status: 202, headers: deploymentHeaders(deployment) };
  }),
];

async function put(context: ApiContext, request: HttpRequest, pod: UnversionedPod, status: number, event: string) {
  const leader = context.leader();
  const { shared } = leader;
  const version = shared.timestamps.nextVersion();
  const after = versionedPod(shared.apps.get(pod.id), pod, version, isFlagSet(request, 'force'));
  const deployment = startChange(context, request, leader, { apps: [{ id: pod.id, after }] }, version);
  announce(context, request, event);
  await saved(leader);
  const location = status === 201 ? { Location: `${context.url}/v2/pods${pod.id}` } : {};
  return jsonAnswer(status, podOf(after), { ...deploymentHeaders(deployment), ...location });
}

const announce = ({ events }: ApiContext, { path, remoteAddress }: HttpRequest, eventType: string) => {
  events.publish(eventType, { clientIp: remoteAddress, uri: path });
};

/**
 * Kills those of the instances that the pod has.
 * @param isWiping what is reserved for them goes, too
 * @returns how they were before
 */
function kill(leader: Leader, podId: string, ids: readonly string[], isWiping: boolean): readonly object[] {
  const { id } = requirePod(leader, podId);
  const wrong = ids.filter((each) => !instanceId.test(each));
  if (wrong.length > 0) {
    const error = `must fully match regular expression '${instanceId.source}'`;
    throw notValid(wrong.map((each) => ({ path: `/${each}`, error })));
  }
  const { shared, killer } = leader;
  const chosen = shared.instances
    .ofApp(id)
    .filter((each): each is PodInstance => isPodInstance(each) && ids.includes(each.id));
  const views = chosen.map((instance) => instanceView(leader, instance));
  for (const instance of chosen) {
    if (isWiping) killer.wipe(instance);
    else if (!isReserved(instance)) killer.kill(instance, 'asked for by the API');
  }
  shared.wake();
  return views;
}

/** @throws ApiError 400 */
function instanceIds(json: Json): readonly string[] {
  if (Array.isArray(json) && json.every((each) => typeof each === 'string')) return json;
  throw new ApiError(400, { message: 'Invalid JSON', details: [{ path: '/', errors: ['error.expected.jsarray'] }] });
}
