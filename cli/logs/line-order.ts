import type { LogLine, LogSource } from './log-line.ts';

/**
 * Puts lines of several sources into the order of their times. Those of one source stay in the order in which they came,
 * whatever their times say; those of one time, too.
 */
export class LineOrder {
  #held: LogLine[] = [];
  /** Times by source, so that none goes back; those of one that nobody reads any more go with it. */
  readonly #latest = new WeakMap<LogSource, number>();

  /** @param now milliseconds since 1970: a line that says that it was written later has a clock of its own */
  add(line: LogLine, now: number): void {
    const at = Math.max(Math.min(line.at, now), this.#latest.get(line.source) ?? 0);
    this.#latest.set(line.source, at);
    this.#held.push({ ...line, at });
  }

  /** Takes out the lines up to a time, in order. @param until milliseconds since 1970; missing: all */
  take(until = Infinity): readonly LogLine[] {
    const due = this.#held.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
    if (due.length > 0) this.#held = this.#held.filter(({ at }) => at > until);
    return due;
  }
}
