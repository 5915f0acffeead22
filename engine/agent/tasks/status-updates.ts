import type { TaskStatus } from '../../../protocol/mesos.ts';

interface Pending {
  readonly frameworkId: string;
  readonly taskId: string;
  /** Oldest first; only the first is sent, until it is acknowledged. */
  readonly queue: TaskStatus[];
  retryMs: number;
  timer?: NodeJS.Timeout;
}

export interface StatusUpdateOptions {
  /** First interval. */
  readonly retryMs: number;
  /** Hands an update to the master; whether it arrived only its acknowledgement tells. */
  readonly send: (frameworkId: string, status: TaskStatus) => void;
  readonly onAcknowledged: (frameworkId: string, taskId: string, status: TaskStatus) => void;
}

/** STATUS_UPDATE_RETRY_INTERVAL_MAX of Mesos. */
const maxRetryMs = 600_000;

/**
 * Delivers status updates reliably, as Mesos's task status update manager does (src/slave/task_status_update_manager
 * .cpp): in order for each task, one at a time, sent again and again until it is acknowledged.
 */
export class StatusUpdates {
  readonly #options: StatusUpdateOptions;
  readonly #pending = new Map<string, Pending>();
  #isPaused = true;

  constructor(options: StatusUpdateOptions) {
    this.#options = options;
  }

  add(frameworkId: string, status: TaskStatus): void {
    const taskId = status.task_id.value;
    const key = keyOf(frameworkId, taskId);
    const pending = this.#pending.get(key) ?? { frameworkId, taskId, queue: [], retryMs: this.#options.retryMs };
    this.#pending.set(key, pending);
    pending.queue.push(status);
    if (pending.queue.length === 1) this.#send(pending);
  }

  /** Ignores what does not acknowledge the update that was sent: an acknowledgement that came twice. */
  acknowledge(frameworkId: string, taskId: string, uuid: string): void {
    const key = keyOf(frameworkId, taskId);
    const pending = this.#pending.get(key);
    const [status] = pending?.queue ?? [];
    if (pending === undefined || status?.uuid !== uuid) return;
    pending.queue.shift();
    clearTimeout(pending.timer);
    pending.retryMs = this.#options.retryMs;
    if (pending.queue.length === 0) this.#pending.delete(key);
    else this.#send(pending);
    this.#options.onAcknowledged(frameworkId, taskId, status);
  }

  /** What is not acknowledged of a task, oldest first. */
  pendingOf(frameworkId: string, taskId: string): readonly TaskStatus[] {
    return [...(this.#pending.get(keyOf(frameworkId, taskId))?.queue ?? [])];
  }

  /** The agent is registered: sends what waits. */
  resume(): void {
    this.#isPaused = false;
    for (const pending of this.#pending.values()) {
      pending.retryMs = this.#options.retryMs;
      this.#send(pending);
    }
  }

  /** There is no master to send to. */
  pause(): void {
    this.#isPaused = true;
    for (const pending of this.#pending.values()) clearTimeout(pending.timer);
  }

  /** Forgets the updates of a framework that is no more. */
  drop(frameworkId: string): void {
    for (const [key, pending] of this.#pending) {
      if (pending.frameworkId !== frameworkId) continue;
      clearTimeout(pending.timer);
      this.#pending.delete(key);
    }
  }

  /** Forgets all. */
  clear(): void {
    this.pause();
    this.#pending.clear();
  }

  #send(pending: Pending): void {
    const [status] = pending.queue;
    clearTimeout(pending.timer);
    if (this.#isPaused || status === undefined) return;
    this.#options.send(pending.frameworkId, status);
    pending.timer = setTimeout(() => {
      pending.retryMs = Math.min(pending.retryMs * 2, maxRetryMs);
      this.#send(pending);
    }, pending.retryMs).unref();
  }
}

const keyOf = (frameworkId: string, taskId: string) => `${frameworkId}\0${taskId}`;
