import { StateTakenOver, type AppStore } from './app-store.ts';

/** Between two attempts to save. */
const retryMs = 1000;

interface StateStoreOptions {
  readonly store: AppStore;
  readonly log: (line: string) => void;
  /** Nothing can be saved any more: whoever leads must stop. */
  readonly onTakenOver: () => void;
}

/** Changes that are saved together, and who waits for it. */
class Batch {
  readonly changes = new Map<string, unknown>();
  readonly done: Promise<boolean>;
  #settle: (isSaved: boolean) => void = () => undefined;

  constructor() {
    this.done = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  settle(isSaved: boolean): void {
    this.#settle(isSaved);
  }
}

/**
 * Saves what changes, one batch at a time: what changes while one is being saved makes up the next. It tries again what
 * could not be saved, with what has changed since.
 */
export class StateStore {
  readonly #options: StateStoreOptions;
  #next = new Batch();
  /** That is being saved. */
  #present: Batch | undefined;
  #isAbandoned = false;
  #isRunning = false;
  #pause: { readonly end: () => void } | undefined;

  constructor(options: StateStoreOptions) {
    this.#options = options;
  }

  /** The record will be saved soon. @param value must not be changed any more; undefined: the record goes */
  put(key: string, value: unknown): void {
    this.#next.changes.set(key, value);
    if (this.#isRunning || this.#isAbandoned) return;
    this.#isRunning = true;
    queueMicrotask(() => void this.#saveUntilClean());
  }

  /** The record goes. */
  remove(key: string): void {
    this.put(key, undefined);
  }

  /**
   * Resolves when all that was put until now is saved; or, with false, when it could not be. Then it will be as soon
   * as the store takes it, if this Marathon still leads by then.
   */
  flush(): Promise<boolean> {
    const last = this.#next.changes.size > 0 ? this.#next : this.#present;
    if (last === undefined) return Promise.resolve(true);
    return this.#isAbandoned ? Promise.resolve(false) : last.done;
  }

  /** Saves no more: what is not saved by now belongs to nobody. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#pause?.end();
    this.#present?.settle(false);
    this.#next.settle(false);
  }

  async #saveUntilClean(): Promise<void> {
    while (this.#next.changes.size > 0 && !this.#isAbandoned) {
      const batch = this.#next;
      this.#present = batch;
      this.#next = new Batch();
      const isSaved = await this.#save(batch);
      this.#present = undefined;
      if (!isSaved) this.#takeBack(batch);
      batch.settle(isSaved);
      if (!isSaved) await this.#waitBeforeRetry();
    }
    this.#isRunning = false;
  }

  async #save({ changes }: Batch): Promise<boolean> {
    const { store, log, onTakenOver } = this.#options;
    try {
      await store.save(changes);
      return true;
    } catch (error) {
      if (this.#isAbandoned) return false;
      log(`state could not be saved: ${error instanceof Error ? error.message : String(error)}`);
      if (error instanceof StateTakenOver) {
        this.abandon();
        onTakenOver();
      }
      return false;
    }
  }

  /** What has been put since counts more. */
  #takeBack({ changes }: Batch): void {
    const next = this.#next;
    const since = new Map(next.changes);
    next.changes.clear();
    for (const [key, value] of [...changes, ...since]) next.changes.set(key, value);
  }

  #waitBeforeRetry(): Promise<void> {
    if (this.#isAbandoned) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, retryMs).unref();
      this.#pause = {
        end: () => {
          clearTimeout(timer);
          resolve();
        },
      };
    });
  }
}
