import type { LogLine, LogSource } from './log-line.ts';

/** A component that has said something. */
interface Heard {
  readonly source: LogSource;
  /** Of its last line that had a time. */
  at: number | undefined;
  /** Lines before the first that had one. */
  readonly leading: string[];
}

/**
 * Gives times to lines of components that have none: that of the line before, as a stack belongs to its error, or, where a
 * log begins with such lines, that of the first line behind them.
 */
export class ComponentTimes {
  readonly #add: (line: LogLine) => void;
  readonly #now: () => number;
  readonly #heard = new Map<string, Heard>();
  #isReleased = false;

  /** @param now milliseconds since 1970 */
  constructor(add: (line: LogLine) => void, now: () => number) {
    this.#add = add;
    this.#now = now;
  }

  /** @param at milliseconds since 1970, where the line has a time */
  add(id: string, text: string, at: number | undefined): void {
    const heard = this.#of(id);
    if (at !== undefined) this.#tellLeading(heard, at, 'line');
    heard.at = at ?? heard.at;
    const { source, leading, at: time } = heard;
    if (time === undefined && !this.#isReleased) leading.push(text);
    else this.#add({ source, text, at: time ?? this.#now(), timeOf: time === undefined ? 'read' : 'line' });
  }

  /** What was there has been handed over: lines that still wait for one with a time wait no more. */
  release(): void {
    this.#isReleased = true;
    for (const heard of this.#heard.values()) this.#tellLeading(heard, this.#now(), 'read');
  }

  #of(id: string): Heard {
    const known = this.#heard.get(id);
    if (known !== undefined) return known;
    const heard: Heard = { source: { id, name: id, family: id, kind: 'component' }, at: undefined, leading: [] };
    this.#heard.set(id, heard);
    return heard;
  }

  #tellLeading({ source, leading }: Heard, at: number, timeOf: LogLine['timeOf']): void {
    for (const text of leading.splice(0)) this.#add({ source, text, at, timeOf });
  }
}
