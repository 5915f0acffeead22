import type { HourRing } from './hour-ring.ts';

/** Nobody has asked for so long: it measures by itself. Prometheus asks more often, which then is enough. */
const patienceMs = 12_000;
/** Of the time at most a tenth goes into measuring, however large the cluster is. */
const pauseForMeasuring = 9;
const longestPauseMs = 60_000;

export interface KeepHourWorld {
  readonly ring: HourRing;
  /** Asks everybody, which takes a sample. */
  readonly measure: () => Promise<unknown>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves after so many milliseconds. @throws when the signal aborts first */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Sees to it that there are samples though nobody asks. */
export class HourKeeper {
  readonly #world: KeepHourWorld;
  #pauseMs = patienceMs;

  constructor(world: KeepHourWorld) {
    this.#world = world;
  }

  /** How far samples are apart now, milliseconds; they may be closer where somebody asks. */
  get everyMs(): number {
    return this.#pauseMs;
  }

  /** Measures again and again. Resolves after the signal. */
  async run(): Promise<void> {
    const { measure, now, sleep, signal } = this.#world;
    while (!signal.aborted) {
      if (this.#sinceLastMs() >= this.#pauseMs) {
        const began = now();
        await measure().catch(() => undefined);
        const pauseMs = Math.min(longestPauseMs, pauseForMeasuring * (now() - began));
        this.#pauseMs = Math.max(patienceMs, pauseMs);
      }
      const left = this.#pauseMs - this.#sinceLastMs();
      await sleep(left > 0 ? left : patienceMs, signal).catch(() => undefined);
    }
  }

  /** A clock that was set back is a reason to measure. */
  #sinceLastMs(): number {
    const { lastAt } = this.#world.ring;
    const now = this.#world.now();
    return lastAt === undefined || lastAt > now ? Infinity : now - lastAt;
  }
}
