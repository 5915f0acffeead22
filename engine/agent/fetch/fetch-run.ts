import type { ConfinedFolder } from '../../../platform/files/confined-folder.ts';
import type { CommandUri } from '../../../protocol/mesos.ts';
import type { AgentWorld } from '../agent-options.ts';
import { sandboxTarget } from './archive-target.ts';
import { extract } from './extract.ts';
import type { FetchBudget } from './fetch-budget.ts';
import type { CacheEntry, FetchCache } from './fetch-cache.ts';
import type { FetchItem } from './fetch-plan.ts';
import { baseName, outputPath } from './fetch-uri.ts';
import type { FetcherLog } from './fetcher-log.ts';
import type { UriContent } from './uri-content.ts';

export interface FetchRunOptions {
  readonly world: Pick<AgentWorld, 'sandboxes' | 'processes'>;
  readonly cache: FetchCache;
  /** Absolute path of the sandbox. */
  readonly directory: string;
  readonly budget: FetchBudget;
  readonly log: FetcherLog;
  readonly content: UriContent;
  readonly signal: AbortSignal;
}

/** rwxr-xr-x, whatever the umask. */
const executableMode = 0o755;
/** As open(2) of Mesos's downloads has it, and `cp`. */
const fileMode = 0o644;

/**
 * What the program mesos-fetcher does with each URI, line by line of its log (src/launcher/fetcher.cpp). The numbers are
 * those of its lines.
 */
export class FetchRun {
  readonly #options: FetchRunOptions;
  readonly #sandbox: ConfinedFolder;

  constructor(options: FetchRunOptions) {
    this.#options = options;
    this.#sandbox = options.world.sandboxes.confined(options.directory);
  }

  /** @returns where it is now. @throws Error in Mesos's words */
  async fetch({ uri, action, entry }: FetchItem): Promise<string> {
    await this.#options.log.info(459, `Fetching URI '${uri.value}'`);
    if (action === 'BYPASS_CACHE' || entry === undefined) return this.#directly(uri);
    if (action === 'DOWNLOAD_AND_CACHE') await this.#intoCache(uri, entry);
    return this.#fromCache(uri, entry);
  }

  async #directly(uri: CommandUri): Promise<string> {
    const { directory, log } = this.#options;
    await log.info(290, `Fetching '${uri.value}' directly into the sandbox directory`);
    const output = outputPath(uri);
    const path = `${directory}/${output}`;
    await this.#download(uri.value, path, this.#sandbox, output);
    if (uri.executable === true) await this.#sandbox.setMode(output, executableMode);
    else if (uri.extract !== false) await this.#extract(uri, path, output, 332);
    return path;
  }

  async #intoCache(uri: CommandUri, entry: CacheEntry): Promise<void> {
    const { cache, world } = this.#options;
    const path = cache.pathOf(entry);
    if ((await world.sandboxes.kindOf(path)) !== undefined) return;
    await this.#download(uri.value, path, world.sandboxes.confined(cache.folder), entry.filename);
  }

  async #fromCache(uri: CommandUri, entry: CacheEntry): Promise<string> {
    const { cache, directory, log, world, budget } = this.#options;
    await log.info(349, `Fetching URI '${uri.value}' from cache`);
    const source = cache.pathOf(entry);
    const isExecutable = uri.executable === true;
    if (!isExecutable && uri.extract !== false) {
      if (await this.#extract(uri, source, baseName(uri.value), 394)) return directory;
    }
    const output = outputPath(uri);
    await this.#sandbox.writeFile(output, fileMode, budget.counted(world.sandboxes.readAll(source)));
    if (isExecutable) await this.#sandbox.setMode(output, executableMode);
    return `${directory}/${output}`;
  }

  async #download(uri: string, path: string, folder: ConfinedFolder, name: string): Promise<void> {
    const { content, log, budget } = this.#options;
    // Leading blanks are no part of it.
    const source = uri.trimStart();
    if (/^https?:/.test(source)) await log.info(175, `Downloading resource from '${source}' to '${path}'`);
    await folder.writeFile(name, fileMode, budget.counted(await content.open(source)));
  }

  async #extract(uri: CommandUri, file: string, name: string, line: number): Promise<boolean> {
    const { directory: folder, log, world, budget, signal } = this.#options;
    const target = sandboxTarget(this.#sandbox, budget);
    const kind = await extract({ file, name, folder, target, ...world, signal });
    if (kind === 'gz') await log.info(132, `Extracted '${file}' into '${folder}'`);
    if (kind !== 'none') return true;
    const reason =
      "Copying instead of extracting resource from URI with 'extract' flag, because it does not seem to be an";
    await log.warning(line, `${reason} archive: ${uri.value}`);
    return false;
  }
}
