import type { AgentCall } from '../../../protocol/agent-api.ts';

export type OperationUpdate = Extract<
  AgentCall,
  { readonly type: 'UPDATE_OPERATION_STATUS' }
>['update_operation_status'];

export interface OperationUpdatesOptions {
  /** First interval. */
  readonly retryMs: number;
  readonly send: (update: OperationUpdate) => void;
  readonly onAcknowledged: () => void;
}

/** STATUS_UPDATE_RETRY_INTERVAL_MAX of Mesos. */
const maxRetryMs = 600_000;

/** Says again and again which operations are done, until their frameworks have acknowledged it. */
export class OperationUpdates {
  readonly #options: OperationUpdatesOptions;
  /** By uuid. */
  readonly #pending = new Map<string, OperationUpdate>();
  #isPaused = true;
  #retryMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: OperationUpdatesOptions) {
    this.#options = options;
    this.#retryMs = options.retryMs;
  }

  pending(): readonly OperationUpdate[] {
    return [...this.#pending.values()];
  }

  ids(): readonly string[] {
    return [...this.#pending.keys()];
  }

  add(update: OperationUpdate): void {
    this.#pending.set(update.status.uuid?.value ?? '', update);
    if (this.#isPaused) return;
    this.#options.send(update);
    this.#retryLater();
  }

  acknowledge(uuid: string): void {
    if (!this.#pending.delete(uuid)) return;
    if (this.#pending.size === 0) clearTimeout(this.#timer);
    this.#options.onAcknowledged();
  }

  /** The agent is registered: sends what waits. */
  resume(): void {
    this.#isPaused = false;
    this.#retryMs = this.#options.retryMs;
    this.#sendAll();
  }

  /** There is no master to send to. */
  pause(): void {
    this.#isPaused = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #sendAll(): void {
    for (const update of this.#pending.values()) this.#options.send(update);
    if (this.#pending.size > 0) this.#retryLater();
  }

  #retryLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#retryMs = Math.min(this.#retryMs * 2, maxRetryMs);
      this.#sendAll();
    }, this.#retryMs).unref();
  }
}
