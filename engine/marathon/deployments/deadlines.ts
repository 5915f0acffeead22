import { MinHeap } from '../../framework/min-heap.ts';

/** Moments at which something is to be done about tasks: one a task, the earliest first. */
export class Deadlines {
  readonly #at = new Map<string, number>();
  /** Of each moment; a task may have another one by now. */
  readonly #tasks = new Map<number, string[]>();
  readonly #moments = new MinHeap();

  /** @param at milliseconds since 1970; undefined: none */
  set(taskId: string, at: number | undefined): void {
    if (this.#at.get(taskId) === at) return;
    if (at === undefined) {
      this.#at.delete(taskId);
      return;
    }
    this.#at.set(taskId, at);
    const tasks = this.#tasks.get(at);
    if (tasks !== undefined) tasks.push(taskId);
    else {
      this.#tasks.set(at, [taskId]);
      this.#moments.push(at);
    }
  }

  /** Those whose moment has come; they have none any more. */
  takeDue(now: number): readonly string[] {
    const due: string[] = [];
    for (let moment = this.#moments.peek(); moment !== undefined && moment <= now; moment = this.#moments.peek()) {
      this.#moments.pop();
      for (const taskId of this.#tasks.get(moment) ?? []) {
        if (this.#at.get(taskId) !== moment) continue;
        this.#at.delete(taskId);
        due.push(taskId);
      }
      this.#tasks.delete(moment);
    }
    return due;
  }
}
