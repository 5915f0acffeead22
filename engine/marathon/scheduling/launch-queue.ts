import type { App } from '../../../protocol/marathon.ts';
import type { SharedParts } from '../leadership/shared-parts.ts';
import { OfferStatistics } from './offer-statistics.ts';

interface QueuedApp {
  readonly count: number;
  readonly statistics: OfferStatistics;
}

/**
 * How many instances of which apps are to be launched: numbers only, however large. What is asked at every turn looks at
 * apps whose number was set since the last time, and at those that are held back. So whoever makes an app wait sets it.
 */
export class LaunchQueue {
  readonly #shared: SharedParts;
  readonly #queued = new Map<string, QueuedApp>();
  /** Those that were set, and not looked at since. */
  readonly #changed = new Set<string>();
  /** Those that may not be launched yet. */
  readonly #held = new Set<string>();
  /** Those that may be launched, and for which offers have perhaps not been asked. */
  readonly #unasked = new Set<string>();
  /** Counts for which offers have been asked. */
  readonly #revivedFor = new Map<string, number>();

  constructor(shared: SharedParts) {
    this.#shared = shared;
  }

  set(appId: string, count: number): void {
    this.#changed.add(appId);
    const before = this.#queued.get(appId);
    if (count <= 0) this.#queued.delete(appId);
    else {
      const statistics = before?.statistics ?? new OfferStatistics(this.#shared.timestamps.now());
      this.#queued.set(appId, { count, statistics });
    }
  }

  /** One of them is launched. */
  take(appId: string): void {
    this.set(appId, (this.#queued.get(appId)?.count ?? 0) - 1);
  }

  appIds(): readonly string[] {
    return [...this.#queued.keys()];
  }

  count(appId: string): number {
    return this.#queued.get(appId)?.count ?? 0;
  }

  statistics(appId: string): OfferStatistics | undefined {
    return this.#queued.get(appId)?.statistics;
  }

  /** Apps whose instances may be launched now; those that wait longest first. */
  ready(): readonly App[] {
    return [...this.#queued.keys()].flatMap((id) => (this.#isReady(id) ? (this.#shared.apps.get(id) ?? []) : []));
  }

  hasReady(): boolean {
    for (const id of this.#queued.keys()) if (this.#isReady(id)) return true;
    return false;
  }

  /** When the first app that is held back may be launched: milliseconds from now; undefined if none is. */
  nextReadyInMs(): number | undefined {
    this.#sort();
    const now = this.#shared.clock();
    const ends = [...this.#held].map((id) => this.#heldUntil(id) ?? now);
    return ends.length === 0 ? undefined : Math.min(...ends) - now;
  }

  /** Whether something may be launched for which no offers have been asked yet; asking again is then noted as done. */
  needsRevive(): boolean {
    this.#sort();
    for (const id of this.#held) this.#revivedFor.delete(id);
    let isMore = false;
    for (const id of this.#unasked) {
      const count = this.count(id);
      if (count > (this.#revivedFor.get(id) ?? 0)) isMore = true;
      if (count === 0) this.#revivedFor.delete(id);
      else this.#revivedFor.set(id, count);
    }
    this.#unasked.clear();
    return isMore;
  }

  forgetRevives(): void {
    this.#revivedFor.clear();
    for (const id of this.#queued.keys()) this.#changed.add(id);
  }

  /** Finds out who is held back: of those that have changed, and those that were. */
  #sort(): void {
    const now = this.#shared.clock();
    for (const id of [...this.#changed, ...this.#held]) {
      const until = this.#heldUntil(id);
      if (until !== undefined && until > now) {
        this.#held.add(id);
        this.#unasked.delete(id);
      } else {
        this.#held.delete(id);
        this.#unasked.add(id);
      }
    }
    this.#changed.clear();
  }

  #isReady(id: string): boolean {
    const until = this.#heldUntil(id);
    return until !== undefined && until <= this.#shared.clock();
  }

  /** A time that may be past; undefined: there is nothing to be launched. */
  #heldUntil(id: string): number | undefined {
    const app = this.#queued.has(id) ? this.#shared.apps.get(id) : undefined;
    return app && this.#shared.delays.until(app);
  }
}
