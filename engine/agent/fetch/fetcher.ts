import { pid } from 'node:process';
import type { CommandInfo, CommandUri } from '../../../protocol/mesos.ts';
import { formatDuration } from '../../../protocol/duration-units.ts';
import type { AgentOptions, AgentWorld } from '../agent-options.ts';
import { policyOf } from './address-policy.ts';
import { FetchBudget } from './fetch-budget.ts';
import { FetchCache } from './fetch-cache.ts';
import { FetchFailure } from './fetch-failure.ts';
import { fetchDefaults, type FetchOptions } from './fetch-options.ts';
import { planFetch, type FetchItem } from './fetch-plan.ts';
import { FetchRun } from './fetch-run.ts';
import { validateUris } from './fetch-uri.ts';
import { fetcherInfo } from './fetcher-info.ts';
import { FetcherLog } from './fetcher-log.ts';
import { uriContent } from './uri-content.ts';

/** Which files are fetched, and where to. */
export interface FetchRequest {
  readonly command: CommandInfo | undefined;
  /** Absolute path of the sandbox: it exists. */
  readonly directory: string;
  readonly containerId: string;
  /** Aborted when the task is to end. */
  readonly signal: AbortSignal;
}

/** Brings what a command's URIs name into its sandbox, before it runs (src/slave/containerizer/fetcher.cpp). */
export class Fetcher {
  readonly #agent: AgentOptions;
  readonly #world: AgentWorld;
  readonly #options: Required<FetchOptions>;
  readonly #cache: FetchCache;
  #succeeded = 0;
  #failed = 0;

  constructor(agent: AgentOptions, world: AgentWorld) {
    this.#agent = agent;
    this.#world = world;
    this.#options = fetchDefaults(agent.workDir, agent.fetch);
    const { cacheFolder, cacheBytes } = this.#options;
    this.#cache = new FetchCache({ folder: cacheFolder, maxBytes: cacheBytes, sandboxes: world.sandboxes });
  }

  /** As /metrics/snapshot has them, without their prefix. */
  get metrics(): Readonly<Record<string, number>> {
    return {
      cache_size_total_bytes: this.#cache.maxBytes,
      cache_size_used_bytes: this.#cache.usedBytes,
      task_fetches_failed: this.#failed,
      task_fetches_succeeded: this.#succeeded,
    };
  }

  /** @throws FetchFailure; the reason of the request's signal */
  async fetch(request: FetchRequest): Promise<void> {
    const uris = request.command?.uris ?? [];
    if (uris.length === 0) return;
    const { timeoutMs } = this.#options;
    const deadline = new AbortController();
    const timer = setTimeout(() => {
      deadline.abort(new Error('The time for fetching is over'));
    }, timeoutMs);
    try {
      await this.#fetchAll(uris, request, AbortSignal.any([request.signal, deadline.signal]));
      this.#succeeded += 1;
    } catch (error) {
      this.#failed += 1;
      request.signal.throwIfAborted();
      if (!deadline.signal.aborted) throw error;
      // As slave.cpp, registerExecutorTimeout.
      const message = `Executor did not register within ${formatDuration(timeoutMs)}`;
      throw new FetchFailure(message, 'REASON_EXECUTOR_REGISTRATION_TIMEOUT');
    } finally {
      clearTimeout(timer);
    }
  }

  async #fetchAll(uris: readonly CommandUri[], request: FetchRequest, signal: AbortSignal): Promise<void> {
    const { sandboxes } = this.#world;
    const { directory, containerId, command } = request;
    const { stallTimeoutMs, limits } = this.#options;
    try {
      validateUris(uris);
    } catch (error) {
      throw new FetchFailure(`Failed to launch container: Could not fetch: ${messageOf(error)}`);
    }
    await sandboxes.append(`${directory}/stdout`, '');
    const log = new FetcherLog(sandboxes, directory, pid);
    const content = uriContent({
      ...{ sandboxes, workDir: this.#agent.workDir, say: (text) => log.plain(text) },
      http: { policy: policyOf(this.#agent.host), stallTimeoutMs, signal },
    });
    const user = command?.user;
    const plan = { cache: this.#cache, user, sizeOf: content.sizeOf, log: this.#world.log, signal };
    const items = await planFetch(uris, plan);
    const brought = new Set<FetchItem['entry']>();
    try {
      await log.info(
        562,
        `Fetcher Info: ${fetcherInfo({ items, directory, user, stallTimeoutMs, cache: this.#cache })}`,
      );
      const budget = new FetchBudget(limits, () => sandboxes.freeBytes(directory), signal);
      const run = new FetchRun({ world: this.#world, cache: this.#cache, directory, budget, log, content, signal });
      for (const item of items) await this.#fetchOne(item, run, { log, containerId, signal }, brought);
      await log.info(623, `Successfully fetched all URIs into '${directory}'`);
    } finally {
      await this.#settle(items, brought);
    }
  }

  async #fetchOne(
    item: FetchItem,
    run: FetchRun,
    { log, containerId, signal }: Pick<FetchRequest, 'containerId' | 'signal'> & { readonly log: FetcherLog },
    brought: Set<FetchItem['entry']>,
  ): Promise<void> {
    const { value } = item.uri;
    try {
      await log.info(618, `Fetched '${value}' to '${await run.fetch(item)}'`);
      if (item.action === 'DOWNLOAD_AND_CACHE') brought.add(item.entry);
    } catch (error) {
      // Who kills the fetcher lets it say nothing.
      signal.throwIfAborted();
      const text = `EXIT with status 1: Failed to fetch '${value}': ${messageOf(error)}`;
      await log.error(615, text).catch(() => undefined);
      const reason = `Failed to fetch all URIs for container '${containerId}': exited with status 1`;
      throw new FetchFailure(`Failed to launch container: ${reason}`);
    }
  }

  /** Tells who waits for the entries that were brought here, or were not; nothing is used any more. */
  async #settle(items: readonly FetchItem[], brought: ReadonlySet<FetchItem['entry']>): Promise<void> {
    const mine = new Set(items.filter(({ action }) => action === 'DOWNLOAD_AND_CACHE').map(({ entry }) => entry));
    for (const entry of mine) {
      if (entry !== undefined) await this.#cache.finish(entry, brought.has(entry));
    }
    for (const { entry } of items) {
      if (entry !== undefined) this.#cache.release(entry);
    }
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
