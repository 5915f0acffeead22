import type { Measure } from '../../../protocol/exposition.ts';

interface Reading {
  readonly value: number;
  readonly at: number;
}

/**
 * How fast counters grow between two samples. Of one that was not there the last time that is not known; of one that began
 * anew, what it has counted since then (Prometheus's rate).
 */
export class CounterRates {
  #before: ReadonlyMap<string, Reading> = new Map();
  #now = new Map<string, Reading>();

  /** What was read until now is the sample before: what is there no more is forgotten. */
  begin(): void {
    this.#before = this.#now;
    this.#now = new Map();
  }

  /**
   * In a second.
   * @param at milliseconds
   * @returns NaN: not known
   */
  rateOf({ family, labels, value }: Measure, at: number): number {
    let key = family.name;
    for (const name in labels) key += `\n${labels[name] ?? ''}`;
    this.#now.set(key, { value, at });
    const before = this.#before.get(key);
    if (before === undefined || at <= before.at) return Number.NaN;
    const grown = value >= before.value ? value - before.value : value;
    return grown / ((at - before.at) / 1000);
  }
}
