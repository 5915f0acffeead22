import type { Offer, Resource, TaskInfo } from '../../../protocol/mesos.ts';
import { reservedIn } from '../residency/reserved-resources.ts';
import type { OfferOperation } from '../scheduler-api/scheduler-call.ts';
import { poolOf, type OfferPool } from './offer-pool.ts';

/** An offer while it is used. What it has is worked out when somebody wants it, and once. */
export class OpenOffer {
  readonly offer: Offer;
  readonly tasks: TaskInfo[] = [];
  /** Before the tasks are launched. */
  readonly operations: OfferOperation[] = [];
  #reserved: Map<string, readonly Resource[]> | undefined;
  #pool: OfferPool | undefined;

  constructor(offer: Offer) {
    this.offer = offer;
  }

  get pool(): OfferPool {
    return (this.#pool ??= poolOf(this.offer));
  }

  get isUsed(): boolean {
    return this.tasks.length + this.operations.length > 0;
  }

  /** What is reserved for instances, by their ids. */
  get reserved(): ReadonlyMap<string, readonly Resource[]> {
    return (this.#reserved ??= new Map(reservedIn(this.offer)));
  }

  takeReserved(instanceId: string): void {
    this.#reserved?.delete(instanceId);
  }

  /** Further operations, and what they leave. */
  operate(operations: readonly OfferOperation[], left: OfferPool = this.pool): void {
    this.operations.push(...operations);
    this.#pool = left;
  }

  /** One more task, and what it leaves. */
  add(task: TaskInfo, left: OfferPool): void {
    this.tasks.push(task);
    this.#pool = left;
  }
}
