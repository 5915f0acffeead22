import type { Offer } from '../../../protocol/mesos.ts';
import { rejectReasons, type RejectReason } from './match-offer.ts';

interface UnusedOffer {
  readonly offer: Offer;
  readonly reason: RejectReason;
  readonly timestamp: string;
}

/** What became of the offers since an app waits for instances (OfferMatchStatisticsActor.scala of Marathon). */
export class OfferStatistics {
  readonly since: string;
  #processed = 0;
  #unused = 0;
  #lastUsedAt: string | undefined;
  #lastUnusedAt: string | undefined;
  readonly #rejected = new Map<RejectReason, number>();
  /** Of each agent, by its id. */
  readonly #lastUnused = new Map<string, UnusedOffer>();

  constructor(since: string) {
    this.since = since;
  }

  used(now: string): void {
    this.#processed += 1;
    this.#lastUsedAt = now;
  }

  rejected(offer: Offer, reason: RejectReason, now: string): void {
    this.#processed += 1;
    this.#unused += 1;
    this.#lastUnusedAt = now;
    this.#rejected.set(reason, (this.#rejected.get(reason) ?? 0) + 1);
    this.#lastUnused.set(offer.agent_id.value, { offer, reason, timestamp: now });
  }

  summary(): object {
    const lastReasons = new Map<RejectReason, number>();
    for (const { reason } of this.#lastUnused.values()) lastReasons.set(reason, (lastReasons.get(reason) ?? 0) + 1);
    return {
      processedOffersCount: this.#processed,
      unusedOffersCount: this.#unused,
      lastUnusedOfferAt: this.#lastUnusedAt,
      lastUsedOfferAt: this.#lastUsedAt,
      rejectSummaryLastOffers: funnel(lastReasons, this.#lastUnused.size),
      rejectSummaryLaunchAttempt: funnel(this.#rejected, this.#processed),
    };
  }

  lastUnusedOffers(): readonly object[] {
    return [...this.#lastUnused.values()].map(({ offer, reason, timestamp }) => ({
      offer: {
        id: offer.id.value,
        agentId: offer.agent_id.value,
        hostname: offer.hostname,
        resources: offer.resources.map((each) => ({ ...flat(each), role: each.role ?? '*' })),
        attributes: (offer.attributes ?? []).map((each) => ({ ...flat(each), text: each.text?.value })),
      },
      timestamp,
      reason: [reason],
    }));
  }
}

/** Each test sees only what passed those before it. */
function funnel(declined: ReadonlyMap<RejectReason, number>, total: number): readonly object[] {
  let processed = total;
  return rejectReasons.map((reason) => {
    const entry = { reason, declined: declined.get(reason) ?? 0, processed };
    processed -= entry.declined;
    return entry;
  });
}

function flat(resource: Pick<Offer['resources'][number], 'name' | 'scalar' | 'ranges' | 'set'>): object {
  return {
    name: resource.name,
    scalar: resource.scalar?.value,
    ranges: resource.ranges?.range,
    set: resource.set?.item,
  };
}
