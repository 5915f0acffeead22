import { timerMs } from '../../timer-limit.ts';
import { DockerError, type DockerCli } from './docker-cli.ts';

export interface EndedContainersOptions {
  readonly cli: DockerCli;
  /** How long each is kept. */
  readonly removeDelayMs: number;
  /** How many are kept at most. */
  readonly maxKept: number;
  readonly log: (line: string) => void;
}

const removeTimeoutMs = 60_000;
const firstRetryMs = 5000;
const maxRetryMs = 300_000;

/**
 * Removes containers that have ended, with the volumes they had for themselves (`docker rm -f -v`, as Docker::rm of
 * Mesos): each after a while, and the oldest at once when there are many. What cannot be removed is tried again, because
 * the Engine may be away just now.
 */
export class EndedContainers {
  readonly #options: EndedContainersOptions;
  /** Oldest first: what removes each of them. */
  readonly #kept = new Map<string, NodeJS.Timeout>();
  readonly #retries = new Set<NodeJS.Timeout>();
  #queue: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: EndedContainersOptions) {
    this.#options = options;
  }

  /** Takes a container that has ended. */
  add(name: string): void {
    if (this.#isStopped) return;
    const { removeDelayMs, maxKept } = this.#options;
    this.#drop(name);
    const timer = setTimeout(() => {
      this.removeNow(name);
    }, timerMs(removeDelayMs)).unref();
    this.#kept.set(name, timer);
    const surplus = [...this.#kept.keys()].slice(0, Math.max(0, this.#kept.size - maxKept));
    for (const each of surplus) this.removeNow(each);
  }

  /** Removes a container at once if it is kept; does nothing for others. */
  forget(name: string): void {
    if (this.#kept.has(name)) this.removeNow(name);
  }

  /** Removes a container, also one that runs; one after the other. */
  removeNow(name: string, retryMs: number = firstRetryMs): void {
    this.#drop(name);
    this.#queue = this.#queue.then(() => this.#remove(name, retryMs));
  }

  /** Removes all that are kept, and resolves when what was to be removed is, or could not be. */
  async removeAll(): Promise<void> {
    for (const name of [...this.#kept.keys()]) this.removeNow(name);
    await this.#queue;
  }

  /** Leaves what is there to whoever comes next. */
  stop(): void {
    this.#isStopped = true;
    for (const timer of [...this.#kept.values(), ...this.#retries]) clearTimeout(timer);
    this.#kept.clear();
    this.#retries.clear();
  }

  #drop(name: string): void {
    clearTimeout(this.#kept.get(name));
    this.#kept.delete(name);
  }

  async #remove(name: string, retryMs: number): Promise<void> {
    if (this.#isStopped) return;
    try {
      await this.#options.cli.run(['rm', '-f', '-v', name], { timeoutMs: removeTimeoutMs });
    } catch (error) {
      if (error instanceof DockerError && /no such container/i.test(error.stderr)) return;
      this.#options.log(
        `Container ${name} could not be removed: ${error instanceof Error ? error.message : String(error)}`,
      );
      this.#retryIn(retryMs, name);
    }
  }

  #retryIn(ms: number, name: string): void {
    if (this.#isStopped) return;
    const timer = setTimeout(() => {
      this.#retries.delete(timer);
      this.removeNow(name, Math.min(ms * 2, maxRetryMs));
    }, ms).unref();
    this.#retries.add(timer);
  }
}
