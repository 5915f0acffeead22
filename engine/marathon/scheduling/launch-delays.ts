import type { App } from '../../../protocol/marathon.ts';
import type { Instance } from './instances.ts';

interface Delay {
  readonly configVersion: string;
  readonly delayMs: number;
  readonly until: number;
}

/** A task that ran this long did not fail because of its definition (minimum_viable_task_execution_duration). */
const viableMs = 60_000;

/** Exponential backoff of apps whose tasks end (RateLimiter.scala of Marathon). A new configuration starts afresh. */
export class LaunchDelays {
  readonly #delays = new Map<string, Delay>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** When the next launch may be: a time that may be past. */
  until(app: App): number {
    const delay = this.#delays.get(app.id);
    return delay?.configVersion === app.versionInfo.lastConfigChangeAt ? delay.until : 0;
  }

  /** A task has failed or ended. */
  add(app: App): void {
    const now = this.#clock();
    const before = this.#delays.get(app.id);
    const goesOn =
      before?.configVersion === app.versionInfo.lastConfigChangeAt && now < before.until + viableMs + before.delayMs;
    const first = app.backoffSeconds * 1000;
    const next = goesOn ? before.delayMs * app.backoffFactor : first;
    const delayMs = Math.min(next, app.maxLaunchDelaySeconds * 1000);
    this.#delays.set(app.id, { configVersion: app.versionInfo.lastConfigChangeAt, delayMs, until: now + delayMs });
  }

  /** An instance has ended: it counts if nobody asked for that, and the app has no other configuration by now. */
  addAfter({ goal, version }: Instance, app: App | undefined): void {
    if (app !== undefined && goal === 'Running' && version >= app.versionInfo.lastConfigChangeAt) this.add(app);
  }

  /** @returns whether there was a delay */
  reset(appId: string): boolean {
    return this.#delays.delete(appId);
  }
}
