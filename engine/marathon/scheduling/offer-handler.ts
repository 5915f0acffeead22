import type { App } from '../../../protocol/marathon.ts';
import type { Offer, TaskInfo } from '../../../protocol/mesos.ts';
import type { SharedParts } from '../leadership/shared-parts.ts';
import { buildTask, newIds } from './build-task.ts';
import { isActive } from './instances.ts';
import type { LaunchQueue } from './launch-queue.ts';
import { matchOffer } from './match-offer.ts';
import { attributesOf, poolOf, type OfferPool } from './offer-pool.ts';

interface OpenOffer {
  readonly offer: Offer;
  pool: OfferPool;
  readonly tasks: TaskInfo[];
}

/** Offers are asked for again at most this often. */
const reviveIntervalMs = 250;

/** Uses offers for what is queued, and gives the rest back; asks for offers only while something is queued. */
export class OfferHandler {
  readonly #shared: SharedParts;
  readonly #queue: LaunchQueue;
  readonly #random: () => number;
  #waiting = new Map<string, Offer>();
  #timer: NodeJS.Timeout | undefined;
  #reviveTimer: NodeJS.Timeout | undefined;
  #isSuppressed = false;
  #revivedAt = 0;

  constructor(shared: SharedParts, queue: LaunchQueue, random: () => number = Math.random) {
    this.#shared = shared;
    this.#queue = queue;
    this.#random = random;
  }

  /** A new session: old offers are void, and the master offers again without being asked. */
  reset(): void {
    this.#waiting.clear();
    this.#isSuppressed = false;
    this.#queue.forgetRevives();
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
    const isWanted = this.#queue.ready().length > 0;
    if (!isWanted) {
      if (this.#isSuppressed || this.#waiting.size > 0 || this.#timer !== undefined) return;
      this.#isSuppressed = true;
      this.#queue.forgetRevives();
      void this.#shared.call({ type: 'SUPPRESS' }).then((taken) => {
        if (!taken) this.#isSuppressed = false;
      });
      return;
    }
    if (!this.#isSuppressed && !this.#queue.needsRevive()) return;
    const wait = this.#revivedAt + reviveIntervalMs - this.#shared.clock();
    this.#reviveTimer ??= setTimeout(
      () => {
        this.#reviveTimer = undefined;
        if (this.#queue.ready().length === 0) return;
        this.#isSuppressed = false;
        this.#queue.needsRevive();
        this.#revivedAt = this.#shared.clock();
        void this.#shared.call({ type: 'REVIVE' });
      },
      Math.max(0, wait),
    );
  }

  async #process(): Promise<void> {
    const open: OpenOffer[] = [...this.#waiting.values()].map((offer) => ({ offer, pool: poolOf(offer), tasks: [] }));
    this.#waiting = new Map();
    for (const app of this.#queue.ready()) while (this.#launchOne(app, open)) this.#queue.take(app.id);
    const used = open.filter(({ tasks }) => tasks.length > 0);
    // A task that is launched and not known to the next leader would run for ever.
    const isSaved = used.length === 0 || (await this.#shared.store.flush());
    await Promise.all(used.map((each) => (isSaved ? this.#accept(each) : this.#giveUp(each))));
    const unused = open.filter(({ tasks }) => tasks.length === 0).map(({ offer }) => offer.id);
    if (unused.length > 0) {
      const filters = { refuse_seconds: this.#shared.settings.declineOfferSeconds };
      await this.#shared.call({ type: 'DECLINE', decline: { offer_ids: unused, filters } });
    }
    this.#shared.wake();
  }

  /** Launches one instance where the app has fewest, so that they spread. False when there is no room for it. */
  #launchOne(app: App, open: readonly OpenOffer[]): boolean {
    if (this.#queue.count(app.id) === 0) return false;
    const siblings = this.#shared.instances.ofApp(app.id).filter(isActive);
    const others = siblings.map((instance) => instance.attributes);
    const load = (each: OpenOffer) =>
      siblings.filter(({ agentId }) => agentId === each.offer.agent_id.value).length * 1000 + each.tasks.length;
    const now = this.#shared.timestamps.now();
    const candidates = open
      .filter((each) => each.tasks.length < this.#shared.settings.maxInstancesPerOffer)
      .map((each) => ({ each, load: load(each) }))
      .sort((a, b) => a.load - b.load);
    for (const { each } of candidates) {
      const match = matchOffer(app, each.pool, others, this.#random);
      const statistics = this.#queue.statistics(app.id);
      if (match.kind === 'reject') {
        statistics?.rejected(each.offer, match.reason, now);
        continue;
      }
      statistics?.used(now);
      each.pool = match.pool;
      each.tasks.push(this.#newTask(app, each.offer, match));
      return true;
    }
    return false;
  }

  #newTask(app: App, offer: Offer, match: Extract<ReturnType<typeof matchOffer>, { kind: 'match' }>): TaskInfo {
    const { instanceId, taskId } = newIds(app.id);
    this.#shared.instances.put({
      id: instanceId,
      taskId,
      appId: app.id,
      version: app.version,
      agentId: offer.agent_id.value,
      host: offer.hostname,
      attributes: attributesOf(offer),
      hostPorts: match.hostPorts,
      ipAddresses: [],
      condition: 'Staging',
      state: 'TASK_STAGING',
      goal: 'Running',
      stagedAt: this.#shared.clock(),
    });
    this.#shared.store.markDirty();
    return buildTask(app, taskId, offer, match.resources, match.hostPorts);
  }

  async #accept({ offer, tasks }: OpenOffer): Promise<void> {
    const isMoreWanted = this.#queue.ready().length > 0;
    const isTaken = await this.#shared.call({
      type: 'ACCEPT',
      accept: {
        offer_ids: [offer.id],
        operations: [{ type: 'LAUNCH', launch: { task_infos: tasks } }],
        filters: { refuse_seconds: isMoreWanted ? 0 : this.#shared.settings.declineOfferSeconds },
      },
    });
    if (!isTaken) await this.#reconcile(tasks);
  }

  async #giveUp({ offer, tasks }: OpenOffer): Promise<void> {
    await this.#shared.call({ type: 'DECLINE', decline: { offer_ids: [offer.id], filters: { refuse_seconds: 1 } } });
    await this.#reconcile(tasks);
  }

  async #reconcile(tasks: readonly TaskInfo[]): Promise<void> {
    // Whether they were launched, only the master knows.
    const asked = tasks.map(({ task_id, agent_id }) => ({ task_id, agent_id }));
    await this.#shared.call({ type: 'RECONCILE', reconcile: { tasks: asked } });
  }
}
