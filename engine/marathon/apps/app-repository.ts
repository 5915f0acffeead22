import type { App } from '../../../protocol/marathon.ts';
import { Groups, groupsAround, type Group, type Tree } from './groups.ts';
import { recordKey } from '../storage/record-key.ts';
import { isInGroup } from './path-id.ts';
import { PortUsage } from './port-usage.ts';
import { groupMaker, type NewGroupEnforceRole } from './roles.ts';
import { servicePortsOf } from './service-ports.ts';
import { maxVersions, TreeHistory, type TreeChange } from './tree-history.ts';

const portsOf = (app: App | undefined) => (app === undefined ? [] : servicePortsOf(app));

/** How an app is before and after a change; undefined: it is not there. */
export interface AppChange {
  readonly id: string;
  readonly before?: App;
  readonly after?: App;
}

export interface GroupChange {
  readonly id: string;
  readonly before?: Group;
  readonly after?: Group;
}

/** What survives a restart of the groups; former versions saved none of it: then they are those of the apps. */
export interface SavedGroups {
  readonly groups?: readonly Group[];
  /** In any order. */
  readonly history?: readonly TreeChange[];
}

interface GroupOptions extends SavedGroups {
  /** Of groups that are only named. */
  readonly newGroupEnforceRole?: NewGroupEnforceRole;
}

/** The apps there are, each with its versions, and the groups that they are in. */
export class AppRepository {
  /** The service ports of all apps, as they are now. */
  readonly portUsage = new PortUsage();
  readonly #versions = new Map<string, readonly App[]>();
  readonly #groups: Groups;
  readonly #history: TreeHistory;
  readonly #onChange: (key: string) => void;
  /** Undefined after a change. */
  #sortedIds: readonly string[] | undefined;

  readonly newGroup: (id: string) => Group;

  /** @param onChange is told the keys of records that have changed */
  constructor(
    saved: readonly { readonly versions: readonly App[] }[] = [],
    { groups, history, newGroupEnforceRole }: GroupOptions = {},
    onChange: (key: string) => void = () => undefined,
  ) {
    this.newGroup = groupMaker(newGroupEnforceRole);
    this.#groups = new Groups(groups);
    this.#history = new TreeHistory(history);
    this.#onChange = onChange;
    for (const { versions } of saved) {
      const [first] = versions;
      if (first === undefined) continue;
      this.#versions.set(first.id, versions);
      this.portUsage.add(portsOf(versions.at(-1)));
      this.#groups.count(first.id, 1);
    }
  }

  get(id: string): App | undefined {
    return this.#versions.get(id)?.at(-1);
  }

  /** All apps, by id. */
  list(group = '/'): readonly App[] {
    this.#sortedIds ??= [...this.#versions.keys()].sort();
    return this.#sortedIds.filter((id) => isInGroup(id, group)).flatMap((id) => this.get(id) ?? []);
  }

  version(id: string, version: string): App | undefined {
    return this.#versions.get(id)?.findLast((app) => app.version === version);
  }

  /** Newest first. */
  versions(id: string): readonly App[] {
    return [...(this.#versions.get(id) ?? [])].sort((a, b) => (a.version < b.version ? 1 : -1));
  }

  group(id: string): Group | undefined {
    return this.#groups.get(id);
  }

  /** All groups, in no order. */
  groups(): readonly Group[] {
    return this.#groups.list();
  }

  /** How many apps are in a group, however deep. */
  appCount(group: string): number {
    return this.#groups.appCount(group);
  }

  put(app: App): void {
    this.portUsage.remove(portsOf(this.get(app.id)));
    this.portUsage.add(portsOf(app));
    if (!this.#versions.has(app.id)) this.#added(app.id, 1);
    const others = (this.#versions.get(app.id) ?? []).filter(({ version }) => version !== app.version);
    this.#versions.set(app.id, [...others, app].slice(-maxVersions));
    this.#onChange(recordKey.app(app.id));
  }

  remove(id: string): void {
    this.portUsage.remove(portsOf(this.get(id)));
    if (!this.#versions.delete(id)) return;
    this.#added(id, -1);
    this.#onChange(recordKey.app(id));
  }

  /** Makes a change, and remembers what was before it. */
  apply(changes: readonly AppChange[], groups: readonly GroupChange[], version: string): void {
    const forgotten = this.#history.add({
      version,
      apps: changes.map(({ id, before, after }) => ({
        id,
        ...(before === undefined ? {} : { version: before.version }),
        ...(after === undefined ? { removed: this.#versions.get(id) ?? [] } : {}),
      })),
      groups: groups.map(({ id, before }) => ({ id, ...(before === undefined ? {} : { before }) })),
    });
    for (const each of [version, ...forgotten]) this.#onChange(recordKey.change(each));
    const emptied = changes.flatMap(({ id, after }) => (after === undefined ? groupsAround(id) : []));
    // Groups that a former version did not save must not go with their last app.
    for (const id of new Set([...groups.map((each) => each.id), ...emptied])) this.#onChange(recordKey.group(id));
    for (const { id, after } of groups) if (after === undefined) this.#groups.remove(id);
    for (const { after } of groups) if (after !== undefined) this.#groups.put(after);
    for (const { id, after } of changes) {
      if (after === undefined) this.remove(id);
      else this.put(after);
    }
  }

  /** The version of the last change of anything: as in Marathon it is that of every group. */
  get rootVersion(): string | undefined {
    return this.#history.newest;
  }

  /** That of each app, and of all groups. */
  newestVersions(): readonly string[] {
    return [
      ...this.list().map(({ version }) => version),
      ...(this.rootVersion === undefined ? [] : [this.rootVersion]),
    ];
  }

  /** The versions with what there was in each, newest first, as far back as is known. */
  history(): Iterable<Tree & { readonly version: string }> {
    return this.#history.walk({
      apps: new Map(this.list().map((app) => [app.id, app])),
      groups: new Map(this.groups().map((group) => [group.id, group])),
      versionsOf: (id) => this.#versions.get(id) ?? [],
    });
  }

  ids(): Iterable<string> {
    return this.#versions.keys();
  }

  /** Plain data, for another repository; undefined if there is no such app. */
  saved(id: string): { readonly versions: readonly App[] } | undefined {
    const versions = this.#versions.get(id);
    return versions && { versions };
  }

  /** What one change made, for another repository. */
  change(version: string): TreeChange | undefined {
    return this.#history.get(version);
  }

  /** Those of all changes that are remembered. */
  changes(): readonly string[] {
    return this.#history.versions();
  }

  #added(id: string, step: 1 | -1): void {
    this.#sortedIds = undefined;
    this.#groups.count(id, step);
  }
}
