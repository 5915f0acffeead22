import type { FetchLimits } from './fetch-budget.ts';

/** How files are fetched; in parentheses the flag of mesos-agent that it is. */
export interface FetchOptions {
  /** Absolute; emptied before it is used (`fetcher_cache_dir`). Default: `fetch` in workDir. */
  readonly cacheFolder?: string;
  /** (`fetcher_cache_size`, 2GB) */
  readonly cacheBytes?: number;
  /** A server that says nothing for so long is given up (`fetcher_stall_timeout`, 1mins). */
  readonly stallTimeoutMs?: number;
  /** All of a task's files must be there in this time (`executor_registration_timeout`, in our labs 5mins). */
  readonly timeoutMs?: number;
  /** What fetching may take of the disk, for each task. */
  readonly limits?: FetchLimits;
}

const megabyte = 1024 ** 2;
const minuteMs = 60_000;

/** What holds where nothing is said. */
export const fetchDefaults = (workDir: string, given: FetchOptions = {}): Required<FetchOptions> => ({
  cacheFolder: `${workDir}/fetch`,
  cacheBytes: 2048 * megabyte,
  stallTimeoutMs: minuteMs,
  timeoutMs: 5 * minuteMs,
  limits: { maxBytes: 4096 * megabyte, maxEntries: 100_000, reserveBytes: 256 * megabyte },
  ...given,
});
