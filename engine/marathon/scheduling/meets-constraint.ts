import type { Constraint } from '../../../protocol/marathon.ts';
import { wholePattern } from '../apps/validate-constraint.ts';

type Attributes = Readonly<Record<string, string>>;

/**
 * Whether an instance may go to an agent (Constraints.scala of Marathon).
 * @param agent attributes of the agent
 * @param others attributes of the agents on which the app's instances are
 */
export function meetsConstraint(constraint: Constraint, agent: Attributes, others: readonly Attributes[]): boolean {
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

/** Size of the smallest group; 0 while there are fewer groups than expected. */
function smallestGroup(taken: readonly string[], own: string, expected: number): number {
  const sizes = new Map<string, number>();
  for (const each of taken) sizes.set(each, (sizes.get(each) ?? 0) + 1);
  const isNew = !sizes.has(own);
  if (isNew || sizes.size < expected) return 0;
  return Math.min(...sizes.values());
}
