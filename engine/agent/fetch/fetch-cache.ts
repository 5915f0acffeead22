import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import { baseName } from './fetch-uri.ts';

export interface FetchCacheOptions {
  /** Absolute. */
  readonly folder: string;
  readonly maxBytes: number;
  readonly sandboxes: Sandboxes;
}

/** A file in the cache, or on its way into it. */
export interface CacheEntry {
  readonly key: string;
  readonly filename: string;
  /** Whether it came; never rejects. */
  readonly completion: Promise<boolean>;
  readonly finish: (isThere: boolean) => void;
  /** Reserved for it. */
  bytes: number;
  /** Fetches that use it: it is not evicted as long as there are any. */
  uses: number;
}

/**
 * Files that tasks share, for each user (FetcherProcess::Cache in src/slave/containerizer/fetcher.cpp). It is in memory what
 * is in it: a new agent starts with an empty one.
 */
export class FetchCache {
  readonly #options: FetchCacheOptions;
  /** Least recently used first. */
  readonly #entries = new Map<string, CacheEntry>();
  #usedBytes = 0;
  #serial = 0;
  #folder: Promise<void> | undefined;

  constructor(options: FetchCacheOptions) {
    this.#options = options;
  }

  get folder(): string {
    return this.#options.folder;
  }

  get maxBytes(): number {
    return this.#options.maxBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  pathOf({ filename }: CacheEntry): string {
    return `${this.#options.folder}/${filename}`;
  }

  /** The entry of a URI, in use; `isNew`: who asked has to bring it, and to finish it. */
  claim(user: string | undefined, uri: string): { readonly entry: CacheEntry; readonly isNew: boolean } {
    const key = user === undefined ? uri : `${user}@${uri}`;
    const found = this.#entries.get(key);
    const entry = found ?? this.#newEntry(key, uri);
    entry.uses += 1;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return { entry, isNew: found === undefined };
  }

  /** Makes room for a new entry. @throws Error in Mesos's words when there is none */
  async reserve(entry: CacheEntry, bytes: number): Promise<void> {
    const victims: CacheEntry[] = [];
    let missing = this.#usedBytes + bytes - this.#options.maxBytes;
    for (const each of this.#entries.values()) {
      if (missing <= 0) break;
      if (each.uses > 0) continue;
      victims.push(each);
      missing -= each.bytes;
    }
    if (missing > 0) {
      throw new Error('Failed to reserve space in the cache: Could not free up enough fetcher cache space');
    }
    entry.bytes = bytes;
    this.#usedBytes += bytes;
    const removals = victims.map((victim) => this.#remove(victim));
    await Promise.all([...removals, this.#makeFolder()]);
  }

  /** A new entry is there, or is not and never will be. One that is larger than was said is not kept. */
  async finish(entry: CacheEntry, isThere: boolean): Promise<void> {
    const size = isThere ? await this.#sizeOf(entry) : undefined;
    const isKept = size !== undefined && size <= entry.bytes;
    if (isKept) {
      this.#usedBytes -= entry.bytes - size;
      entry.bytes = size;
    } else {
      await this.#remove(entry);
    }
    entry.finish(isKept);
  }

  release(entry: CacheEntry): void {
    entry.uses -= 1;
  }

  /** Whether the file of a finished entry is still there; else the entry goes. */
  async isValid(entry: CacheEntry): Promise<boolean> {
    if ((await this.#sizeOf(entry)) !== undefined) return true;
    await this.#remove(entry);
    return false;
  }

  async #sizeOf(entry: CacheEntry): Promise<number | undefined> {
    const part = await this.#options.sandboxes.readPart(this.pathOf(entry), 0, 0).catch(() => undefined);
    return part?.size;
  }

  /** As Mesos does, the folder is emptied first: what a former agent left is of no use, and counts for nothing. */
  #makeFolder(): Promise<void> {
    const { folder, sandboxes } = this.#options;
    return (this.#folder ??= sandboxes.remove(folder).then(() => sandboxes.makeFolder(folder)));
  }

  async #remove(entry: CacheEntry): Promise<void> {
    if (this.#entries.get(entry.key) !== entry) return;
    this.#entries.delete(entry.key);
    this.#usedBytes -= entry.bytes;
    await this.#options.sandboxes.remove(this.pathOf(entry));
  }

  #newEntry(key: string, uri: string): CacheEntry {
    const base = baseName(uri);
    const short = base.length > 20 ? `${base.slice(0, 10)}_${base.slice(-10)}` : base;
    this.#serial += 1;
    let finish: (isThere: boolean) => void = () => undefined;
    const completion = new Promise<boolean>((resolve) => {
      finish = resolve;
    });
    return { key, filename: `c${this.#serial}-${short}`, completion, finish, bytes: 0, uses: 0 };
  }
}
