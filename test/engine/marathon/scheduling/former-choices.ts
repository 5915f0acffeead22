import type { App, Constraint } from '../../../../protocol/marathon.ts';
import type { Offer } from '../../../../protocol/mesos.ts';
import { wholePattern } from '../../../../engine/marathon/apps/validate-constraint.ts';
import { AttributeTally } from '../../../../engine/marathon/scheduling/attribute-tally.ts';
import { matchOffer } from '../../../../engine/marathon/scheduling/match-offer.ts';
import { poolOf, type OfferPool } from '../../../../engine/marathon/scheduling/offer-pool.ts';

type Attributes = Readonly<Record<string, string>>;

/** Where an instance of an app is. */
export interface Placed {
  readonly appId: string;
  readonly agentId: string;
  readonly attributes: Attributes;
}

/** Constraints as they were checked once: by looking at all instances. */
export function formerlyMet(constraint: Constraint, agent: Attributes, others: readonly Attributes[]): boolean {
  const [field = '', operator, value] = constraint;
  const own = Object.hasOwn(agent, field) ? agent[field] : undefined;
  if (own === undefined) return operator === 'UNLIKE';
  const taken = others.flatMap((each) => (Object.hasOwn(each, field) ? (each[field] ?? []) : []));
  const sameHere = taken.filter((each) => each === own).length;
  switch (operator) {
    case 'UNIQUE':
      return sameHere === 0;
    case 'CLUSTER':
      return value === undefined || value === '' ? taken.every((each) => each === own) : own === value;
    case 'IS':
      return own === value;
    case 'MAX_PER':
      return sameHere < Number(value);
    case 'LIKE':
      return wholePattern(value ?? '')?.test(own) ?? false;
    case 'UNLIKE':
      return !(wholePattern(value ?? '')?.test(own) ?? true);
    case 'GROUP_BY':
      return sameHere <= smallestGroup(taken, own, Number(value ?? 1));
    default:
      return false;
  }
}

function smallestGroup(taken: readonly string[], own: string, expected: number): number {
  const sizes = new Map<string, number>();
  for (const each of taken) sizes.set(each, (sizes.get(each) ?? 0) + 1);
  if (!sizes.has(own) || sizes.size < expected) return 0;
  return Math.min(...sizes.values());
}

/** The choices of the algorithm that sorted all offers for each instance: which offer each instance gets, in order. */
export function formerChoices(
  apps: readonly { readonly app: App; readonly count: number }[],
  offers: readonly Offer[],
  present: readonly Placed[],
  maxPerOffer: number,
): readonly { readonly appId: string; readonly offerId: string }[] {
  const placed = [...present];
  const open = offers.map((offer): { offer: Offer; pool: OfferPool; tasks: number } => ({
    offer,
    pool: poolOf(offer),
    tasks: 0,
  }));
  const launchOne = (app: App) => {
    const siblings = placed.filter(({ appId }) => appId === app.id);
    const load = (each: (typeof open)[number]) =>
      siblings.filter(({ agentId }) => agentId === each.offer.agent_id.value).length * 1000 + each.tasks;
    const candidates = open.filter(({ tasks }) => tasks < maxPerOffer).sort((a, b) => load(a) - load(b));
    const { constraints = [], ...unconstrained } = app;
    const others = siblings.map(({ attributes }) => attributes);
    for (const each of candidates) {
      const { attributes } = each.pool;
      if (!constraints.every((constraint) => formerlyMet(constraint, attributes, others))) continue;
      const match = matchOffer(unconstrained, each.pool, new AttributeTally([]), () => 0);
      if (match.kind === 'reject') continue;
      each.pool = match.pool;
      each.tasks += 1;
      placed.push({ appId: app.id, agentId: each.offer.agent_id.value, attributes });
      return { appId: app.id, offerId: each.offer.id.value };
    }
    return undefined;
  };
  return apps.flatMap(({ app, count }) => {
    const chosen = [];
    for (let left = count; left > 0; left -= 1) {
      const choice = launchOne(app);
      if (choice === undefined) break;
      chosen.push(choice);
    }
    return chosen;
  });
}
