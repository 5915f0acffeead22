import { checkFields } from '../../../protocol/app-schema/check-value.ts';
import { groupFields } from '../../../protocol/app-schema/group-fields.ts';
import { isJsonObject } from '../../../protocol/json.ts';
import type { Json } from '../../../protocol/mesos.ts';
import { parseGroupUpdate } from '../apps/group-update.ts';
import { canonicalId } from '../apps/path-id.ts';
import { isTopLevel } from '../apps/roles.ts';
import { wantedByRemoval } from '../apps/wanted-group.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { route, type PathParameters, type Route } from '../../http/router.ts';
import type { Wanted } from '../deployments/plan-change.ts';
import type { Leader } from '../leadership/leader.ts';
import { ApiError, notValid, throwViolations } from '../marathon-error.ts';
import { deploymentAnswer, isFlagSet, readJson, saved, type ApiContext } from './api-context.ts';
import { requireGroup, showApps, showGroup, showVersion, showVersions } from './group-answers.ts';
import { wantedBy } from './group-wishes.ts';
import { dryRunAnswer, startChange } from './start-change.ts';

const idIn = (parameters: PathParameters) => canonicalId(parameters['*'] ?? '');

/** /v2/groups (GroupsResource.scala of Marathon). */
export const groupsRoutes = (context: ApiContext): readonly Route[] =>
  ['/v2/groups', '/v2/groups/*'].flatMap((path) => [
    route('GET', `${path}/versions`, (_request, parameters) => showVersions(context.leader(), idIn(parameters))),
    route('GET', `${path}/versions/:version`, (request, parameters) =>
      showVersion(context.leader(), request, idIn(parameters), parameters['version'] ?? ''),
    ),
    route('GET', `${path}/apps`, (request, parameters) => showApps(context.leader(), request, idIn(parameters))),
    route('GET', path, (request, parameters) => showGroup(context.leader(), request, idIn(parameters))),
    route('POST', path, async (request, parameters) =>
      create(context, request, idIn(parameters), await readJson(request)),
    ),
    route('PUT', path, async (request, parameters) => {
      const update = parseGroupUpdate(await readJson(request), idIn(parameters));
      return answer(context, request, wantedBy(context.leader(), update, isFlagSet(request, 'force')));
    }),
    route('PATCH', path, async (request, parameters) =>
      patch(context.leader(), idIn(parameters), await readJson(request)),
    ),
    route('DELETE', path, (request, parameters) => {
      const { shared } = context.leader();
      const id = idIn(parameters);
      requireGroup(context.leader(), id);
      const version = shared.timestamps.nextVersion();
      return answer(context, request, { wanted: wantedByRemoval(shared.apps, id), version });
    }),
  ]);

function create(context: ApiContext, request: HttpRequest, base: string, json: Json) {
  const leader = context.leader();
  const update = parseGroupUpdate(json, base);
  const { id } = update;
  if (leader.shared.apps.group(id) !== undefined) {
    throw new ApiError(409, { message: `Group ${id} is already created. Use PUT to change this group.` });
  }
  if (leader.shared.apps.get(id) !== undefined) {
    throw new ApiError(409, { message: `An app with the path ${id} already exists.` });
  }
  const headers = { Location: `${context.url}/v2/groups${id}` };
  return answer(context, request, wantedBy(leader, update, isFlagSet(request, 'force')), 201, headers);
}

/** Only whether a group enforces its role can be changed so. */
async function patch(leader: Leader, id: string, json: Json) {
  if (!isJsonObject(json)) {
    throw new ApiError(400, { message: 'Invalid JSON', details: [{ path: '/', errors: ['error.expected.jsobject'] }] });
  }
  const { enforceRole } = groupFields;
  throwViolations(checkFields(enforceRole === undefined ? {} : { enforceRole }, json));
  if (!isTopLevel(id)) throw notValid([{ path: '/', error: 'Path needs to be top-level' }]);
  const others = Object.keys(json).filter((name) => name !== 'enforceRole' && Object.hasOwn(groupFields, name));
  const error = 'cannot be changed by PATCH: use PUT';
  if (others.length > 0) throw notValid(others.map((name) => ({ path: `/${name}`, error })));
  requireGroup(leader, id);
  const { apps, timestamps } = leader.shared;
  const wanted = json['enforceRole'];
  if (typeof wanted === 'boolean') {
    const { enforceRole: _before, ...before } = apps.group(id) ?? { id, dependencies: [] };
    const after = { ...before, ...(wanted && { enforceRole: wanted }) };
    apps.apply([], [{ id, before: apps.group(id) ?? before, after }], timestamps.nextVersion());
    await saved(leader);
  }
  return { status: 200 };
}

/** Marathon knows `dryRun` with PUT only: who asks for it elsewhere does not mean a deployment either. */
function answer(
  context: ApiContext,
  request: HttpRequest,
  { wanted, version }: { readonly wanted: Wanted; readonly version: string },
  status = 200,
  headers: Readonly<Record<string, string>> = {},
) {
  const leader = context.leader();
  if (isFlagSet(request, 'dryRun')) return dryRunAnswer(leader, wanted);
  return deploymentAnswer(leader, startChange(context, request, leader, wanted, version), status, headers);
}
