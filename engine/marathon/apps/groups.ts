import type { App } from '../../../protocol/marathon.ts';
import { parentOf } from './path-id.ts';

/** A group, but for what is in it. */
export interface Group {
  /** Absolute: `/group`. */
  readonly id: string;
  /** Apps and groups that must run before the apps in it. */
  readonly dependencies: readonly string[];
  /** Whether services that come into it have its name as their role; only of groups at the top. */
  readonly enforceRole?: true;
}

/** Everything that there is, at one time. */
export interface Tree {
  readonly apps: ReadonlyMap<string, App>;
  readonly groups: ReadonlyMap<string, Group>;
}

/** The groups that an id is in: the nearest one first, `/` last. */
export function groupsAround(id: string): readonly string[] {
  const around: string[] = [];
  for (let path = id; path !== '/';) around.push((path = parentOf(path)));
  return around;
}

/** The groups there are: each that was made, itself or with an app in it, until somebody deletes it. */
export class Groups {
  readonly #groups = new Map<string, Group>([['/', { id: '/', dependencies: [] }]]);
  /** How many apps are in each group, however deep. */
  readonly #appCounts = new Map<string, number>();

  constructor(saved: readonly Group[] = []) {
    for (const group of saved) this.put(group);
  }

  get(id: string): Group | undefined {
    return this.#groups.get(id);
  }

  list(): readonly Group[] {
    return [...this.#groups.values()];
  }

  /** Makes it, and the groups that it is in. */
  put(group: Group): void {
    this.#groups.set(group.id, group);
    this.#makeAround(group.id);
  }

  remove(id: string): void {
    if (id !== '/') this.#groups.delete(id);
  }

  appCount(id: string): number {
    return this.#appCounts.get(id) ?? 0;
  }

  /** An app has come, or has gone. */
  count(appId: string, step: 1 | -1): void {
    for (const id of groupsAround(appId)) {
      const count = this.appCount(id) + step;
      if (count === 0) this.#appCounts.delete(id);
      else this.#appCounts.set(id, count);
    }
    if (step === 1) this.#makeAround(appId);
  }

  #makeAround(id: string): void {
    for (const each of groupsAround(id)) {
      if (this.#groups.has(each)) return;
      this.#groups.set(each, { id: each, dependencies: [] });
    }
  }
}
