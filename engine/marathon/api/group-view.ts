import type { App } from '../../../protocol/marathon.ts';
import type { Group } from '../apps/groups.ts';
import { isInGroup, parentOf } from '../apps/path-id.ts';
import { isPod, withoutPods, type PodSpec } from '../pods/pod-spec.ts';

export interface GroupViewOptions {
  /** Undefined: without apps. */
  readonly appView: ((app: App) => object) | undefined;
  /** Undefined: without pods. */
  readonly podView: ((pod: PodSpec) => object) | undefined;
  readonly withGroups: boolean;
  /** The same for all: so Marathon counts them. */
  readonly version: string;
}

/** A group as /v2/groups answers it, with what is in it (GroupInfo of group.raml of Marathon). */
export function groupView(
  id: string,
  tree: { readonly apps: Iterable<App>; readonly groups: Iterable<Group> },
  { appView, podView, withGroups, version }: GroupViewOptions,
): object {
  const groups = childrenOf(tree.groups, id);
  const all = [...tree.apps];
  const apps = childrenOf(withoutPods(all), id);
  const pods = childrenOf(all.filter(isPod), id);
  const view = ({ id: own, dependencies, enforceRole }: Group): object => ({
    id: own,
    ...(withGroups ? { groups: (groups.get(own) ?? []).map(view) } : {}),
    ...(appView === undefined ? {} : { apps: (apps.get(own) ?? []).map(appView) }),
    pods: podView === undefined ? [] : (pods.get(own) ?? []).map(podView),
    dependencies,
    version,
    enforceRole: enforceRole === true,
  });
  const own = [...tree.groups].find((group) => group.id === id);
  return view(own ?? { id, dependencies: [] });
}

/** What is in a group, by id, by what it is in. */
function childrenOf<Thing extends { readonly id: string }>(things: Iterable<Thing>, group: string) {
  const children = new Map<string, Thing[]>();
  const inside = [...things].filter(({ id }) => id !== '/' && isInGroup(id, group));
  for (const thing of inside.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const parent = parentOf(thing.id);
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [thing]);
    else siblings.push(thing);
  }
  return children;
}
