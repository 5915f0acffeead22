import type { CommandUri } from '../../../protocol/mesos.ts';
import type { CacheEntry, FetchCache } from './fetch-cache.ts';

/** FetcherInfo.Item of Mesos's fetcher.proto: one URI, and what is done with it. */
export interface FetchItem {
  readonly uri: CommandUri;
  readonly action: 'BYPASS_CACHE' | 'DOWNLOAD_AND_CACHE' | 'RETRIEVE_FROM_CACHE';
  /** Of the actions with a cache. */
  readonly entry?: CacheEntry;
}

export interface PlanOptions {
  readonly cache: FetchCache;
  readonly user: string | undefined;
  /** How large a file will be. @throws Error when that is not said */
  readonly sizeOf: (uri: string) => Promise<number>;
  readonly log: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Says for each URI whether it comes through the cache. All entries are claimed at once: whoever waits for another fetch
 * waits for one that claimed before, so none waits in a circle.
 */
export async function planFetch(uris: readonly CommandUri[], options: PlanOptions): Promise<readonly FetchItem[]> {
  const { cache, user } = options;
  const mine = new Set<CacheEntry>();
  const claims = uris.map((uri) => {
    if (uri.cache !== true) return { uri };
    const { entry, isNew } = cache.claim(user, uri.value);
    const isFirst = isNew && !mine.has(entry);
    if (isNew) mine.add(entry);
    return { uri, entry, role: isFirst ? 'brings' : mine.has(entry) ? 'follows' : 'waits' } as const;
  });
  const failed = new Set<CacheEntry>();
  const bypass = (uri: CommandUri, entry: CacheEntry, reason: string): FetchItem => {
    cache.release(entry);
    options.log(
      `Reverting to fetching directly into the sandbox for '${uri.value}', ` +
        `due to failure to fetch through the cache, with error: ${reason}`,
    );
    return { uri, action: 'BYPASS_CACHE' };
  };
  const items: FetchItem[] = [];
  for (const { uri, entry, role } of claims) {
    if (entry === undefined) {
      items.push({ uri, action: 'BYPASS_CACHE' });
    } else if (role === 'brings') {
      const problem = await reserve(uri, entry, options);
      if (problem !== undefined) failed.add(entry);
      items.push(problem === undefined ? { uri, action: 'DOWNLOAD_AND_CACHE', entry } : bypass(uri, entry, problem));
    } else if (role === 'follows') {
      // The one that brings it comes before in the list.
      items.push(
        failed.has(entry) ? bypass(uri, entry, 'it failed before') : { uri, action: 'DOWNLOAD_AND_CACHE', entry },
      );
    } else {
      const isThere = (await isFinished(entry, options.signal)) && (await cache.isValid(entry));
      const item: FetchItem = { uri, action: 'RETRIEVE_FROM_CACHE', entry };
      items.push(isThere ? item : bypass(uri, entry, 'the fetch that was to bring it failed'));
    }
  }
  return items;
}

/** Why an entry cannot be brought. */
async function reserve(uri: CommandUri, entry: CacheEntry, options: PlanOptions): Promise<string | undefined> {
  try {
    options.signal.throwIfAborted();
    await options.cache.reserve(entry, await options.sizeOf(uri.value));
    return undefined;
  } catch (error) {
    await options.cache.finish(entry, false);
    return error instanceof Error ? error.message : String(error);
  }
}

/** False also when the signal aborts first. */
async function isFinished(entry: CacheEntry, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  let stop: () => void = () => undefined;
  const aborted = new Promise<boolean>((resolve) => {
    stop = () => {
      resolve(false);
    };
    signal.addEventListener('abort', stop);
  });
  const result = await Promise.race([entry.completion, aborted]);
  signal.removeEventListener('abort', stop);
  return result;
}
