import type { Term } from '../term.ts';
import { quotaOf } from './quota.ts';

/** A role's quota as `/roles` has it. */
export function describeQuota({ registrar }: Term, role: string, consumed: object) {
  const { guarantees, limits } = quotaOf(registrar.registry, role);
  return { role, guarantee: guarantees, limit: limits, consumed };
}
