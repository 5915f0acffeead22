import type { App } from '../../../protocol/marathon.ts';
import type { Json } from '../../../protocol/mesos.ts';
import {
  asList,
  parseApp,
  parseUpdate,
  requiredId,
  servicePortsFor,
  updatedApp,
  versioned,
} from '../apps/app-changes.ts';
import { jsonPartsAnswer, listOf, objectOf } from '../../http/json-parts.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { route, type Route } from '../../http/router.ts';
import type { Wanted } from '../deployments/plan-change.ts';
import { ApiError, unknownApp } from '../marathon-error.ts';
import { withoutPods } from '../pods/pod-spec.ts';
import { deploymentAnswer, deploymentHeaders, isFlagSet, readJson, saved, type ApiContext } from './api-context.ts';
import { appFields, appView, embedsOf } from './app-view.ts';
import { parseLabelSelector } from './label-selector.ts';
import { refusePod } from './pods/refuse-pod.ts';
import { startChange } from './start-change.ts';

/** /v2/apps: all apps at once (AppsResource.scala of Marathon). */
export const appsRoutes = (context: ApiContext): readonly Route[] => [
  route('GET', '/v2/apps', (request) => {
    const leader = context.leader();
    const embed = embedsOf(request.query, 'apps');
    const apps = selectApps(withoutPods(leader.shared.apps.list()), request.query);
    return jsonPartsAnswer(200, objectOf({ apps: listOf(apps, (app) => appView(leader, app, embed)) }));
  }),
  route('POST', '/v2/apps', async (request) => {
    const json = await readJson(request);
    const leader = context.leader();
    const { shared } = leader;
    const parsed = parseApp(json, '', shared.apps, shared.settings);
    refusePod(shared.apps.get(parsed.id));
    if (shared.apps.get(parsed.id) !== undefined) {
      throw new ApiError(409, { message: `An app with id [${parsed.id}] already exists.` });
    }
    const version = shared.timestamps.nextVersion();
    const app = versioned(shared, parsed, version);
    const deployment = startChange(context, request, leader, { apps: [{ id: app.id, after: app }] }, version);
    await saved(leader);
    const body = objectOf({
      ...appFields(leader, app, new Set(['counts', 'tasks'])),
      deployments: [{ id: deployment.id }],
    });
    return jsonPartsAnswer(201, body, {
      Location: `${context.url}/v2/apps${app.id}`,
      ...deploymentHeaders(deployment),
    });
  }),
  route('PUT', '/v2/apps', async (request) => updateMany(context, request, await readJson(request), true)),
  route('PATCH', '/v2/apps', async (request) => updateMany(context, request, await readJson(request), false)),
];

const containsText = (text: string | undefined, part: string) =>
  text?.toLowerCase().includes(part.toLowerCase()) === true;

/** Filters of a list: `cmd` and `id` by a part of them, `label` by a selector. */
function selectApps(apps: readonly App[], query: URLSearchParams): readonly App[] {
  const cmd = query.get('cmd');
  const id = query.get('id');
  const label = query.get('label');
  const hasLabels = label === null ? () => true : parseLabelSelector(label);
  return apps.filter(
    (app) =>
      (cmd === null || containsText(app.cmd, cmd)) &&
      (id === null || containsText(app.id, id)) &&
      hasLabels(app.labels),
  );
}

async function updateMany(context: ApiContext, request: HttpRequest, body: Json, mayCreate: boolean) {
  const leader = context.leader();
  const { shared } = leader;
  const isPartial = !mayCreate || isFlagSet(request, 'partialUpdate', true);
  const version = shared.timestamps.nextVersion();
  const ports = servicePortsFor(shared);
  const isForced = isFlagSet(request, 'force');
  const apps: Wanted['apps'] = asList(body).map((json, index) => {
    const prefix = `(${index})`;
    const update = parseUpdate(json, prefix);
    const id = requiredId(update, prefix);
    const before = shared.apps.get(id);
    refusePod(before);
    if (before === undefined && !mayCreate) throw unknownApp(id);
    const parsed =
      before === undefined
        ? parseApp(json, prefix, shared.apps, shared.settings)
        : updatedApp(shared, before, update, isPartial, prefix);
    return { id, after: versioned(shared, parsed, version, { ports, isForced }), path: `${prefix}/id` };
  });
  return deploymentAnswer(leader, startChange(context, request, leader, { apps }, version));
}
