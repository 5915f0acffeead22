import type { App } from '../../../protocol/marathon.ts';
import type { Group, Tree } from './groups.ts';

/** Old versions that are kept of an app and of the groups (`zk_max_versions` of Marathon is 50). */
export const maxVersions = 25;

/** What one change made of apps and groups, as far as is needed to undo it. */
export interface TreeChange {
  readonly version: string;
  /** Each with its version before, if it was there; all its versions, if it has gone. */
  readonly apps: readonly { readonly id: string; readonly version?: string; readonly removed?: readonly App[] }[];
  readonly groups: readonly { readonly id: string; readonly before?: Group }[];
}

interface Present extends Tree {
  readonly versionsOf: (appId: string) => readonly App[];
}

/**
 * The versions of the tree of groups, as Marathon counts them: each change anywhere makes a new one, of all groups. Only
 * what was changed is kept, not a tree for each.
 */
export class TreeHistory {
  /** Newest last. */
  #changes: readonly TreeChange[];

  /** @param saved in any order */
  constructor(saved: readonly TreeChange[] = []) {
    this.#changes = [...saved].sort((a, b) => (a.version < b.version ? -1 : 1));
  }

  /** Undefined before the first change. */
  get newest(): string | undefined {
    return this.#changes.at(-1)?.version;
  }

  /** @returns the versions that are forgotten for it */
  add(change: TreeChange): readonly string[] {
    const all = [...this.#changes, change];
    this.#changes = all.slice(-maxVersions);
    return all.slice(0, -maxVersions).map(({ version }) => version);
  }

  get(version: string): TreeChange | undefined {
    return this.#changes.find((change) => change.version === version);
  }

  /** Oldest first. */
  versions(): readonly string[] {
    return this.#changes.map(({ version }) => version);
  }

  /** Each version with what there was then, newest first. */
  *walk(present: Present): Generator<Tree & { readonly version: string }> {
    const apps = new Map(present.apps);
    const groups = new Map(present.groups);
    const revived = new Map<string, readonly App[]>();
    const versionsOf = (id: string) => revived.get(id) ?? present.versionsOf(id);
    for (const change of this.#changes.toReversed()) {
      yield { version: change.version, apps, groups };
      for (const { id, version, removed } of change.apps) {
        if (removed !== undefined) revived.set(id, removed);
        const app = versionsOf(id).find((each) => each.version === version);
        // What is not known any more must not pass for what was not there.
        if (version !== undefined && app === undefined) return;
        set(apps, id, app);
      }
      for (const { id, before } of change.groups) set(groups, id, before);
    }
  }
}

function set<Value>(map: Map<string, Value>, id: string, value: Value | undefined): void {
  if (value === undefined) map.delete(id);
  else map.set(id, value);
}
