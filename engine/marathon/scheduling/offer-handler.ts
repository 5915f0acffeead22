import { setImmediate as turn } from 'node:timers/promises';
import type { App } from '../../../protocol/marathon.ts';
import type { Offer, TaskInfo } from '../../../protocol/mesos.ts';
import type { SharedParts } from '../leadership/shared-parts.ts';
import { buildTaskGroup, newPodIds, newPodTasks } from '../pods/build-task-group.ts';
import { isPod, type PodSpec } from '../pods/pod-spec.ts';
import { tasksIn, type LaunchOperation, type TaskGroup } from '../../framework/scheduler-api/scheduler-call.ts';
import { AttributeTally } from './attribute-tally.ts';
import { buildTask, newIds } from './build-task.ts';
import { Candidates } from './candidates.ts';
import { isActive, type Instance } from './instances.ts';
import type { LaunchQueue } from './launch-queue.ts';
import { matchOffer, type Match } from './match-offer.ts';
import { mayBeMetLater, meetsConstraint } from './meets-constraint.ts';
import { OpenOffer } from './open-offer.ts';

type Found = Extract<Match, { readonly kind: 'match' }>;

/** Offers are asked for again at most this often. */
const reviveIntervalMs = 250;
/** Launching goes on no longer than this before others have their turn. */
const sliceMs = 30;

/** Uses offers for what is queued, and gives the rest back; asks for offers only while something is queued. */
export class OfferHandler {
  readonly #shared: SharedParts;
  readonly #queue: LaunchQueue;
  readonly #random: () => number;
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
    const isWanted = this.#queue.hasReady();
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
        if (!this.#queue.hasReady()) return;
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
    const used = open.filter(({ launchCount }) => launchCount > 0);
    // A task that is launched and not known to the next leader would run for ever.
    const isSaved = used.length === 0 || (await this.#shared.store.flush());
    const isMoreWanted = this.#queue.hasReady();
    await Promise.all(used.map((each) => (isSaved ? this.#accept(each, isMoreWanted) : this.#giveUp(each))));
    const unused = open.filter(({ launchCount }) => launchCount === 0).map(({ offer }) => offer.id);
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
    const constraints = app.constraints ?? [];
    const passing = constraints.filter(mayBeMetLater);
    const siblings = constraints.length === 0 ? [] : instances.ofApp(app.id).filter(isActive);
    const taken = new AttributeTally(
      constraints.map(([field = '']) => field),
      siblings.map(({ attributes }) => attributes),
    );
    const candidates = new Candidates({
      offers: open.filter((each) => each.launchCount < settings.maxInstancesPerOffer && !refused.has(each)),
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
      if (isPod(app)) each.addGroup(this.#newGroup(app, each, match), match.pool);
      else each.add(this.#newTask(app, each, match), match.pool);
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

  #newTask(app: App, open: OpenOffer, match: Found): TaskInfo {
    const { instanceId, taskId } = newIds(app.id);
    this.#putInstance(app, open, match, { id: instanceId, taskId });
    return buildTask(app, taskId, open.offer, match.resources, match.hostPorts);
  }

  #newGroup(spec: PodSpec, open: OpenOffer, match: Found): TaskGroup {
    const ids = newPodIds(spec.id);
    const { instanceId: id } = ids;
    const containers = newPodTasks(spec, id, match.hostPorts, this.#shared.clock());
    this.#putInstance(spec, open, match, { id, taskId: id, containers });
    return buildTaskGroup(spec, { ...ids, ...match, offer: open.offer });
  }

  #putInstance(
    app: App,
    { offer, pool }: OpenOffer,
    match: Found,
    ids: Pick<Instance, 'id' | 'taskId' | 'containers'>,
  ): void {
    this.#shared.instances.put({
      ...ids,
      appId: app.id,
      version: app.version,
      agentId: offer.agent_id.value,
      host: offer.hostname,
      attributes: pool.attributes,
      hostPorts: match.hostPorts,
      ipAddresses: [],
      condition: 'Staging',
      state: 'TASK_STAGING',
      goal: 'Running',
      stagedAt: this.#shared.clock(),
    });
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

  async #reconcile(operations: readonly LaunchOperation[]): Promise<void> {
    // Whether they were launched, only the master knows.
    const asked = operations.flatMap(tasksIn).map(({ task_id, agent_id }) => ({ task_id, agent_id }));
    await this.#shared.call({ type: 'RECONCILE', reconcile: { tasks: asked } });
  }
}
