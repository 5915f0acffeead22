import type { LogLine } from './log-line.ts';

/**
 * Puts lines of several sources into the order of their times. Those of one source stay in the order in which they came,
 * whatever their times say; those of one time, too.
 */
export class LineOrder {
  #held: LogLine[] = [];
  /** Times by source, so that none goes back. */
  readonly #latest = new Map<string, number>();

  /** @param now milliseconds since 1970: a line that says that it was written later has a clock of its own */
  add(line: LogLine, now: number): void {
    const key = `${line.source.id} ${line.source.stream ?? ''}`;
    const at = Math.max(Math.min(line.at, now), this.#latest.get(key) ?? 0);
    this.#latest.set(key, at);
    this.#held.push({ ...line, at });
  }

  /** The time of the last line of a component that had one. */
  latestOf(id: string): number | undefined {
    return this.#latest.get(`${id} `);
  }

  /** Takes out the lines up to a time, in order. @param until milliseconds since 1970; missing: all */
  take(until = Infinity): readonly LogLine[] {
    const due = this.#held.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
    if (due.length > 0) this.#held = this.#held.filter(({ at }) => at > until);
    return due;
  }
}
