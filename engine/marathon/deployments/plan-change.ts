import type { DeploymentStep } from '../../../protocol/marathon/deployments.ts';
import type { App } from '../../../protocol/marathon.ts';
import type { AppChange, GroupChange } from '../apps/app-repository.ts';
import { groupsAround, type Group } from '../apps/groups.ts';
import { isInGroup } from '../apps/path-id.ts';
import { notValid, type BrokenRule } from '../marathon-error.ts';
import { isPod } from '../pods/pod-spec.ts';
import { stepsFor, stepsInClasses } from './deployment.ts';

/** The apps and groups there are. */
export interface Present {
  readonly get: (appId: string) => App | undefined;
  readonly list: () => readonly App[];
  readonly group: (id: string) => Group | undefined;
  readonly groups: () => readonly Group[];
  /** How one is that is only named. */
  readonly newGroup: (id: string) => Group;
  /** How many apps are in a group, however deep. */
  readonly appCount: (group: string) => number;
}

interface WantedThing<Thing> {
  readonly id: string;
  /** How it shall be; undefined: it shall go. */
  readonly after?: Thing;
  /** Where the request says so, for what is wrong with it. */
  readonly path?: string;
}

/** What a request asks for. Apps and groups that it does not name stay as they are. */
export interface Wanted {
  readonly apps: readonly WantedThing<App>[];
  readonly groups?: readonly WantedThing<Group>[];
}

/** A change that keeps all rules. */
export interface ChangePlan {
  /** Only what changes. */
  readonly changes: readonly AppChange[];
  /** With the groups that new apps need. */
  readonly groups: readonly GroupChange[];
  readonly steps: readonly DeploymentStep[];
}

type Change<Thing> = { readonly id: string; readonly before?: Thing; readonly after?: Thing };

/**
 * The rules of every change of apps and groups (RootGroup.scala and Group.validGroup of Marathon): no id twice, no app
 * where a group is, none inside of another app, no circle of dependencies.
 */
export function planChange(
  present: Present,
  wanted: Wanted,
): ChangePlan | { readonly problems: readonly BrokenRule[] } {
  const problems: BrokenRule[] = [];
  const apps = changesOf(wanted.apps, present.get.bind(present), problems);
  const groups = changesOf(wanted.groups ?? [], present.group.bind(present), problems);
  const changes = [...apps.values()].filter(({ before, after }) => before?.version !== after?.version);
  for (const { id, before, after } of apps.values()) {
    if (before && after && isPod(before) !== isPod(after)) problems.push({ path: '/', error: sharedIdError(id) });
  }
  problems.push(...clashes(present, apps, groups));
  if (problems.length > 0) return { problems };
  makeRoom(present, changes, groups);
  const groupChanges = [...groups.values()].filter(isGroupChanged);
  const steps = isIndependent(present, changes, groups)
    ? stepsInClasses(changes, [changes.map(({ id }) => id)])
    : stepsFor(changes, appsAfter(present, apps), groupsAfter(present, groups));
  if (steps === undefined) return { problems: [{ path: '/', error: 'Dependency graph has cyclic dependencies.' }] };
  return { changes, groups: groupChanges, steps };
}

/** (Group.scala of Marathon) */
export const sharedIdError = (id: string) => `Applications and Pods may not share the same id: ${id}`;

/** @throws ApiError 422 */
export function validPlan(present: Present, wanted: Wanted): ChangePlan {
  const plan = planChange(present, wanted);
  if ('problems' in plan) throw notValid(plan.problems);
  return plan;
}

function changesOf<Thing>(
  wanted: readonly WantedThing<Thing>[],
  presentOf: (id: string) => Thing | undefined,
  problems: BrokenRule[],
): Map<string, Change<Thing>> {
  const changes = new Map<string, Change<Thing>>();
  for (const { id, after, path = '/' } of wanted) {
    if (changes.has(id)) problems.push({ path, error: `Duplicate ids are not allowed: ${id}` });
    const before = presentOf(id);
    changes.set(id, { id, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) });
  }
  return changes;
}

