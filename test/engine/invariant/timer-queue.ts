/** What setTimeout and setInterval return meanwhile. */
export class VirtualTimer {
  at: number;
  readonly order: number;
  readonly everyMs: number | undefined;
  readonly action: () => void;

  constructor(at: number, order: number, action: () => void, everyMs?: number) {
    this.at = at;
    this.order = order;
    this.action = action;
    this.everyMs = everyMs;
  }

  readonly ref = () => this;
  readonly unref = () => this;
  readonly hasRef = () => true;
}

/** Timers by their time, and those of one time in the order in which they were made. */
export class TimerQueue {
  /** Soonest last. */
  readonly #timers: VirtualTimer[] = [];

  get next(): VirtualTimer | undefined {
    return this.#timers.at(-1);
  }

  add(timer: VirtualTimer): void {
    let [low, high] = [0, this.#timers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#timers[middle];
      const isLater =
        other !== undefined && (other.at > timer.at || (other.at === timer.at && other.order > timer.order));
      if (isLater) low = middle + 1;
      else high = middle;
    }
    this.#timers.splice(low, 0, timer);
  }

  remove(timer: VirtualTimer): void {
    const index = this.#timers.lastIndexOf(timer);
    if (index >= 0) this.#timers.splice(index, 1);
  }
}
