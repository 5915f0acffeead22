/** Rates of a meter, in events a second (Meter of Dropwizard's metrics). */
export interface Rates {
  readonly mean_rate: number;
  readonly m1_rate: number;
  readonly m5_rate: number;
  readonly m15_rate: number;
}

const tickMs = 5000;
/** How much of a moving average is new after a tick, over so many minutes (EWMA.java of Dropwizard's metrics). */
const weightOf = (minutes: number) => 1 - Math.exp(-tickMs / 60_000 / minutes);
const weights = [1, 5, 15].map(weightOf);

/** How often something happens: at all, and lately, as moving averages over one, five and fifteen minutes. */
export class Meter {
  readonly #clock: () => number;
  readonly #since: number;
  #count = 0;
  #tickedAt: number;
  #untilTick = 0;
  /** Undefined before the first tick. */
  #averages: readonly number[] | undefined;

  /** @param clock milliseconds */
  constructor(clock: () => number) {
    this.#clock = clock;
    this.#since = this.#tickedAt = clock();
  }

  get count(): number {
    return this.#count;
  }

  mark(): void {
    this.#tick();
    this.#count += 1;
    this.#untilTick += 1;
  }

  rates(): Rates {
    this.#tick();
    const [m1 = 0, m5 = 0, m15 = 0] = this.#averages ?? [];
    const seconds = (this.#clock() - this.#since) / 1000;
    return { mean_rate: seconds > 0 ? this.#count / seconds : 0, m1_rate: m1, m5_rate: m5, m15_rate: m15 };
  }

  #tick(): void {
    const ticks = Math.floor((this.#clock() - this.#tickedAt) / tickMs);
    if (ticks < 1) return;
    this.#tickedAt += ticks * tickMs;
    const rate = (this.#untilTick * 1000) / tickMs;
    this.#untilTick = 0;
    const former = this.#averages;
    this.#averages = weights.map((weight, index) => {
      const before = former?.[index] ?? rate;
      // All but the first of several ticks saw nothing.
      return (before + weight * (rate - before)) * (1 - weight) ** (ticks - 1);
    });
  }
}
