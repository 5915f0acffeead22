import { isJsonObject } from '../../../protocol/json.ts';
import type { App } from '../../../protocol/marathon.ts';
import type { Json } from '../../../protocol/mesos.ts';
import { parseApp, parseUpdate, updatedApp, versioned } from '../apps/app-changes.ts';
import { canonicalId } from '../apps/path-id.ts';
import { jsonAnswer } from '../../http/http-answer.ts';
import { jsonPartsAnswer, listOf, objectOf } from '../../http/json-parts.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { route, type PathParameters, type Route } from '../../http/router.ts';
import { validPlan } from '../deployments/plan-change.ts';
import type { Leader } from '../leadership/leader.ts';
import { unknownApp } from '../marathon-error.ts';
import { isPod, withoutPods } from '../pods/pod-spec.ts';
import { deploymentAnswer, isFlagSet, readJson, type ApiContext } from './api-context.ts';
import { appView, embedsOf } from './app-view.ts';
import { refusePod } from './pods/refuse-pod.ts';
import { startChange } from './start-change.ts';

/** The app id in a path; `/v2/apps//foo` and `/v2/apps/foo` name the same. */
export const idIn = (parameters: PathParameters) => canonicalId(parameters['*'] ?? '');

/** @throws ApiError 404 */
export function requireApp({ shared }: Leader, id: string): App {
  const app = shared.apps.get(id);
  if (app === undefined || isPod(app)) throw unknownApp(id);
  return app;
}

/** /v2/apps/{id} (AppsResource.scala and AppVersionsResource.scala of Marathon); their tasks are elsewhere. */
export const appRoutes = (context: ApiContext): readonly Route[] => [
  route('POST', '/v2/apps/*/restart', (request, parameters) => restart(context, request, idIn(parameters))),
  route('GET', '/v2/apps/*/versions', (_request, parameters) => {
    const leader = context.leader();
    const { id } = requireApp(leader, idIn(parameters));
    return jsonAnswer(200, { versions: leader.shared.apps.versions(id).map(({ version }) => version) });
  }),
  route('GET', '/v2/apps/*/versions/:version', (_request, parameters) => {
    const { shared } = context.leader();
    const id = idIn(parameters);
    const version = parameters['version'] ?? '';
    const wanted = Date.parse(version);
    const app = shared.apps.versions(id).find((each) => Date.parse(each.version) === wanted);
    if (app === undefined) throw unknownApp(id, version);
    return jsonAnswer(200, app);
  }),
  route('GET', '/v2/apps/*', (request, parameters) => show(context, request, parameters)),
  route('PUT', '/v2/apps/*', async (request, parameters) =>
    put(context, request, idIn(parameters), await readJson(request)),
  ),
  route('PATCH', '/v2/apps/*', async (request, parameters) => {
    const json = await readJson(request);
    const leader = context.leader();
    return change(context, request, requireApp(leader, idIn(parameters)), json, true);
  }),
  route('DELETE', '/v2/apps/*', (request, parameters) => {
    const leader = context.leader();
    const { shared } = leader;
    const { id } = requireApp(leader, idIn(parameters));
    const deployment = startChange(context, request, leader, { apps: [{ id }] }, shared.timestamps.nextVersion());
    return deploymentAnswer(leader, deployment);
  }),
];

function show(context: ApiContext, request: HttpRequest, parameters: PathParameters) {
  const leader = context.leader();
  const path = parameters['*'] ?? '';
  const embed = embedsOf(request.query, 'app');
  // `group/*` is all apps of a group.
  if (path === '*' || path.endsWith('/*')) {
    const group = canonicalId(path.slice(0, -1));
    const apps = withoutPods(leader.shared.apps.list(group)).filter(({ id }) => id !== group);
    return jsonPartsAnswer(200, objectOf({ '*': listOf(apps, (app) => appView(leader, app, embed)) }));
  }
  return jsonPartsAnswer(200, objectOf({ app: appView(leader, requireApp(leader, idIn(parameters)), embed) }));
}

/** Creates the app, or updates it. The id in the path counts. */
function put(context: ApiContext, request: HttpRequest, id: string, json: Json) {
  const leader = context.leader();
  const { shared } = leader;
  const before = shared.apps.get(id);
  refusePod(before);
  if (before !== undefined) return change(context, request, before, json, isFlagSet(request, 'partialUpdate', true));
  const app = parseApp(isJsonObject(json) ? { ...json, id } : json, '', shared.apps, shared.settings);
  const version = shared.timestamps.nextVersion();
  const creation = { id, after: versioned(shared, app, version) };
  const deployment = startChange(context, request, leader, { apps: [creation] }, version);
  return deploymentAnswer(leader, deployment, 201, { Location: `${context.url}/v2/apps${id}` });
}

function change(context: ApiContext, request: HttpRequest, before: App, json: Json, isPartial: boolean) {
  const leader = context.leader();
  const { shared } = leader;
  const app = updatedApp(shared, before, parseUpdate(json), isPartial);
  const version = shared.timestamps.nextVersion();
  const isForced = isFlagSet(request, 'force');
  const update = { id: before.id, after: versioned(shared, app, version, { isForced }) };
  return deploymentAnswer(leader, startChange(context, request, leader, { apps: [update] }, version));
}

/** Replaces all instances, as if the definition had changed. */
function restart(context: ApiContext, request: HttpRequest, id: string) {
  const leader = context.leader();
  const { shared, deployments } = leader;
  const before = requireApp(leader, id);
  const version = shared.timestamps.nextVersion();
  const after = versioned(shared, before, version, { isRestart: true });
  const plan = validPlan(shared.apps, { apps: [{ id, after }] });
  return deploymentAnswer(leader, deployments.start(plan, version, isFlagSet(request, 'force')));
}
