import { isJsonObject } from '../../protocol/app-schema/check-value.ts';
import type { Json } from '../../protocol/mesos.ts';
import type { App } from '../../protocol/marathon.ts';
import type { Deployment } from './deployments/deployment.ts';
import type { Instance } from './scheduling/instances.ts';

/** Where Marathon keeps what must survive it. All Marathons of a group share one. */
export interface AppStore {
  /** What was saved last; undefined at the very first start. */
  readonly load: () => Promise<Json | undefined>;
  /** Replaces what was saved, in one step. */
  readonly save: (state: Json) => Promise<void>;
}

/** What survives a restart. */
export interface SavedState {
  readonly frameworkId?: string;
  /** Newest version last. */
  readonly apps: readonly { readonly versions: readonly App[] }[];
  readonly instances: readonly Instance[];
  readonly deployments: readonly Deployment[];
}

const nothing: SavedState = { apps: [], instances: [], deployments: [] };
const format = 1;

/** Saves at most one state at a time, always the latest. */
export class StateStore {
  readonly #store: AppStore;
  readonly #log: (line: string) => void;
  readonly #snapshot: () => SavedState;
  /** Counts changes; what is saved lags behind. */
  #changes = 0;
  #saved = 0;
  #isSaving = false;
  readonly #waiting: { readonly change: number; readonly resolve: () => void }[] = [];

  constructor(store: AppStore, snapshot: () => SavedState, log: (line: string) => void) {
    this.#store = store;
    this.#snapshot = snapshot;
    this.#log = log;
  }

  /** The state will be saved soon. */
  markDirty(): void {
    this.#changes += 1;
    if (this.#isSaving) return;
    this.#isSaving = true;
    queueMicrotask(() => void this.#saveUntilClean());
  }

  /** Resolves when all that was marked until now is saved, or could not be (then the log says so). */
  flush(): Promise<void> {
    if (this.#saved >= this.#changes) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ change: this.#changes, resolve }));
  }

  async #saveUntilClean(): Promise<void> {
    while (this.#saved < this.#changes) {
      const change = this.#changes;
      try {
        await this.#store.save({ format, ...this.#snapshot() } as unknown as Json);
      } catch (error) {
        this.#log(`state could not be saved: ${error instanceof Error ? error.message : String(error)}`);
      }
      this.#saved = change;
      const done = this.#waiting.findIndex((each) => each.change > change);
      for (const { resolve } of this.#waiting.splice(0, done < 0 ? this.#waiting.length : done)) resolve();
    }
    this.#isSaving = false;
  }
}

/** @throws when the store cannot be read, or holds what this version cannot understand */
export async function loadState(store: AppStore): Promise<SavedState> {
  const saved = await store.load();
  if (saved === undefined || saved === null) return nothing;
  if (!isJsonObject(saved) || saved['format'] !== format) throw new Error('the saved state is not one of this version');
  return { ...nothing, ...(saved as unknown as SavedState) };
}
