import { isJsonObject } from '../../../protocol/json.ts';
import type { App } from '../../../protocol/marathon.ts';
import type { Json } from '../../../protocol/mesos.ts';
import { parseApp, servicePortsFor, versioned } from '../apps/app-changes.ts';
import { canonicalId, idErrors, parentOf } from '../apps/path-id.ts';
import { jsonAnswer } from '../../http/http-answer.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { route, type Route } from '../../http/router.ts';
import type { AppChange } from '../deployments/deployment.ts';
import type { Leader } from '../leadership/leader.ts';
import { ApiError, notValid, unknownGroup } from '../marathon-error.ts';
import { announceChanges } from './announce-changes.ts';
import { deploymentAnswer, isFlagSet, readJson, type ApiContext } from './api-context.ts';
import { appView, embedsOf, type Embed } from './app-view.ts';

/*
 * /v2/groups (GroupsResource.scala of Marathon), as far as groups are what their apps' ids make of them: a group of
 * our own has no dependencies, and vanishes with its last app.
 */
export const groupsRoutes = (context: ApiContext): readonly Route[] => [
  route('GET', '/v2/groups', (request) => show(context, request, '/')),
  route('GET', '/v2/groups/*', (request, parameters) => show(context, request, canonicalId(parameters['*'] ?? ''))),
  route('POST', '/v2/groups', async (request) => putGroup(context, request, '/', await readJson(request), false)),
  route('POST', '/v2/groups/*', async (request, parameters) =>
    putGroup(context, request, canonicalId(parameters['*'] ?? ''), await readJson(request), false),
  ),
  route('PUT', '/v2/groups', async (request) => putGroup(context, request, '/', await readJson(request), true)),
  route('PUT', '/v2/groups/*', async (request, parameters) =>
    putGroup(context, request, canonicalId(parameters['*'] ?? ''), await readJson(request), true),
  ),
  route('DELETE', '/v2/groups/*', (request, parameters) => {
    const leader = context.leader();
    const id = canonicalId(parameters['*'] ?? '');
    if (!leader.shared.apps.hasGroup(id)) throw unknownGroup(id);
    const removals = leader.shared.apps.list(id).map((before) => ({ id: before.id, before }));
    return start(context, leader, request, removals);
  }),
];

function show(context: ApiContext, request: HttpRequest, id: string) {
  const leader = context.leader();
  if (!leader.shared.apps.hasGroup(id)) throw unknownGroup(id);
  const embed = embedsOf(request.query, 'group.apps');
  const named = request.query.getAll('embed');
  const withApps = named.length === 0 || named.some((each) => each.startsWith('group.apps'));
  const withGroups = named.length === 0 || named.includes('group.groups');
  return jsonAnswer(200, groupView(leader, id, leader.shared.apps.list(id), { embed, withApps, withGroups }));
}

interface GroupEmbeds {
  readonly embed: ReadonlySet<Embed>;
  readonly withApps: boolean;
  readonly withGroups: boolean;
}

/** @param inside all apps in the group, however deep */
function groupView(leader: Leader, id: string, inside: readonly App[], embeds: GroupEmbeds): object {
  const prefix = id === '/' ? '/' : `${id}/`;
  const groups = new Map<string, App[]>();
  const names = new Set<string>();
  for (const app of inside) {
    const [name = '', ...rest] = app.id.slice(prefix.length).split('/');
    if (rest.length > 0) names.add(name);
    const group = groups.get(name) ?? [];
    group.push(app);
    groups.set(name, group);
  }
  const version =
    inside
      .map((app) => app.version)
      .sort()
      .at(-1) ?? new Date(0).toISOString();
  return {
    id,
    ...(embeds.withGroups
      ? { groups: [...names].map((name) => groupView(leader, `${prefix}${name}`, groups.get(name) ?? [], embeds)) }
      : {}),
    ...(embeds.withApps
      ? { apps: inside.filter((app) => parentOf(app.id) === id).map((app) => appView(leader, app, embeds.embed)) }
      : {}),
    pods: [],
    dependencies: [],
    version,
    enforceRole: false,
  };
}

/** Makes the apps of a group what the body says: those that are there and not in it go. */
function putGroup(context: ApiContext, request: HttpRequest, base: string, json: Json, mayExist: boolean) {
  const leader = context.leader();
  const { shared } = leader;
  if (!isJsonObject(json))
    throw new ApiError(400, { message: 'Invalid JSON', details: [{ path: '/', errors: ['error.expected.jsobject'] }] });
  const id = canonicalId(typeof json['id'] === 'string' ? json['id'] : '', base);
  if (!mayExist && id !== '/' && shared.apps.hasGroup(id)) {
    throw new ApiError(409, { message: `Group ${id} is already created. Use PUT to change this group.` });
  }
  const scaleBy = json['scaleBy'];
  const version = shared.timestamps.nextVersion();
  const afterwards =
    typeof scaleBy === 'number' && scaleBy >= 0
      ? shared.apps.list(id).map((app) => ({ ...app, instances: Math.ceil(app.instances * scaleBy) }))
      : appsIn(json, id, '');
  const kept = new Set(afterwards.map((app) => app.id));
  // A new group at the top leaves the rest of the tree alone.
  const present = mayExist && id !== '/' ? shared.apps.list(id) : [];
  const changes: AppChange[] = present.filter((app) => !kept.has(app.id)).map((before) => ({ id: before.id, before }));
  const ports = servicePortsFor(shared);
  for (const app of afterwards) {
    const before = shared.apps.get(app.id);
    changes.push({
      id: app.id,
      ...(before === undefined ? {} : { before }),
      after: versioned(shared, app, version, { ports }),
    });
  }
  return start(context, leader, request, changes, mayExist ? 200 : 201);
}

type Parsed = Omit<App, 'version' | 'versionInfo'>;

function appsIn(group: Readonly<Record<string, Json>>, id: string, path: string): readonly Parsed[] {
  const listOf = (name: string) => (Array.isArray(group[name]) ? (group[name] as readonly Json[]) : []);
  const apps = listOf('apps').map((json, index) => {
    const place = `${path}/apps(${index})`;
    const own = isJsonObject(json) && typeof json['id'] === 'string' ? canonicalId(json['id'], id) : undefined;
    if (own !== undefined && parentOf(own) !== id) {
      throw notValid([
        { path: `${place}/id`, error: `identifier ${own} is not child of ${id}. Hint: use relative paths.` },
      ]);
    }
    return parseApp(isJsonObject(json) && own !== undefined ? { ...json, id: own } : json, place);
  });
  const inner = listOf('groups').flatMap((json, index) => {
    const place = `${path}/groups(${index})`;
    const name = isJsonObject(json) ? json['id'] : undefined;
    if (!isJsonObject(json) || typeof name !== 'string') {
      throw new ApiError(400, {
        message: 'Invalid JSON',
        details: [{ path: `${place}/id`, errors: ['error.path.missing'] }],
      });
    }
    const errors = idErrors(name);
    if (errors.length > 0) throw notValid(errors.map((error) => ({ path: `${place}/id`, error })));
    return appsIn(json, canonicalId(name, id), place);
  });
  return [...apps, ...inner];
}

function start(context: ApiContext, leader: Leader, request: HttpRequest, changes: readonly AppChange[], status = 200) {
  const version = leader.shared.timestamps.nextVersion();
  const deployment = leader.deployments.start(changes, version, isFlagSet(request, 'force'));
  announceChanges(context, request, changes);
  return deploymentAnswer(leader, deployment, status);
}
