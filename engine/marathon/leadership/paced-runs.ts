/** After a run is rested this many times as long as it took. */
const restFactor = 4;
/** A run that took no longer is no burden, however often it is made. */
const shortMs = 2;
/** A machine that stood still meanwhile must not make anybody wait long. */
const longestRestMs = 250;

/**
 * Runs something soon after it was asked for, once for all who ask meanwhile. Whatever a run takes, so many of them as
 * there are messages would be quadratic: what takes long is run less often, and then for more of them.
 */
export class PacedRuns {
  readonly #run: () => void;
  readonly #now: () => number;
  #isBusy = false;
  #isAskedFor = false;
  #isStopped = false;
  #next: NodeJS.Immediate | undefined;
  #rest: NodeJS.Timeout | undefined;

  /** @param now milliseconds since any time */
  constructor(run: () => void, now: () => number = performance.now.bind(performance)) {
    this.#run = run;
    this.#now = now;
  }

  ask(): void {
    if (this.#isStopped) return;
    this.#isAskedFor = true;
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#next = setImmediate(this.#turn.bind(this));
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#next !== undefined) clearImmediate(this.#next);
    clearTimeout(this.#rest);
  }

  #turn(): void {
    this.#isAskedFor = false;
    const startedAt = this.#now();
    this.#run();
    const tookMs = this.#now() - startedAt;
    if (this.#isStopped) return;
    if (tookMs <= shortMs) this.#rested();
    else this.#rest = setTimeout(this.#rested.bind(this), Math.min(restFactor * tookMs, longestRestMs)).unref();
  }

  #rested(): void {
    this.#isBusy = false;
    if (this.#isAskedFor) this.ask();
  }
}
