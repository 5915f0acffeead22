import type { App } from '../../../protocol/marathon.ts';
import type { Resource } from '../../../protocol/mesos.ts';
import { wantedPodPorts } from '../pods/pod-endpoints.ts';
import { acceptedRoles, type AcceptedByDefault } from '../apps/roles.ts';
import { isPod } from '../pods/pod-spec.ts';
import type { AttributeTally } from './attribute-tally.ts';
import { meetsConstraint } from './meets-constraint.ts';
import { takePorts, takeScalar, type OfferPool, type ScalarName } from './offer-pool.ts';

/** Why an offer was not used, with the names of Marathon's NoOfferMatchReason, in the order in which they are tried. */
export const rejectReasons = [
  'UnfulfilledRole',
  'UnfulfilledConstraint',
  'InsufficientCpus',
  'InsufficientMemory',
  'InsufficientDisk',
  'InsufficientGpus',
  'InsufficientPorts',
] as const;
export type RejectReason = (typeof rejectReasons)[number];

export type Match =
  | {
      readonly kind: 'match';
      readonly pool: OfferPool;
      readonly resources: readonly Resource[];
      readonly hostPorts: readonly number[];
    }
  | { readonly kind: 'reject'; readonly reason: RejectReason };

/** Host ports that a task of the app needs, 0 for any; those of mappings without a host port are left out. */
function wantedHostPorts(app: App): readonly number[] {
  if (isPod(app)) return wantedPodPorts(app.pod);
  if (app.container?.portMappings !== undefined) {
    return app.container.portMappings.flatMap(({ hostPort }) => hostPort ?? []);
  }
  return (app.portDefinitions ?? []).map(({ port }) => (app.requirePorts ? port : 0));
}

const reject = (reason: RejectReason): Match => ({ kind: 'reject', reason });

/**
 * Finds room for one instance (ResourceMatcher.scala of Marathon).
 * @param taken attributes of the agents on which the app's instances are
 * @param byDefault whose resources it takes when it does not say it
 */
export function matchOffer(
  app: App,
  pool: OfferPool,
  taken: AttributeTally,
  random: () => number,
  byDefault: AcceptedByDefault = 'any',
): Match {
  const roles = new Set(app.acceptedResourceRoles ?? acceptedRoles(app.role, byDefault));
  if (!pool.offer.resources.some(({ role }) => roles.has(role ?? '*'))) return reject('UnfulfilledRole');
  const isAllowed = (app.constraints ?? []).every((constraint) => meetsConstraint(constraint, pool.attributes, taken));
  if (!isAllowed) return reject('UnfulfilledConstraint');
  const scalars: readonly (readonly [ScalarName, number, RejectReason])[] = [
    ['cpus', app.cpus, 'InsufficientCpus'],
    ['mem', app.mem, 'InsufficientMemory'],
    ['disk', app.disk, 'InsufficientDisk'],
    ['gpus', app.gpus, 'InsufficientGpus'],
  ];
  let left = pool;
  const resources: Resource[] = [];
  for (const [name, wanted, reason] of scalars) {
    if (wanted === 0) continue;
    const taken = takeScalar(left, name, wanted, roles);
    if (taken === undefined) return reject(reason);
    left = taken.pool;
    resources.push(taken.resource);
  }
  const ports = takePorts(left, wantedHostPorts(app), roles, random);
  if (ports === undefined) return reject('InsufficientPorts');
  return { kind: 'match', pool: ports.pool, resources: [...resources, ...ports.resources], hostPorts: ports.ports };
}
