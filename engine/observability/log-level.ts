/**
 * How much a component logs beside what it always does (VLOG of glog): nothing at level 0, as it is started; a higher level
 * is for a while (src/logging, 3rdparty/libprocess/src/logging.cpp).
 */
export class LogLevel {
  readonly #log: (line: string) => void;
  readonly #now: () => number;
  #raised = 0;
  #until = -Infinity;

  /** @param now milliseconds since 1970 */
  constructor(log: (line: string) => void, now: () => number = () => Date.now()) {
    this.#log = log;
    this.#now = now;
  }

  get level(): number {
    // Asked for each request and status update: mostly there is nothing to look up.
    return this.#raised !== 0 && this.#now() < this.#until ? this.#raised : 0;
  }

  /** Sets the level for a time, and forgets what was set before. */
  raise(level: number, durationMs: number): void {
    this.#raised = level;
    this.#until = this.#now() + durationMs;
  }

  /** Logs a line that is only made at this level or a higher one. */
  verbose(level: number, line: () => string): void {
    if (this.level >= level) this.#log(line());
  }
}
