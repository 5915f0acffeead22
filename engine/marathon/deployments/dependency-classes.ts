import type { App } from '../../../protocol/marathon.ts';
import type { Group } from '../apps/groups.ts';
import { isInGroup, parentOf } from '../apps/path-id.ts';

/** An app, or what an app depends on: an app or a group, with all apps in it. */
interface Node {
  /** Number of the class; of what is depended on: the last class that it needs. */
  level: number;
  /** Nodes that must have their level before. */
  missing: number;
  readonly dependents: { readonly node: Node; readonly distance: 0 | 1 }[];
}

/**
 * Apps in classes, in the order in which they come: each depends only on apps of the classes before. What a group depends
 * on, all apps in it depend on (RootGroup.applicationDependencies of Marathon).
 * @returns undefined for a circle of dependencies
 */
export function dependencyClasses(
  apps: readonly App[],
  groups: readonly Group[] = [],
): readonly (readonly string[])[] | undefined {
  const dependent = groups.filter(({ dependencies }) => dependencies.length > 0);
  const byId = new Map(apps.map((app) => [app.id, app]));
  const needed = new Set([...apps, ...dependent].flatMap(({ dependencies = [] }) => dependencies));
  if (needed.size === 0) return byId.size === 0 ? [] : [[...byId.keys()]];
  const nodes = new Map([...byId.keys()].map((id) => [id, newNode(0)]));
  const targets = new Map<string, Node>();
  const members = membersOf(needed, byId.keys());
  for (const [id, ids] of members) {
    const target = newNode(-1);
    targets.set(id, target);
    for (const member of ids) connect(nodes.get(member), target, 0);
  }
  for (const { id, dependencies = [] } of byId.values()) {
    for (const each of dependencies) {
      // An app does not depend on itself, if it is in a group that it depends on.
      if (!isInGroup(id, each)) connect(targets.get(each), nodes.get(id), 1);
      else for (const other of members.get(each) ?? []) if (other !== id) connect(nodes.get(other), nodes.get(id), 1);
    }
  }
  const insides = membersOf(new Set(dependent.map(({ id }) => id)), byId.keys());
  const gates = dependent.map(({ id, dependencies }) => {
    const gate = newNode(0);
    for (const each of dependencies) connect(targets.get(each), gate, 1);
    for (const member of insides.get(id) ?? []) connect(gate, nodes.get(member), 0);
    return gate;
  });
  if (!setLevels([...nodes.values(), ...targets.values(), ...gates])) return undefined;
  const classes: string[][] = [];
  for (const [id, { level }] of nodes) (classes[level] ??= []).push(id);
  return classes;
}

const newNode = (level: number): Node => ({ level, missing: 0, dependents: [] });

function connect(from: Node | undefined, to: Node | undefined, distance: 0 | 1): void {
  if (from === undefined || to === undefined) return;
  from.dependents.push({ node: to, distance });
  to.missing += 1;
}

/** Which apps are meant by what is depended on; by none that exists: no apps. */
function membersOf(needed: ReadonlySet<string>, ids: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const members = new Map<string, string[]>([...needed].map((id) => [id, []]));
  for (const id of ids) {
    for (let path = id; ; path = parentOf(path)) {
      members.get(path)?.push(id);
      if (path === '/') break;
    }
  }
  return members;
}

/** @returns whether there is no circle */
function setLevels(nodes: readonly Node[]): boolean {
  const ready = nodes.filter(({ missing }) => missing === 0);
  for (let index = 0; index < ready.length; index += 1) {
    const { level, dependents } = ready[index] ?? newNode(0);
    for (const { node, distance } of dependents) {
      node.level = Math.max(node.level, level + distance);
      node.missing -= 1;
      if (node.missing === 0) ready.push(node);
    }
  }
  return ready.length === nodes.length;
}
