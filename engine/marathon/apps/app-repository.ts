import type { App } from '../../../protocol/marathon.ts';
import { isInGroup, parentOf } from './path-id.ts';

/** Old versions that are kept of an app (`zk_max_versions` of Marathon is 50). */
const maxVersions = 25;

/** The apps there are, each with its versions. */
export class AppRepository {
  readonly #versions = new Map<string, readonly App[]>();
  /** How many apps are in each group, however deep; all are in `/`. */
  readonly #groups = new Map<string, number>();
  readonly #onChange: (id: string) => void;
  /** Undefined after a change. */
  #sortedIds: readonly string[] | undefined;

  /** @param onChange is told the ids of apps that have changed */
  constructor(
    saved: readonly { readonly versions: readonly App[] }[] = [],
    onChange: (id: string) => void = () => undefined,
  ) {
    this.#onChange = onChange;
    for (const { versions } of saved) {
      const [first] = versions;
      if (first === undefined) continue;
      this.#versions.set(first.id, versions);
      this.#countInGroups(first.id, 1);
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

  put(app: App): void {
    if (!this.#versions.has(app.id)) this.#countInGroups(app.id, 1);
    const others = (this.#versions.get(app.id) ?? []).filter(({ version }) => version !== app.version);
    this.#versions.set(app.id, [...others, app].slice(-maxVersions));
    this.#onChange(app.id);
  }

  remove(id: string): void {
    if (!this.#versions.delete(id)) return;
    this.#countInGroups(id, -1);
    this.#onChange(id);
  }

  /** Whether there is a group: one that has apps in it, however deep. */
  hasGroup(id: string): boolean {
    return id === '/' || this.#groups.has(id);
  }

  /** The app that an id is inside of: that cannot be. The outermost, if there are several. */
  appAround(id: string): App | undefined {
    let around: App | undefined;
    for (let path = parentOf(id); path !== '/'; path = parentOf(path)) around = this.get(path) ?? around;
    return around;
  }

  ids(): Iterable<string> {
    return this.#versions.keys();
  }

  /** Plain data, for another repository; undefined if there is no such app. */
  saved(id: string): { readonly versions: readonly App[] } | undefined {
    const versions = this.#versions.get(id);
    return versions && { versions };
  }

  #countInGroups(id: string, step: 1 | -1): void {
    this.#sortedIds = undefined;
    for (let path = id; path !== '/';) {
      path = parentOf(path);
      const count = (this.#groups.get(path) ?? 0) + step;
      if (count === 0) this.#groups.delete(path);
      else this.#groups.set(path, count);
    }
  }
}
