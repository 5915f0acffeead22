import type { CommandUri } from '../../../protocol/mesos.ts';
import type { FetchCache } from './fetch-cache.ts';
import type { FetchItem } from './fetch-plan.ts';

export interface FetcherInfoParts {
  readonly items: readonly FetchItem[];
  readonly directory: string;
  readonly user: string | undefined;
  readonly stallTimeoutMs: number;
  readonly cache: FetchCache;
}

/** What mesos-fetcher is told, as stout writes JSON: names in order, slashes escaped, fields with a default written. */
export function fetcherInfo({ items, directory, user, stallTimeoutMs, cache }: FetcherInfoParts): string {
  const info = {
    cache_directory: cache.folder,
    items: items.map(({ uri, action, entry }) => ({
      action,
      ...(entry === undefined ? {} : { cache_filename: entry.filename }),
      uri: describeUri(uri),
    })),
    sandbox_directory: directory,
    stall_timeout: { nanoseconds: stallTimeoutMs * 1e6 },
    ...(user === undefined ? {} : { user }),
  };
  return JSON.stringify(info).replaceAll('/', '\\/');
}

const describeUri = ({ cache, executable, extract = true, output_file: outputFile, value }: CommandUri) => ({
  ...(cache === undefined ? {} : { cache }),
  ...(executable === undefined ? {} : { executable }),
  extract,
  ...(outputFile === undefined ? {} : { output_file: outputFile }),
  value,
});
