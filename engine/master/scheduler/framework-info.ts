import { hasCapability, type FrameworkInfo } from '../../../protocol/mesos.ts';
import { frameworkUpdated } from '../operator/operator-events.ts';
import type { FrameworkRecord } from '../records.ts';
import { rescindOffer, type Term } from '../term.ts';
import { agentFilter } from './offer-constraints.ts';
import { refuseRoles, refuseSuppressed, rolesOf } from './roles.ts';
import type { Subscribe } from './scheduler-call.ts';
import { refuseId } from './validation/resource-validation.ts';

/** Longer than Mesos's Duration can be, which counts nanoseconds in 64 bits. */
const maxDurationSeconds = 2 ** 63 / 1e9;

/** Why a framework may not be as it says (src/master/validation.cpp, framework::validate). */
function refuseInfo(info: FrameworkInfo): string | undefined {
  const badRoles = refuseRoles(info);
  if (badRoles !== undefined) return badRoles;
  const id = info.id?.value ?? '';
  const badId = id === '' ? undefined : refuseId(id);
  if (badId !== undefined) return badId;
  const { failover_timeout: timeout = 0 } = info;
  if (!(Math.abs(timeout) < maxDurationSeconds)) return `The framework failover_timeout (${timeout}) is invalid`;
  return undefined;
}

/** Why a framework may not subscribe (src/master/master.cpp, validateFrameworkSubscription). */
export function refuseSubscription({ cluster }: Term, subscribe: Subscribe): string | undefined {
  const { framework_info: info, suppressed_roles: suppressed } = subscribe;
  const problem = refuseInfo(info);
  if (problem !== undefined) return problem;
  if (cluster.completedFrameworks.has(info.id?.value ?? '')) return 'Framework has been removed';
  return refuseSuppressed(info, suppressed) ?? refuseFilters(subscribe);
}

const filterOf = ({ framework_info: info, offer_constraints: constraints }: Subscribe) =>
  agentFilter(constraints, rolesOf(info));

function refuseFilters(subscribe: Subscribe): string | undefined {
  const filter = filterOf(subscribe);
  if (typeof filter === 'string') return filter;
  return Object.keys(subscribe.framework_info.offer_filters ?? {}).length > 0
    ? "This master does not honour 'FrameworkInfo.offer_filters'"
    : undefined;
}

/** What of the agents a framework wants; its subscription was not refused. */
export function takeConstraints(framework: FrameworkRecord, subscribe: Subscribe): void {
  const filter = filterOf(subscribe);
  framework.agentFilter = typeof filter === 'string' ? undefined : filter;
}

export function takeInfo(framework: FrameworkRecord, info: FrameworkInfo): void {
  framework.info = { ...info, id: { value: framework.id } };
  framework.roles = rolesOf(info);
  framework.isMultiRole = hasCapability(info, 'MULTI_ROLE');
  framework.knowsRefinement = hasCapability(info, 'RESERVATION_REFINEMENT');
  framework.isPartitionAware = hasCapability(info, 'PARTITION_AWARE');
}

/** A framework that comes back may not change these (MESOS-703; preserveImmutableFields of validation.cpp). */
export function keepFixed({ info: old, isRecovered }: FrameworkRecord, info: FrameworkInfo): FrameworkInfo {
  if (isRecovered) return info;
  return { ...info, user: old.user, ...(old.checkpoint === undefined ? {} : { checkpoint: old.checkpoint }) };
}

/** Why a framework may not become what it says (validateUpdate of validation.cpp). */
function refuseUpdate(old: FrameworkInfo, info: FrameworkInfo): string | undefined {
  if (old.principal !== info.principal) return "Changing framework's principal is not allowed.";
  const changed = (field: string, from: unknown, to: unknown) =>
    `Updating 'FrameworkInfo.${field}' is unsupported; attempted to update from '${String(from)}' to '${String(to)}'`;
  if (old.user !== info.user) return changed('user', old.user, info.user);
  const [from, to] = [old.checkpoint ?? false, info.checkpoint ?? false];
  return from === to ? undefined : changed('checkpoint', from, to);
}

/**
 * UPDATE_FRAMEWORK: takes all of it, or nothing (Master::updateFramework).
 * @returns why it is refused
 */
export function updateFramework(term: Term, framework: FrameworkRecord, update: Subscribe): string | undefined {
  const { framework_info: info, suppressed_roles: suppressed } = update;
  const badInfo = refuseInfo(info);
  if (badInfo !== undefined) return `Supplied FrameworkInfo is not valid: ${badInfo}`;
  const badUpdate = refuseUpdate(framework.info, info);
  if (badUpdate !== undefined) return `FrameworkInfo update is not valid: ${badUpdate}`;
  const badOptions = refuseSuppressed(info, suppressed) ?? refuseFilters(update);
  if (badOptions !== undefined) return `'UpdateFramework' call is not valid: ${badOptions}`;
  takeInfo(framework, info);
  takeConstraints(framework, update);
  const before = framework.suppressedRoles;
  framework.suppressedRoles = new Set(suppressed);
  term.operators.publish(() => frameworkUpdated(framework));
  for (const offer of [...framework.offers.values()]) {
    if (!framework.roles.includes(offer.role)) rescindOffer(term, offer);
  }
  // What it refused for roles that it wants offers for again, too (docs/scheduler-http-api.md, UPDATE_FRAMEWORK).
  const wantedAgain = framework.roles.filter((role) => before.has(role) && !framework.suppressedRoles.has(role));
  term.allocator.revive(framework, wantedAgain);
  return undefined;
}