/** New apps and groups that may not be where they shall be: what was there already was looked at when it came. */
function clashes(
  present: Present,
  apps: ReadonlyMap<string, AppChange>,
  groups: ReadonlyMap<string, GroupChange>,
): readonly BrokenRule[] {
  const more = new Map<string, number>();
  const count = (id: string, step: number) => {
    if (step !== 0) for (const each of groupsAround(id)) more.set(each, (more.get(each) ?? 0) + step);
  };
  for (const { id, before, after } of apps.values())
    count(id, Number(after !== undefined) - Number(before !== undefined));
  for (const { id, after } of groups.values()) count(id, Number(after !== undefined));
  const isApp = (id: string) => (apps.has(id) ? apps.get(id)?.after : present.get(id)) !== undefined;
  const isFilledGroup = (id: string) =>
    present.appCount(id) + (more.get(id) ?? 0) > 0 || groups.get(id)?.after !== undefined;
  const clashing = new Set<string>();
  const news = [...apps.values(), ...groups.values()].filter(({ before, after }) => before === undefined && after);
  for (const { id } of news) for (const each of groupsAround(id)) if (isApp(each)) clashing.add(each);
  for (const { id } of news) if (isApp(id) && isFilledGroup(id)) clashing.add(id);
  return [...clashing].map((id) => ({
    path: '/',
    error: `Groups and Applications may not have the same identifier: ${id}`,
  }));
}

/**
 * Adds the groups that apps and groups are in, and keeps those that have something in them after all. An empty group
 * where an app shall be gives way to it (RootGroup.updateApp of Marathon).
 */
function makeRoom(present: Present, changes: readonly AppChange[], groups: Map<string, GroupChange>): void {
  for (const { id, before, after } of [...groups.values()]) if (!before && !after) groups.delete(id);
  const replaced = changes.filter(({ id, before, after }) => after && before === undefined && present.group(id));
  for (const { id } of replaced) {
    for (const before of present.groups())
      if (isInGroup(before.id, id)) groups.set(before.id, { id: before.id, before });
  }
  const isGoing = (id: string) => groups.has(id) && groups.get(id)?.after === undefined;
  const changed = new Set(changes.map(({ id }) => id));
  const untouched = () => [...present.list(), ...present.groups()].filter(({ id }) => !changed.has(id) && !isGoing(id));
  const staying = [
    ...[...changes, ...groups.values()].filter(({ after }) => after !== undefined),
    ...([...groups.keys()].some(isGoing) ? untouched() : []),
  ];
  for (const { id } of staying) {
    for (const each of groupsAround(id)) {
      if (isGoing(each)) groups.delete(each);
      if (groups.has(each) || present.group(each) !== undefined) continue;
      groups.set(each, { id: each, after: present.newGroup(each) });
    }
  }
}

/**
 * Whether nothing of a change depends on anything: then it makes no circle, and its apps are all of the first class, so
 * the others, however many, need not be looked at.
 */
function isIndependent(
  present: Present,
  changes: readonly AppChange[],
  groups: ReadonlyMap<string, GroupChange>,
): boolean {
  const groupAt = (id: string) => (groups.has(id) ? groups.get(id)?.after : present.group(id));
  const isFree = (thing: App | Group | undefined) => (thing?.dependencies ?? []).length === 0;
  const around = new Set(changes.flatMap(({ id }) => groupsAround(id)));
  return (
    changes.every(({ after }) => isFree(after)) &&
    [...groups.values()].every(({ after }) => isFree(after)) &&
    [...around].every((id) => isFree(groupAt(id)))
  );
}

const isGroupChanged = ({ before, after }: GroupChange) =>
  JSON.stringify(before?.dependencies) !== JSON.stringify(after?.dependencies);

const appsAfter = (present: Present, apps: ReadonlyMap<string, AppChange>): readonly App[] => [
  ...present.list().filter(({ id }) => !apps.has(id)),
  ...[...apps.values()].flatMap(({ after }) => after ?? []),
];

const groupsAfter = (present: Present, groups: ReadonlyMap<string, GroupChange>): readonly Group[] => [
  ...present.groups().filter(({ id }) => !groups.has(id)),
  ...[...groups.values()].flatMap(({ after }) => after ?? []),
];
