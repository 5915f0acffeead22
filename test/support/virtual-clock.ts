import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../platform/clock.ts';

/** Turns of the loop in which promises that need no time come to an end. */
const turns = 20;

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Time that goes on only when a test says so. */
export class VirtualClock implements Clock {
  #now = 0;
  readonly #sleepers = new Set<Sleeper>();

  readonly now = () => this.#now;
  /** As Date.now: it begins on 30 November 2026. */
  readonly wallClock = () => Date.UTC(2026, 10, 30, 6) + this.#now;

  readonly sleep: Clock['sleep'] = (ms, signal) =>
    new Promise((resolve, reject) => {
      const stop = () => {
        this.#sleepers.delete(sleeper);
        reject(new Error('stopped'));
      };
      const wake = () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      const sleeper = { at: this.#now + ms, wake };
      this.#sleepers.add(sleeper);
      if (signal?.aborted === true) stop();
      else signal?.addEventListener('abort', stop, { once: true });
    });

  /** Lets so much time pass, waking who sleeps in the order of their times. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const next = [...this.#sleepers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.at);
      this.#sleepers.delete(next);
      next.wake();
    }
    this.#now = end;
    await settle();
  }
}

/** Until what needs no time has been done. */
async function settle(): Promise<void> {
  for (let count = 0; count < turns; count += 1) await turn();
}
