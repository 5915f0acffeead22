import { setImmediate as turn } from 'node:timers/promises';
import { StateTakenOver, type RecordStore } from './record-store.ts';

/** Between two attempts to save. */
const retryMs = 1000;
/** Records that are rewritten without a pause. */
const sliceSize = 500;

/** What is there to be saved. */
export interface Records {
  /** The keys of all, as they are while they are gone through. */
  readonly keys: () => Iterable<string>;
  /** The record of a key, plain data; undefined: there is none any more. */
  readonly read: (key: string) => unknown;
}

interface StateStoreOptions {
  readonly store: RecordStore;
  readonly records: Records;
  readonly log: (line: string) => void;
  /** Nothing can be saved any more: whoever leads must stop. */
  readonly onTakenOver: () => void;
}

/**
 * Saves the records that have changed: at most one batch at a time, with all that has changed until then, and tries
 * again what could not be saved.
 */
export class StateStore {
  readonly #options: StateStoreOptions;
  /** Keys of records that have changed since they were saved. */
  #changed = new Set<string>();
  /** Counts changes; what is saved lags behind. */
  #changes = 0;
  #saved = 0;
  #isSaving = false;
  #isRewriting = false;
  #isAbandoned = false;
  #pause: { readonly end: () => void } | undefined;
  #waiting: { readonly change: number; readonly resolve: (isSaved: boolean) => void }[] = [];

  constructor(options: StateStoreOptions) {
    this.#options = options;
  }

  /** The record of the key has changed, or is no more; it will be saved soon. */
  changed(key: string): void {
    this.#changed.add(key);
    this.#changes += 1;
    if (this.#isSaving || this.#isAbandoned) return;
    this.#isSaving = true;
    // After this turn of the event loop: a chunk of events is one batch.
    setImmediate(() => void this.#saveUntilClean());
  }

  /**
   * Resolves when all that has changed until now is saved; or, with false, when it could not be. Then it will be as soon
   * as the store takes it, if this one still leads by then.
   */
  flush(): Promise<boolean> {
    if (this.#saved >= this.#changes) return Promise.resolve(true);
    if (this.#isAbandoned) return Promise.resolve(false);
    return new Promise((resolve) => this.#waiting.push({ change: this.#changes, resolve }));
  }

  /** Saves no more: what is not saved by now belongs to nobody. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#pause?.end();
    this.#settle(Number.POSITIVE_INFINITY, false);
  }

  async #saveUntilClean(): Promise<void> {
    while (this.#saved < this.#changes && !this.#isAbandoned) {
      const change = this.#changes;
      const isSaved = await this.#save();
      if (isSaved) this.#saved = change;
      this.#settle(change, isSaved);
      if (!isSaved) await this.#waitBeforeRetry();
    }
    this.#isSaving = false;
  }

  async #save(): Promise<boolean> {
    const keys = this.#changed;
    this.#changed = new Set();
    try {
      const isLong = await this.#options.store.append(this.#batch(keys));
      if (isLong && !this.#isRewriting) void this.#rewrite();
      return true;
    } catch (error) {
      for (const key of keys) this.#changed.add(key);
      this.#failed('saved', error);
      return false;
    }
  }

  #batch(keys: Iterable<string>): string {
    const { read } = this.#options.records;
    return JSON.stringify(Object.fromEntries(Array.from(keys, (key) => [key, read(key) ?? null])));
  }

  async #rewrite(): Promise<void> {
    this.#isRewriting = true;
    try {
      await this.#options.store.rewrite(this.#whole());
    } catch (error) {
      this.#failed('rewritten', error);
    }
    this.#isRewriting = false;
  }

  /** All records, while they change. */
  async *#whole(): AsyncGenerator<string> {
    let slice: string[] = [];
    for (const key of this.#options.records.keys()) {
      slice.push(key);
      if (slice.length < sliceSize) continue;
      yield this.#batch(slice);
      slice = [];
      await turn();
    }
    if (slice.length > 0) yield this.#batch(slice);
    // Half of a change may stand above. All of it has to stand behind that before anybody reads this.
    if (!(await this.flush())) throw new Error('what has changed meanwhile could not be saved');
  }

  #failed(what: string, error: unknown): void {
    if (this.#isAbandoned) return;
    const { log, onTakenOver } = this.#options;
    log(`state could not be ${what}: ${error instanceof Error ? error.message : String(error)}`);
    if (!(error instanceof StateTakenOver)) return;
    this.abandon();
    onTakenOver();
  }

  #settle(change: number, isSaved: boolean): void {
    const settled = this.#waiting.filter((each) => each.change <= change);
    this.#waiting = this.#waiting.filter((each) => each.change > change);
    for (const { resolve } of settled) resolve(isSaved);
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
