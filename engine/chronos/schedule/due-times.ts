import { MinHeap } from '../../framework/min-heap.ts';

/** Who is due next, of many. A name has one time; another one takes its place. */
export class DueTimes {
  readonly #times = new Map<string, number>();
  /** Names of each time that is in the heap; those that have another time by now are passed over. */
  readonly #names = new Map<number, Set<string>>();
  readonly #heap = new MinHeap();

  /** @param at milliseconds; undefined: never */
  set(name: string, at: number | undefined): void {
    const before = this.#times.get(name);
    if (before === at) return;
    if (before !== undefined) this.#names.get(before)?.delete(name);
    if (at === undefined) {
      this.#times.delete(name);
      return;
    }
    this.#times.set(name, at);
    const names = this.#names.get(at);
    if (names !== undefined) {
      names.add(name);
      return;
    }
    this.#names.set(at, new Set([name]));
    this.#heap.push(at);
  }

  /** The earliest time of all. */
  nextAt(): number | undefined {
    for (;;) {
      const at = this.#heap.peek();
      if (at === undefined || (this.#names.get(at)?.size ?? 0) > 0) return at;
      this.#names.delete(at);
      this.#heap.pop();
    }
  }

  /** Takes out all that are due, earliest first; each wants a new time then. */
  takeDue(now: number): readonly string[] {
    const due: string[] = [];
    for (let at = this.nextAt(); at !== undefined && at <= now; at = this.nextAt()) {
      const names = this.#names.get(at) ?? [];
      this.#names.delete(at);
      this.#heap.pop();
      for (const name of names) {
        this.#times.delete(name);
        due.push(name);
      }
    }
    return due;
  }
}
