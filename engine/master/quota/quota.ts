import type { Quota, Registry } from '../registry/registry.ts';
import { refuseRole } from '../scheduler/roles.ts';
import { containsAll, isWithin, shown, shownAsMap, sum, type Quantities } from './quantities.ts';

/* What a quota may be (src/master/quota.cpp and quota_handler.cpp, with their texts). */

const noQuota: Quota = { guarantees: {}, limits: {} };

export const quotaOf = ({ quotas }: Pick<Registry, 'quotas'>, role: string): Quota =>
  (Object.hasOwn(quotas, role) ? quotas[role] : undefined) ?? noQuota;

/** A role with all that it is in: `a/b/c`, `a/b`, `a`. */
export function lineageOf(role: string): readonly string[] {
  const parts = role.split('/');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
}

const isChild = (role: string, parent: string) => role.startsWith(`${parent}/`);

/** Roles with a guarantee that is not part of one of a role above them. */
export function guaranteedRoles(quotas: Registry['quotas']): readonly string[] {
  const roles = Object.keys(quotas).filter((role) => Object.keys(quotaOf({ quotas }, role).guarantees).length > 0);
  const all = new Set(roles);
  return roles.filter((role) => {
    const [, ...above] = lineageOf(role);
    return !above.some((each) => all.has(each));
  });
}

/** What the cluster owes altogether. */
const totalGuarantees = (quotas: Registry['quotas']): Quantities =>
  sum(guaranteedRoles(quotas).map((role) => quotaOf({ quotas }, role).guarantees));

/** Why roles and those in them do not fit together. */
export function refuseTree(quotas: Registry['quotas']): string | undefined {
  for (const [parent, { guarantees }] of Object.entries(quotas)) {
    const within = Object.fromEntries(Object.entries(quotas).filter(([role]) => isChild(role, parent)));
    const children = totalGuarantees(within);
    if (containsAll(guarantees, children)) continue;
    return `Invalid quota configuration. Parent role '${parent}' with guarantees (${shown(guarantees)}) does not contain the sum of its children's guarantees (${shown(children)})`;
  }
  return undefined;
}

/** Why the cluster cannot give all that is guaranteed. */
export function refuseTotal(quotas: Registry['quotas'], capacity: Quantities, words: string): string | undefined {
  const total = totalGuarantees(quotas);
  if (containsAll(capacity, total)) return undefined;
  return `${words} '${shown(total)}' exceed cluster capacity '${shown(capacity)}'`;
}

/** Why a config of UPDATE_QUOTA is none (quota::validate). */
export function refuseConfig(role: string, { guarantees, limits }: Quota): string | undefined {
  const badRole = refuseRole(role);
  if (badRole !== undefined) return `Invalid 'QuotaConfig.role': ${badRole}`;
  for (const [name, amounts] of Object.entries({ guarantee: guarantees, limit: limits })) {
    const negative = Object.entries(amounts).find(([, value]) => value < 0);
    if (negative === undefined) continue;
    return `Invalid ${name} configuration {'${negative[0]}': ${String(negative[1])}}: Negative values not supported`;
  }
  return isWithin(guarantees, limits)
    ? undefined
    : `'QuotaConfig.guarantees' ${shownAsMap(guarantees)} is not contained within the 'QuotaConfig.limits' ${shownAsMap(limits)}`;
}
