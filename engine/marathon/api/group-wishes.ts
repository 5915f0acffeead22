import { readApp, servicePortsFor, versioned, type Unversioned } from '../apps/app-changes.ts';
import type { AppInGroup, GroupUpdate } from '../apps/group-update.ts';
import type { RolesBefore } from '../apps/roles.ts';
import { wantedByScaling, wantedByUpdate, wantedFromTree } from '../apps/wanted-group.ts';
import type { Wanted } from '../deployments/plan-change.ts';
import type { Leader } from '../leadership/leader.ts';
import { ApiError, notValid, type BrokenRule } from '../marathon-error.ts';
import type { DefinitionSettings } from '../marathon-options.ts';
import { versionedPod } from '../pods/pod-changes.ts';
import { isPod } from '../pods/pod-spec.ts';
import { treeOf } from './group-answers.ts';

/**
 * What a PUT or POST of a group wants, and under which version: a rollback, a scaling, or else the change of what it
 * names (GroupApiService.updateGroup of Marathon).
 * @param isForced roles of what keeps data may change
 * @throws ApiError 422
 */
export function wantedBy(
  leader: Leader,
  update: GroupUpdate,
  isForced: boolean,
): { readonly wanted: Wanted; readonly version: string } {
  const { shared } = leader;
  const version = shared.timestamps.nextVersion();
  const ports = servicePortsFor(shared);
  const complete = (app: Unversioned) => {
    if (!isPod(app)) return versioned(shared, app, version, { ports, isForced });
    const before = shared.apps.get(app.id);
    return before?.version === app.version ? before : versionedPod(before, app, version, isForced);
  };
  if (update.version !== undefined) {
    const tree = treeOf(leader, update.id, update.version);
    if (tree !== undefined) return { wanted: wantedFromTree(shared.apps, update.id, tree, complete), version };
    throw new ApiError(422, { message: `Group ${update.id} not available in version ${update.version}` });
  }
  if (update.scaleBy !== undefined) {
    return { wanted: wantedByScaling(shared.apps, update.id, update.scaleBy, complete), version };
  }
  const definitions = definitionsIn(update, rolesAfter(shared.apps, update), shared.settings);
  const wanted = wantedByUpdate(shared.apps, update, (app) => complete(definitions.get(app) as Unversioned));
  return { wanted, version };
}

/** Services come into groups that enforce their role by the same request, too (GroupNormalization.scala of Marathon). */
const rolesAfter = (before: RolesBefore, update: GroupUpdate): RolesBefore => ({
  get: before.get.bind(before),
  newGroup: before.newGroup.bind(before),
  group: (id) => {
    const enforceRole = [update, ...(update.groups ?? [])].find((each) => each.id === id)?.enforceRole;
    const known = before.group(id);
    if (enforceRole === undefined) return known;
    return { id, dependencies: known?.dependencies ?? [], ...(enforceRole && { enforceRole }) };
  },
});

/** All apps of a request in canonical form. @throws ApiError 422 for all that is wrong in them */
function definitionsIn(
  update: GroupUpdate,
  before: RolesBefore,
  settings: DefinitionSettings,
): ReadonlyMap<AppInGroup, Unversioned> {
  const definitions = new Map<AppInGroup, Unversioned>();
  const problems: BrokenRule[] = [];
  const visit = ({ apps: inGroup = [], groups = [] }: GroupUpdate): void => {
    for (const app of inGroup) {
      const outcome = readApp(app.definition, before, app.path, settings);
      if ('problems' in outcome) problems.push(...outcome.problems);
      else definitions.set(app, outcome.app);
    }
    for (const each of groups) visit(each);
  };
  visit(update);
  if (problems.length > 0) throw notValid(problems);
  return definitions;
}
