import type { Offer, TaskInfo } from '../../../protocol/mesos.ts';
import type { LaunchOperation, TaskGroup } from '../../framework/scheduler-api/scheduler-call.ts';
import { poolOf, type OfferPool } from './offer-pool.ts';

/** An offer while it is used. What it has is worked out when somebody wants it, and once. */
export class OpenOffer {
  readonly offer: Offer;
  readonly tasks: TaskInfo[] = [];
  readonly groups: TaskGroup[] = [];
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

  get operations(): readonly LaunchOperation[] {
    return [
      ...(this.tasks.length === 0 ? [] : [{ type: 'LAUNCH' as const, launch: { task_infos: this.tasks } }]),
      ...this.groups.map((group) => ({ type: 'LAUNCH_GROUP' as const, launch_group: group })),
    ];
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
