import type { Offer } from '../../../protocol/mesos.ts';
import type { SharedParts } from '../leadership/shared-parts.ts';
import { defaultRole } from '../apps/roles.ts';
import { ResidentOffers } from '../residency/resident-offers.ts';
import { tasksIn, type OfferOperation } from '../../framework/scheduler-api/scheduler-call.ts';
import type { LaunchQueue } from './launch-queue.ts';
import { InstanceLauncher, roleOf } from './launching/instance-launcher.ts';
import { OpenOffer } from './open-offer.ts';

/** Offers are asked for again at most this often. */
const reviveIntervalMs = 250;
/** Offers that are used before others: what is launched is saved, and on its way to agents, while the next are. */
const fewOffers = 200;

/** Uses offers for what is queued, and gives the rest back; asks for offers only while something is queued. */
export class OfferHandler {
  readonly #shared: SharedParts;
  readonly #queue: LaunchQueue;
  readonly #residents: ResidentOffers;
  readonly #launcher: InstanceLauncher;
  readonly #waiting = new Map<string, Offer>();
  #timer: NodeJS.Timeout | undefined;
  /** Launching goes on in slices: what one round does not know of, such as the hosts of another, comes after it. */
  #rounds: Promise<unknown> = Promise.resolve();
  #reviveTimer: NodeJS.Timeout | undefined;
  #isSuppressed = false;
  #revivedAt = 0;

  /** @param sliceMs how long launching goes on before others have their turn */
  constructor(shared: SharedParts, queue: LaunchQueue, random: () => number = Math.random, sliceMs?: number) {
    this.#shared = shared;
    this.#queue = queue;
    this.#residents = new ResidentOffers(shared, queue, random);
    this.#launcher = new InstanceLauncher({ shared, queue, random, residents: this.#residents }, sliceMs);
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
      const round = this.#rounds.then(() => this.#process());
      this.#rounds = round.catch(() => undefined);
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
    const unused: Offer['id'][] = [];
    const answers: Promise<void>[] = [];
    for (let left = this.#waiting.size; left > 0; left -= fewOffers) {
      const [open, share] = this.#takeWaiting(Math.min(left, fewOffers));
      await this.#launcher.launchAll(open, share);
      if (this.#shared.roles.list().some((role) => role !== defaultRole)) this.#residents.release(open);
      const used = open.filter(({ isUsed }) => isUsed);
      // A task that is launched and not known to the next leader would run for ever.
      const isSaved = used.length === 0 || (await this.#shared.store.flush());
      const isMoreWanted = this.#queue.hasReady();
      answers.push(...used.map((each) => (isSaved ? this.#accept(each, isMoreWanted) : this.#giveUp(each))));
      unused.push(...open.filter(({ isUsed }) => !isUsed).map(({ offer }) => offer.id));
    }
    void this.#settle(answers, unused);
  }

  async #settle(answers: readonly Promise<void>[], unused: readonly Offer['id'][]): Promise<void> {
    await Promise.all(answers);
    if (unused.length > 0) {
      const filters = { refuse_seconds: this.#shared.settings.declineOfferSeconds };
      await this.#shared.call({ type: 'DECLINE', decline: { offer_ids: unused, filters } });
    }
    this.#shared.wake();
  }

  /**
   * The first that came; the others may be rescinded until it is their turn.
   * @returns with which part they are of all offers to a role
   */
  #takeWaiting(count: number): readonly [readonly OpenOffer[], (role: string) => number] {
    const all = [...this.#waiting.values()];
    const first = all.slice(0, count);
    for (const { id } of first) this.#waiting.delete(id.value);
    const ofRole = (offers: readonly Offer[], role: string) => offers.filter((offer) => roleOf(offer) === role).length;
    const share = (role: string) => ofRole(first, role) / Math.max(1, ofRole(all, role));
    return [first.map((offer) => new OpenOffer(offer)), share];
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
