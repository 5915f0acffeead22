import { formatDuration } from '../../../protocol/duration-units.ts';

export interface RegistrarOptions {
  /** Masters that must be there. */
  readonly quorum: number;
  /** `--registry_fetch_timeout` */
  readonly fetchTimeoutMs: number;
  /** `--registry_store_timeout` */
  readonly storeTimeoutMs: number;
  readonly log: (line: string) => void;
  readonly onRecovered: () => void;
  /** The master cannot go on: it exits. */
  readonly onFailed: (reason: string) => void;
}

/**
 * Stands for the registrar of a leading master. The real one keeps its agents in a log on a quorum of masters
 * (src/master/registrar.cpp); ours keeps nothing, since agents bring everything back, but can do neither more nor less
 * than the real one without a quorum: it does not recover, and when it has and the quorum is lost later, it leads on
 * and admits no agent and gives none up; whoever waits for that for the store timeout makes it exit, and its successor
 * does not recover before there is a quorum again.
 */
export class Registrar {
  readonly #options: RegistrarOptions;
  #masters = 0;
  #hasRecovered = false;
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
  }

  /** How many masters there are, this one included. */
  set masters(count: number) {
    this.#masters = count;
    if (!this.#hasQuorum) return;
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
    if (this.#hasQuorum) {
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

  end(): void {
    this.#stopTimer();
    this.#waiting.clear();
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
