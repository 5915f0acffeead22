import { Meter, type Rates } from './meter.ts';

/** Of durations, in seconds (Snapshot of Dropwizard's metrics). */
export interface Spread {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  readonly p50: number;
  readonly p75: number;
  readonly p95: number;
  readonly p98: number;
  readonly p99: number;
  readonly p999: number;
  readonly stddev: number;
}

/** Dropwizard keeps so many, of which newer ones are likelier to be kept; here they are the newest. */
const maxDurations = 1028;

/** How often something happens, and how long it takes. */
export class Timer {
  readonly #meter: Meter;
  readonly #durations: number[] = [];
  #next = 0;

  /** @param clock milliseconds */
  constructor(clock: () => number) {
    this.#meter = new Meter(clock);
  }

  get count(): number {
    return this.#meter.count;
  }

  update(durationMs: number): void {
    this.#meter.mark();
    this.#durations[this.#next] = durationMs / 1000;
    this.#next = (this.#next + 1) % maxDurations;
  }

  rates(): Rates {
    return this.#meter.rates();
  }

  spread(): Spread {
    const sorted = [...this.#durations].sort((one, other) => one - other);
    const { length } = sorted;
    const mean = sorted.reduce((sum, each) => sum + each, 0) / Math.max(1, length);
    const squares = sorted.reduce((sum, each) => sum + (each - mean) ** 2, 0);
    return {
      ...{ min: sorted[0] ?? 0, mean, max: sorted.at(-1) ?? 0 },
      ...{ p50: quantile(sorted, 0.5), p75: quantile(sorted, 0.75), p95: quantile(sorted, 0.95) },
      ...{ p98: quantile(sorted, 0.98), p99: quantile(sorted, 0.99), p999: quantile(sorted, 0.999) },
      stddev: length > 1 ? Math.sqrt(squares / (length - 1)) : 0,
    };
  }
}

/** Between two of them where it lies between them (UniformSnapshot.java of Dropwizard's metrics). */
function quantile(sorted: readonly number[], share: number): number {
  const place = Math.min(Math.max(share * (sorted.length + 1), 1), sorted.length);
  const lower = sorted[Math.floor(place) - 1] ?? 0;
  const upper = sorted[Math.floor(place)] ?? lower;
  return lower + (place - Math.floor(place)) * (upper - lower);
}
