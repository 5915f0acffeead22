import { setImmediate as turn } from 'node:timers/promises';
import type { App } from '../../../protocol/marathon.ts';
import type { Offer } from '../../../protocol/mesos.ts';
import type { SharedParts } from '../leadership/shared-parts.ts';
import { defaultRole } from '../apps/roles.ts';
import { isResident, residentRole } from '../residency/resident.ts';
import { ResidentOffers } from '../residency/resident-offers.ts';
import { tasksIn, type OfferOperation } from '../../framework/scheduler-api/scheduler-call.ts';
import { addInstance } from './add-instance.ts';
import { AttributeTally } from './attribute-tally.ts';
import { Candidates } from './candidates.ts';
import { isActive } from './instances.ts';
import type { LaunchQueue } from './launch-queue.ts';
import { matchOffer } from './match-offer.ts';
import { mayBeMetLater, meetsConstraint } from './meets-constraint.ts';
import { OpenOffer } from './open-offer.ts';

/** Offers are asked for again at most this often. */
const reviveIntervalMs = 250;
/** Launching goes on no longer than this before others have their turn. */
const sliceMs = 30;

const roleOf = ({ offer }: OpenOffer) => offer.allocation_info?.role ?? defaultRole;

/** Uses offers for what is queued, and gives the rest back; asks for offers only while something is queued. */
export class OfferHandler {
  readonly #shared: SharedParts;
  readonly #queue: LaunchQueue;
  readonly #random: () => number;
  readonly #residents: ResidentOffers;
  readonly #sliceMs: number;
  #waiting = new Map<string, Offer>();
  #timer: NodeJS.Timeout | undefined;
  #reviveTimer: NodeJS.Timeout | undefined;
  #isSuppressed = false;
  #revivedAt = 0;

  constructor(shared: SharedParts, queue: LaunchQueue, random: () => number = Math.random, slice = sliceMs) {
    this.#shared = shared;
    this.#queue = queue;
    this.#random = random;
    this.#sliceMs = slice;
    this.#residents = new ResidentOffers(shared, queue, random);
  }

  /** There is an app of the role: the master is asked to offer for it, too. */
  serve(role: string): void {
    if (this.#shared.roles.add(role)) this.#isSuppressed = false;
  }

  /** A new session: old offers are void, and the master offers again without being asked. */
  reset(): void {
    this.#waiting.clear();
    this.#isSuppressed = false;
    this.#queue.forgetRevives();
    // More roles may have come while the session began.
    this.#shared.roles.introduce();
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#reviveTimer);
  }

  onOffers(offers: readonly Offer[]): void {
    for (const offer of offers) this.#waiting.set(offer.id.value, offer);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#process();
    }, this.#shared.settings.offerBatchMs);
  }

  onRescind(offerId: string): void {
    this.#waiting.delete(offerId);
  }

