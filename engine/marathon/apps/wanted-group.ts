import type { App } from '../../../protocol/marathon.ts';
import type { Present, Wanted } from '../deployments/plan-change.ts';
import { isPod, withoutPods } from '../pods/pod-spec.ts';
import type { Group, Tree } from './groups.ts';
import type { AppInGroup, GroupUpdate } from './group-update.ts';
import { isInGroup, parentOf } from './path-id.ts';

/*
 * What requests to groups mean for each app and each group (GroupApiService.scala and GroupConversion.scala of Marathon).
 */

/** No more instances fit into a definition. */
const maxInstances = 2_147_483_647;

/** What becomes of what there is in a group: a request says it of groups that it lists, and of those around them. */
type Fate = GroupUpdate | 'stays' | 'goes';

/**
 * Apps and groups that are listed, and the removal of those that are missing in a list; where there is no list, all stays.
 * @param complete makes an app of a definition
 */
export function wantedByUpdate(present: Present, update: GroupUpdate, complete: (app: AppInGroup) => App): Wanted {
  const listed = new Map<string, GroupUpdate>();
  const all = [...withInner(update)];
  for (const each of all) listed.set(each.id, each);
  const apps = all.flatMap((group) =>
    (group.apps ?? []).map((app) => ({ id: app.id, path: `${app.path}/id`, after: complete(app) })),
  );
  const groups = all.map(({ id, path, ...given }) => {
    const { dependencies, enforceRole = false } = { ...(present.group(id) ?? present.newGroup(id)), ...given };
    const after: Group = { id, dependencies, ...(enforceRole && { enforceRole }) };
    return { id, path: `${path}/id`, after };
  });
  const fates = new Map<string, Fate>();
  const fateOf = (id: string): Fate => {
    const known = listed.get(id) ?? fates.get(id);
    if (known !== undefined) return known;
    const around = id === '/' ? 'stays' : fateOf(parentOf(id));
    const fate = typeof around === 'string' ? around : around.groups === undefined ? 'stays' : 'goes';
    fates.set(id, fate);
    return fate;
  };
  const isListed = new Set(apps.map(({ id }) => id));
  const isGone = (app: App) => {
    const fate = fateOf(parentOf(app.id));
    // A list of apps says nothing of pods: they go with their group only.
    return fate === 'goes' || (fate !== 'stays' && fate.apps !== undefined && !isListed.has(app.id) && !isPod(app));
  };
  const inside = <Thing extends { readonly id: string }>(things: readonly Thing[]) =>
    things.filter(({ id }) => isInGroup(id, update.id));
  return {
    apps: [
      ...inside(present.list())
        .filter(isGone)
        .map(({ id }) => ({ id })),
      ...apps,
    ],
    groups: [...inside(present.groups()).flatMap(({ id }) => (fateOf(id) === 'goes' ? { id } : [])), ...groups],
  };
}

function* withInner(update: GroupUpdate): Generator<GroupUpdate> {
  yield update;
  for (const each of update.groups ?? []) yield* withInner(each);
}

/** All apps of a group with so many times their instances. */
export function wantedByScaling(present: Present, id: string, factor: number, complete: (app: App) => App): Wanted {
  const apps = withoutPods(present.list()).filter((app) => isInGroup(app.id, id));
  const scaled = apps.map((app) =>
    complete({ ...app, instances: Math.min(maxInstances, Math.ceil(app.instances * factor)) }),
  );
  return { apps: scaled.map((after) => ({ id: after.id, after })), groups: [groupAsItIs(present, id)] };
}

const groupAsItIs = (present: Present, id: string) => ({
  id,
  after: present.group(id) ?? { id, dependencies: [] },
});

/** A group with everything in it as it was in another tree: what is not there goes. */
export function wantedFromTree(present: Present, id: string, tree: Tree, complete: (app: App) => App): Wanted {
  const inside = <Thing extends { readonly id: string }>(things: Iterable<Thing>) =>
    [...things].filter((thing) => isInGroup(thing.id, id));
  const removed = (now: readonly { readonly id: string }[], then: ReadonlyMap<string, unknown>) =>
    inside(now).flatMap((thing) => (then.has(thing.id) ? [] : { id: thing.id }));
  return {
    apps: [
      ...removed(present.list(), tree.apps),
      ...inside(tree.apps.values()).map((app) => ({ id: app.id, after: complete(app) })),
    ],
    groups: [
      ...removed(present.groups(), tree.groups),
      ...inside(tree.groups.values()).map((after) => ({ id: after.id, after })),
    ],
  };
}

/** Nothing is left of a group; of `/`, nothing but itself. */
export const wantedByRemoval = (present: Present, id: string): Wanted =>
  wantedFromTree(
    present,
    id,
    { apps: new Map(), groups: new Map(id === '/' ? [['/', { id, dependencies: [] }]] : []) },
    (app) => app,
  );
