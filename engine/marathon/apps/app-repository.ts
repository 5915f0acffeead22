import type { App } from '../../../protocol/marathon.ts';
import { isInGroup } from './path-id.ts';

/** Old versions that are kept of an app (`zk_max_versions` of Marathon is 50). */
const maxVersions = 25;

/** The apps there are, each with its versions. */
export class AppRepository {
  readonly #versions = new Map<string, readonly App[]>();

  constructor(saved: readonly { readonly versions: readonly App[] }[] = []) {
    for (const { versions } of saved) {
      const [first] = versions;
      if (first !== undefined) this.#versions.set(first.id, versions);
    }
  }

  get(id: string): App | undefined {
    return this.#versions.get(id)?.at(-1);
  }

  /** All apps, by id. */
  list(group = '/'): readonly App[] {
    return [...this.#versions.keys()]
      .filter((id) => isInGroup(id, group))
      .sort()
      .flatMap((id) => this.get(id) ?? []);
  }

  version(id: string, version: string): App | undefined {
    return this.#versions.get(id)?.findLast((app) => app.version === version);
  }

  /** Newest first. */
  versions(id: string): readonly App[] {
    return [...(this.#versions.get(id) ?? [])].sort((a, b) => (a.version < b.version ? 1 : -1));
  }

  put(app: App): void {
    const others = (this.#versions.get(app.id) ?? []).filter(({ version }) => version !== app.version);
    this.#versions.set(app.id, [...others, app].slice(-maxVersions));
  }

  remove(id: string): void {
    this.#versions.delete(id);
  }

  /** Whether there is a group: one that has apps in it, however deep. */
  hasGroup(id: string): boolean {
    return id === '/' || [...this.#versions.keys()].some((app) => app.startsWith(`${id}/`));
  }

  toJson(): readonly { readonly versions: readonly App[] }[] {
    return [...this.#versions.values()].map((versions) => ({ versions }));
  }
}