  /** Asks for offers, or for none, as the queue needs them. */
  adjustInterest(): void {
    const { releases } = this.#shared;
    const isWanted = this.#queue.hasReady() || releases.isWaiting();
    if (!isWanted) {
      if (this.#isSuppressed || this.#waiting.size > 0 || this.#timer !== undefined) return;
      this.#isSuppressed = true;
      this.#queue.forgetRevives();
      void this.#shared.call({ type: 'SUPPRESS' }).then((taken) => {
        if (!taken) this.#isSuppressed = false;
      });
      return;
    }
    const isMore = [this.#queue.needsRevive(), releases.takeNew()].includes(true);
    if (!this.#isSuppressed && !isMore) return;
    const wait = this.#revivedAt + reviveIntervalMs - this.#shared.clock();
    this.#reviveTimer ??= setTimeout(
      () => {
        this.#reviveTimer = undefined;
        if (!this.#queue.hasReady() && !releases.isWaiting()) return;
        this.#isSuppressed = false;
        this.#queue.needsRevive();
        this.#revivedAt = this.#shared.clock();
        void this.#shared.call({ type: 'REVIVE' });
      },
      Math.max(0, wait),
    );
  }

  async #process(): Promise<void> {
    const open = [...this.#waiting.values()].map((offer) => new OpenOffer(offer));
    this.#waiting = new Map();
    await this.#launchAll(open);
    if (this.#shared.roles.has(residentRole)) this.#residents.release(open);
    const used = open.filter(({ isUsed }) => isUsed);
    // A task that is launched and not known to the next leader would run for ever.
    const isSaved = used.length === 0 || (await this.#shared.store.flush());
    const isMoreWanted = this.#queue.hasReady();
    await Promise.all(used.map((each) => (isSaved ? this.#accept(each, isMoreWanted) : this.#giveUp(each))));
    const unused = open.filter(({ isUsed }) => !isUsed).map(({ offer }) => offer.id);
    if (unused.length > 0) {
      const filters = { refuse_seconds: this.#shared.settings.declineOfferSeconds };
      await this.#shared.call({ type: 'DECLINE', decline: { offer_ids: unused, filters } });
    }
    this.#shared.wake();
  }

  /** In slices, between which anything may change: the definition of an app, or how many are wanted. */
  async #launchAll(open: readonly OpenOffer[]): Promise<void> {
    let sliceEnd = performance.now() + this.#sliceMs;
    for (const { id } of this.#queue.ready()) {
      const refused = new Set<OpenOffer>();
      for (let app = this.#shared.apps.get(id); app !== undefined; app = this.#shared.apps.get(id)) {
        if (this.#launch(app, open, refused, sliceEnd)) break;
        await turn();
        sliceEnd = performance.now() + this.#sliceMs;
      }
    }
  }

  /**
   * Launches instances as long as there is room, each where the app has fewest, so that they spread.
   * @param refused offers that will not do; found ones are added
   * @returns whether that is done; otherwise the slice has ended
   */
  #launch(app: App, open: readonly OpenOffer[], refused: Set<OpenOffer>, sliceEnd: number): boolean {
    const { instances, timestamps, settings } = this.#shared;
    if (isResident(app)) {
      this.#residents.launch(app, open);
      return true;
    }
    const constraints = app.constraints ?? [];
    const passing = constraints.filter(mayBeMetLater);
    const siblings = constraints.length === 0 ? [] : instances.ofApp(app.id).filter(isActive);
    const taken = new AttributeTally(
      constraints.map(([field = '']) => field),
      siblings.map(({ attributes }) => attributes),
    );
    const candidates = new Candidates({
      offers: open.filter(
        (each) => each.launchCount < settings.maxInstancesPerOffer && !refused.has(each) && roleOf(each) === app.role,
      ),
      load: ({ offer, launchCount }) => instances.activeOn(app.id, offer.agent_id.value) * 1000 + launchCount,
      group: (each) => passing.map(([field = '']) => JSON.stringify(each.pool.attributes[field])).join(),
      isAllowed: ({ pool }) => passing.every((each) => meetsConstraint(each, pool.attributes, taken)),
    });
    const now = timestamps.now();
    while (this.#queue.count(app.id) > 0) {
      const each = candidates.next();
      if (each === undefined) break;
      const match = matchOffer(app, each.pool, taken, this.#random);
      if (match.kind === 'reject') {
        this.#queue.statistics(app.id)?.rejected(each.offer, match.reason, now);
        refused.add(each);
        candidates.refused();
        continue;
      }
      this.#queue.statistics(app.id)?.used(now);
      taken.add(each.pool.attributes);
      addInstance(this.#shared, app, each, match);
      candidates.launched(each.launchCount < settings.maxInstancesPerOffer);
      this.#queue.take(app.id);
      // At least one in each slice: a busy machine gets on as well.
      if (performance.now() > sliceEnd && this.#queue.count(app.id) > 0) return false;
    }
    const statistics = this.#queue.statistics(app.id);
    if (statistics === undefined) return true;
    for (const each of candidates.setAside()) {
      const match = matchOffer(app, each.pool, taken, this.#random);
      if (match.kind === 'reject') statistics.rejected(each.offer, match.reason, now);
    }
    return true;
  }

  async #accept({ offer, operations }: OpenOffer, isMoreWanted: boolean): Promise<void> {
    const isTaken = await this.#shared.call({
      type: 'ACCEPT',
      accept: {
        offer_ids: [offer.id],
        operations,
        filters: { refuse_seconds: isMoreWanted ? 0 : this.#shared.settings.declineOfferSeconds },
      },
    });
    if (!isTaken) await this.#reconcile(operations);
  }

  async #giveUp({ offer, operations }: OpenOffer): Promise<void> {
    await this.#shared.call({ type: 'DECLINE', decline: { offer_ids: [offer.id], filters: { refuse_seconds: 1 } } });
    await this.#reconcile(operations);
  }

  async #reconcile(operations: readonly OfferOperation[]): Promise<void> {
    // Whether they were launched, only the master knows.
    const asked = operations.flatMap(tasksIn).map(({ task_id, agent_id }) => ({ task_id, agent_id }));
    if (asked.length > 0) await this.#shared.call({ type: 'RECONCILE', reconcile: { tasks: asked } });
  }
}
