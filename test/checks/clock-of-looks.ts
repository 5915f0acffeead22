import type { Clock } from '../../platform/clock.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * Time passes only in the pauses between looks, and then at once: what a look takes is no time, however slow the machine.
 * Who sleeps for longer than such a pause has a deadline.
 */
export class ClockOfLooks implements Clock {
  readonly #pauseMs: number;
  readonly #sleepers = new Set<Sleeper>();
  #now = 0;

  constructor(pauseMs: number) {
    this.#pauseMs = pauseMs;
  }

  readonly now = () => this.#now;

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    if (ms <= this.#pauseMs) {
      this.pass(ms);
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const sleeper = { at: this.#now + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      // Nobody waits for it any more.
      signal?.addEventListener('abort', () => this.#sleepers.delete(sleeper), { once: true });
    });
  };

  pass(ms: number): void {
    this.#now += ms;
    for (const sleeper of this.#sleepers) {
      if (sleeper.at > this.#now) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}
