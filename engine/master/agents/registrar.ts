import { formatDuration } from '../../../protocol/duration-units.ts';
import { emptyRegistry, parseRegistry, type Registry } from '../registry/registry.ts';
import type { RegistryStore } from '../registry/registry-store.ts';

export interface RegistrarOptions {
  /** Masters that must be there. */
  readonly quorum: number;
  /** `--registry_fetch_timeout` */
  readonly fetchTimeoutMs: number;
  /** `--registry_store_timeout` */
  readonly storeTimeoutMs: number;
  readonly store: RegistryStore;
  readonly log: (line: string) => void;
  readonly onRecovered: () => void;
  /** The master cannot go on: it exits. */
  readonly onFailed: (reason: string) => void;
}

/** A change that somebody waits for. */
interface Change {
  readonly what: string;
  readonly change: (registry: Registry) => Registry;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Stands for the registrar of a leading master. The real one keeps its agents in a log on a quorum of masters
 * (src/master/registrar.cpp); agents bring everything back here, so ours keeps only what operators have decided, but it
 * can do neither more nor less than the real one without a quorum: it does not recover, and when it has and the quorum is lost later, it leads on
 * and admits no agent and gives none up; whoever waits for that for the store timeout makes it exit, and its successor
 * does not recover before there is a quorum again.
 */
export class Registrar {
  readonly #options: RegistrarOptions;
  #masters = 0;
  #hasRecovered = false;
  #isLoaded = false;
  #isEnded = false;
  #registry = emptyRegistry;
  #updates = 0;
  /** What is to be saved next. */
  readonly #changes: Change[] = [];
  #isSaving = false;
  /** What waits for a quorum, by what it is. */
  readonly #waiting = new Map<string, () => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RegistrarOptions) {
    this.#options = options;
    const within = formatDuration(options.fetchTimeoutMs);
    this.#failAfter(
      options.fetchTimeoutMs,
      `Recovery failed: Failed to recover registrar: Failed to perform fetch within ${within}`,
    );
    this.#load().catch((error: unknown) => {
      this.#fail(`Recovery failed: Failed to recover registrar: ${describe(error)}`);
    });
  }

  /** What operators have decided; all of it once it has recovered. */
  get registry(): Registry {
    return this.#registry;
  }

  /** How many masters there are, this one included. */
  set masters(count: number) {
    this.#masters = count;
    this.#goOn();
  }

  #goOn(): void {
    if (!this.#hasQuorum || !this.#isLoaded) return;
    if (!this.#hasRecovered) {
      this.#hasRecovered = true;
      this.#options.log('Successfully recovered the registrar');
      this.#stopTimer();
      this.#options.onRecovered();
    }
    const operations = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#stopTimer();
    for (const operation of operations) operation();
  }

  get masters(): number {
    return this.#masters;
  }

  /** What waits for a quorum. */
  get queued(): number {
    return this.#waiting.size;
  }

  get #hasQuorum(): boolean {
    return this.#masters >= this.#options.quorum;
  }

  /**
   * Carries out what changes the registry, at once or when there is a quorum again.
   * @param what `admit agent S1`, for the reason of a failure; of what is asked for again, the last counts
   * @returns whether it was done at once
   */
  apply(what: string, operation: () => void): boolean {
    if (this.#hasQuorum && this.#isLoaded) {
      operation();
      return true;
    }
    if (this.#waiting.size === 0) {
      const { storeTimeoutMs, log, quorum } = this.#options;
      const within = formatDuration(storeTimeoutMs);
      log(`Cannot ${what} with ${this.#masters} of ${quorum} masters: waiting for ${within}`);
      this.#failAfter(
        storeTimeoutMs,
        `Failed to ${what}: Failed to update registry: Failed to perform store within ${within}`,
      );
    }
    this.#waiting.set(what, operation);
    return false;
  }

  /**
   * Changes what operators have decided; it is so once it is saved. One change comes after the other, and those that come
   * while another is saved are saved together (Registrar::_update and update of src/master/registrar.cpp).
   * @param change returns what is to be saved; what it throws, this rejects with
   */
  async update(what: string, change: (registry: Registry) => Registry): Promise<void> {
    this.#updates += 1;
    const key = `${what} (${this.#updates})`;
    await new Promise<void>((resolve) => {
      this.apply(key, resolve);
    });
    await new Promise<void>((resolve, reject) => {
      this.#changes.push({ what, change, resolve, reject });
      void this.#saveChanges();
    });
  }

  async #saveChanges(): Promise<void> {
    if (this.#isSaving) return;
    this.#isSaving = true;
    // Those who ask in one go are saved in one go.
    await Promise.resolve();
    while (this.#changes.length > 0) await this.#saveBatch(this.#changes.splice(0));
    this.#isSaving = false;
  }

  async #saveBatch(changes: readonly Change[]): Promise<void> {
    let registry = this.#registry;
    const made: Change[] = [];
    for (const each of changes) {
      try {
        registry = each.change(registry);
        made.push(each);
      } catch (error) {
        each.reject(error);
      }
    }
    try {
      if (registry !== this.#registry) await this.#options.store.save(JSON.stringify(registry));
    } catch (error) {
      this.#fail(`Failed to ${made[0]?.what ?? ''}: Failed to update registry: ${describe(error)}`);
      for (const { reject } of made) reject(error);
      return;
    }
    this.#registry = registry;
    for (const { resolve } of made) resolve();
  }

  end(): void {
    this.#isEnded = true;
    this.#stopTimer();
    this.#waiting.clear();
  }

  async #load(): Promise<void> {
    this.#registry = parseRegistry(await this.#options.store.load());
    if (this.#isEnded) return;
    this.#isLoaded = true;
    this.#goOn();
  }

  #fail(reason: string): void {
    if (!this.#isEnded) this.#options.onFailed(reason);
  }

  #failAfter(ms: number, reason: string): void {
    this.#stopTimer();
    this.#timer = setTimeout(() => {
      this.#options.onFailed(reason);
    }, ms);
    this.#timer.unref();
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
  }
}

const describe = (error: unknown) => (error instanceof Error ? error.message : String(error));
