import { setImmediate as turn } from 'node:timers/promises';
import type { App } from '../../../../protocol/marathon.ts';
import type { Offer } from '../../../../protocol/mesos.ts';
import { defaultRole } from '../../apps/roles.ts';
import type { SharedParts } from '../../leadership/shared-parts.ts';
import { isResident } from '../../residency/resident.ts';
import type { ResidentOffers } from '../../residency/resident-offers.ts';
import { addInstance } from '../add-instance.ts';
import { AttributeTally } from '../attribute-tally.ts';
import { Candidates } from '../candidates.ts';
import { isActive } from '../instances.ts';
import type { LaunchQueue } from '../launch-queue.ts';
import { matchOffer } from '../match-offer.ts';
import { dependsOnOthers, mayBeMetLater, meetsConstraint } from '../meets-constraint.ts';
import type { OpenOffer } from '../open-offer.ts';

interface LauncherWorld {
  readonly shared: SharedParts;
  readonly queue: LaunchQueue;
  readonly random: () => number;
  readonly residents: ResidentOffers;
}

/** Launching goes on no longer than this before others have their turn. */
const defaultSliceMs = 10;

export const roleOf = (offer: Offer): string => offer.allocation_info?.role ?? defaultRole;

/** Puts what is queued into offers. */
export class InstanceLauncher {
  readonly #shared: SharedParts;
  readonly #queue: LaunchQueue;
  readonly #random: () => number;
  readonly #residents: ResidentOffers;
  readonly #sliceMs: number;

  constructor({ shared, queue, random, residents }: LauncherWorld, sliceMs = defaultSliceMs) {
    this.#shared = shared;
    this.#queue = queue;
    this.#random = random;
    this.#residents = residents;
    this.#sliceMs = sliceMs;
  }

  /**
   * In slices, between which anything may change: the definition of an app, or how many are wanted.
   * @param share of what is queued for each app: an app spreads over all offers, whichever come first
   */
  async launchAll(open: readonly OpenOffer[], share: (role: string) => number): Promise<void> {
    let sliceEnd = performance.now() + this.#sliceMs;
    for (const { id, role } of this.#queue.ready()) {
      if (performance.now() > sliceEnd) {
        await turn();
        sliceEnd = performance.now() + this.#sliceMs;
      }
      const refused = new Set<OpenOffer>();
      const queued = this.#queue.count(id);
      const leave = queued - Math.min(queued, Math.ceil(queued * share(role)));
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
    if (isResident(app)) {
      this.#residents.launch(app, open);
      return true;
    }
    const passing = (app.constraints ?? []).filter(mayBeMetLater);
    const candidates = new Candidates({
      offers: open.filter(
        (each) =>
          each.launchCount < settings.maxInstancesPerOffer && !refused.has(each) && roleOf(each.offer) === app.role,
      ),
      load: ({ offer, launchCount }) => instances.activeOn(app.id, offer.agent_id.value) * 1000 + launchCount,
      group: (each) => passing.map(([field = '']) => JSON.stringify(each.pool.attributes[field])).join(),
      isAllowed: ({ pool }) => passing.every((each) => meetsConstraint(each, pool.attributes, taken)),
    });
    const now = timestamps.now();
    const sliceEnd = performance.now() + this.#sliceMs;
    while (this.#queue.count(app.id) > leave) {
      const each = candidates.next();
      if (each === undefined) break;
      const match = matchOffer(app, each.pool, taken, this.#random, this.#shared.settings.acceptedByDefault);
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
      if (performance.now() > sliceEnd && this.#queue.count(app.id) > leave) return false;
    }
    const statistics = this.#queue.statistics(app.id);
    if (statistics === undefined) return true;
    for (const each of candidates.setAside()) {
      const match = matchOffer(app, each.pool, taken, this.#random, this.#shared.settings.acceptedByDefault);
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
}
