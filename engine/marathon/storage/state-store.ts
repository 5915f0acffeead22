import { isJsonObject } from '../../../protocol/json.ts';
import type { Json } from '../../../protocol/mesos.ts';
import type { App } from '../../../protocol/marathon.ts';
import type { SavedGroups } from '../apps/app-repository.ts';
import type { Deployment } from '../deployments/deployment.ts';
import type { Instance } from '../scheduling/instances.ts';

/** Where Marathon keeps what must survive it. All Marathons of a group share one. */
export interface AppStore {
  /**
   * What was saved last; undefined at the very first start. Who loads takes over: where several processes share a
   * store, those that loaded before can save no more.
   */
  readonly load: () => Promise<Json | undefined>;
  /** Replaces what was saved, in one step. @throws StateTakenOver; anything else may pass */
  readonly save: (state: Json) => Promise<void>;
}

/** The state belongs to another Marathon now. */
export class StateTakenOver extends Error {
  override readonly name = 'StateTakenOver';
}

/** What survives a restart. */
export interface SavedState {
  readonly frameworkId?: string;
  /** Newest version last. */
  readonly apps: readonly { readonly versions: readonly App[] }[];
  /** Missing in what an older version has saved: then the groups are those of the apps. */
  readonly groups?: SavedGroups;
  readonly instances: readonly Instance[];
  readonly deployments: readonly Deployment[];
}

const nothing: SavedState = { apps: [], instances: [], deployments: [] };
const format = 1;

/** Between two attempts to save. */
const retryMs = 1000;

interface StateStoreOptions {
  readonly store: AppStore;
  readonly snapshot: () => SavedState;
  readonly log: (line: string) => void;
  /** Nothing can be saved any more: whoever leads must stop. */
  readonly onTakenOver: () => void;
}

/** Saves at most one state at a time, always the latest, and tries again what could not be saved. */
export class StateStore {
  readonly #options: StateStoreOptions;
  /** Counts changes; what is saved lags behind. */
  #changes = 0;
  #saved = 0;
  #isSaving = false;
  #isAbandoned = false;
  #pause: { readonly end: () => void } | undefined;
  #waiting: { readonly change: number; readonly resolve: (isSaved: boolean) => void }[] = [];

  constructor(options: StateStoreOptions) {
    this.#options = options;
  }

  /** The state will be saved soon. */
  markDirty(): void {
    this.#changes += 1;
    if (this.#isSaving || this.#isAbandoned) return;
    this.#isSaving = true;
    queueMicrotask(() => void this.#saveUntilClean());
  }

  /**
   * Resolves when all that was marked until now is saved; or, with false, when it could not be. Then it will be as soon
   * as the store takes it, if this Marathon still leads by then.
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
    const { store, snapshot, log, onTakenOver } = this.#options;
    try {
      await store.save({ format, ...snapshot() } as unknown as Json);
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

/** @throws when the store cannot be read, or holds what this version cannot understand */
export async function loadState(store: AppStore): Promise<SavedState> {
  const saved = await store.load();
  if (saved === undefined || saved === null) return nothing;
  if (!isJsonObject(saved) || saved['format'] !== format) throw new Error('the saved state is not one of this version');
  return { ...nothing, ...(saved as unknown as SavedState) };
}
