import type { App } from '../../../protocol/marathon.ts';
import type { SharedParts } from '../leadership/shared-parts.ts';
import { OfferStatistics } from './offer-statistics.ts';

interface QueuedApp {
  readonly count: number;
  readonly statistics: OfferStatistics;
}

/** How many instances of which apps are to be launched: numbers only, however large. */
export class LaunchQueue {
  readonly #shared: SharedParts;
  readonly #queued = new Map<string, QueuedApp>();
  /** Counts for which offers have been asked. */
  #revivedFor = new Map<string, number>();

  constructor(shared: SharedParts) {
    this.#shared = shared;
  }

  set(appId: string, count: number): void {
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
    return this.#apps().filter((app) => this.#shared.delays.until(app) <= this.#shared.clock());
  }

  /** When the first app that is held back may be launched: milliseconds from now; undefined if none is. */
  nextReadyInMs(): number | undefined {
    const now = this.#shared.clock();
    const waits = this.#apps()
      .map((app) => this.#shared.delays.until(app) - now)
      .filter((wait) => wait > 0);
    return waits.length === 0 ? undefined : Math.min(...waits);
  }

  /** Whether something may be launched for which no offers have been asked yet; asking again is then noted as done. */
  needsRevive(): boolean {
    const wanted = new Map(this.ready().map((app) => [app.id, this.count(app.id)]));
    const isMore = [...wanted].some(([id, count]) => count > (this.#revivedFor.get(id) ?? 0));
    this.#revivedFor = wanted;
    return isMore;
  }

  forgetRevives(): void {
    this.#revivedFor.clear();
  }

  #apps(): readonly App[] {
    return [...this.#queued.keys()].flatMap((id) => this.#shared.apps.get(id) ?? []);
  }
}
