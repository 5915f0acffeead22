import { setImmediate as turn } from 'node:timers/promises';
import type { App } from '../../../../protocol/marathon.ts';
import type { TaskInfo } from '../../../../protocol/mesos.ts';
import type { SharedParts } from '../../leadership/shared-parts.ts';
import { buildTaskGroup, newPodIds, newPodTasks } from '../../pods/build-task-group.ts';
import { isPod, type PodSpec } from '../../pods/pod-spec.ts';
import type { TaskGroup } from '../../scheduler-api/scheduler-call.ts';
import { AttributeTally } from '../attribute-tally.ts';
import { buildTask, newIds } from '../build-task.ts';
import { Candidates } from '../candidates.ts';
import { isActive, type Instance } from '../instances.ts';
import type { LaunchQueue } from '../launch-queue.ts';
import { matchOffer, type Match } from '../match-offer.ts';
import { dependsOnOthers, mayBeMetLater, meetsConstraint } from '../meets-constraint.ts';
import type { OpenOffer } from '../open-offer.ts';

type Found = Extract<Match, { readonly kind: 'match' }>;

/** Launching goes on no longer than this before others have their turn. */
const defaultSliceMs = 10;

/** Puts what is queued into offers. */
export class InstanceLauncher {
  readonly #shared: SharedParts;
  readonly #queue: LaunchQueue;
  readonly #random: () => number;
  readonly #sliceMs: number;

  constructor(shared: SharedParts, queue: LaunchQueue, random = Math.random, sliceMs = defaultSliceMs) {
    this.#shared = shared;
    this.#queue = queue;
    this.#random = random;
    this.#sliceMs = sliceMs;
  }

  /**
   * In slices, between which anything may change: the definition of an app, or how many are wanted.
   * @param share of what is queued for each app: an app spreads over all offers, whichever come first
   */
  async launchAll(open: readonly OpenOffer[], share: number): Promise<void> {
    for (const { id } of this.#queue.ready()) {
      const refused = new Set<OpenOffer>();
      const queued = this.#queue.count(id);
      const leave = queued - Math.min(queued, Math.ceil(queued * share));
      let former: App | undefined;
      let taken = new AttributeTally([], []);
      for (let app = this.#shared.apps.get(id); app !== undefined; app = this.#shared.apps.get(id)) {
        if (app !== former) taken = this.#takenBy(app);
        former = app;
        if (this.#launch(app, open, refused, { leave, taken })) break;
        await turn();
      }
    }
  }

  /**
   * Launches instances as long as there is room, each where the app has fewest, so that they spread.
   * @param refused offers that will not do; found ones are added
   * @param limits leave: as many stay in the queue; taken: by all instances, new ones are added
   * @returns whether that is done; otherwise the slice has ended
   */
  #launch(
    app: App,
    open: readonly OpenOffer[],
    refused: Set<OpenOffer>,
    { leave, taken }: { readonly leave: number; readonly taken: AttributeTally },
  ): boolean {
    const { instances, timestamps, settings } = this.#shared;
    const passing = (app.constraints ?? []).filter(mayBeMetLater);
    const candidates = new Candidates({
      offers: open.filter((each) => each.launchCount < settings.maxInstancesPerOffer && !refused.has(each)),
      load: ({ offer, launchCount }) => instances.activeOn(app.id, offer.agent_id.value) * 1000 + launchCount,
      group: (each) => passing.map(([field = '']) => JSON.stringify(each.pool.attributes[field])).join(),
      isAllowed: ({ pool }) => passing.every((each) => meetsConstraint(each, pool.attributes, taken)),
    });
    const now = timestamps.now();
    const sliceEnd = performance.now() + this.#sliceMs;
    while (this.#queue.count(app.id) > leave) {
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
      if (performance.now() > sliceEnd && this.#queue.count(app.id) > leave) return false;
    }
    const statistics = this.#queue.statistics(app.id);
    if (statistics === undefined) return true;
    for (const each of candidates.setAside()) {
      const match = matchOffer(app, each.pool, taken, this.#random);
      if (match.kind === 'reject') statistics.rejected(each.offer, match.reason, now);
    }
    return true;
  }

  /** What its instances have of that by which they are to differ, or be alike: it need not be known for each offer anew. */
  #takenBy({ id, constraints = [] }: App): AttributeTally {
    const fields = constraints.filter(dependsOnOthers).map(([field = '']) => field);
    const siblings = fields.length === 0 ? [] : this.#shared.instances.ofApp(id).filter(isActive);
    return new AttributeTally(
      fields,
      siblings.map(({ attributes }) => attributes),
    );
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
}
