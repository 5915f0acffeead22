import type { Offer, TaskInfo } from '../../../protocol/mesos.ts';
import { poolOf, type OfferPool } from './offer-pool.ts';

/** An offer while it is used. What it has is worked out when somebody wants it, and once. */
export class OpenOffer {
  readonly offer: Offer;
  readonly tasks: TaskInfo[] = [];
  #pool: OfferPool | undefined;

  constructor(offer: Offer) {
    this.offer = offer;
  }

  get pool(): OfferPool {
    return (this.#pool ??= poolOf(this.offer));
  }

  /** One more task, and what it leaves. */
  add(task: TaskInfo, left: OfferPool): void {
    this.tasks.push(task);
    this.#pool = left;
  }
}
