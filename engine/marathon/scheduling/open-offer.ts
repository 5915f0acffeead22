import type { Offer, Resource, TaskInfo } from '../../../protocol/mesos.ts';
import { reservedIn } from '../residency/reserved-resources.ts';
import type { OfferOperation, TaskGroup } from '../../framework/scheduler-api/scheduler-call.ts';
import { poolOf, type OfferPool } from './offer-pool.ts';

/** An offer while it is used. What it has is worked out when somebody wants it, and once. */
export class OpenOffer {
  readonly offer: Offer;
  readonly tasks: TaskInfo[] = [];
  readonly groups: TaskGroup[] = [];
  /** Before anything is launched. */
  readonly #conversions: OfferOperation[] = [];
  #reserved: Map<string, readonly Resource[]> | undefined;
  #pool: OfferPool | undefined;

  constructor(offer: Offer) {
    this.offer = offer;
  }

  get pool(): OfferPool {
    return (this.#pool ??= poolOf(this.offer));
  }

  /** How many instances are launched with it. */
  get launchCount(): number {
    return this.tasks.length + this.groups.length;
  }

  get isUsed(): boolean {
    return this.launchCount + this.#conversions.length > 0;
  }

  get operations(): readonly OfferOperation[] {
    return [
      ...this.#conversions,
      ...(this.tasks.length === 0 ? [] : [{ type: 'LAUNCH' as const, launch: { task_infos: this.tasks } }]),
      ...this.groups.map((group) => ({ type: 'LAUNCH_GROUP' as const, launch_group: group })),
    ];
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
    this.#conversions.push(...operations);
    this.#pool = left;
  }

  /** One more task, and what it leaves. */
  add(task: TaskInfo, left: OfferPool): void {
    this.tasks.push(task);
    this.#pool = left;
  }

  /** One more group, and what it leaves. */
  addGroup(group: TaskGroup, left: OfferPool): void {
    this.groups.push(group);
    this.#pool = left;
  }
}
