import type { Constraint } from '../../../protocol/marathon.ts';
import { thousandthsText } from '../../../protocol/value-text.ts';
import { wholePattern } from '../apps/validate-constraint.ts';
import type { AttributeTally } from './attribute-tally.ts';

/**
 * Whether an instance may go to an agent (Constraints.scala of Marathon).
 * @param agent attributes of the agent
 * @param taken attributes of the agents on which the app's instances are
 */
export function meetsConstraint(
  constraint: Constraint,
  agent: Readonly<Record<string, string>>,
  taken: AttributeTally,
): boolean {
  const [field = '', operator, value] = constraint;
  const own = Object.hasOwn(agent, field) ? agent[field] : undefined;
  if (own === undefined) return operator === 'UNLIKE';
  const sameHere = taken.count(field, own);
  switch (operator) {
    case 'UNIQUE':
      return sameHere === 0;
    case 'CLUSTER':
      return value === undefined || value === '' ? taken.valueCount(field) === Math.sign(sameHere) : own === value;
    case 'IS':
      return own === asScalar(value ?? '');
    case 'MAX_PER':
      return sameHere < Number(value);
    case 'LIKE':
      return wholePattern(value ?? '')?.test(own) ?? false;
    case 'UNLIKE':
      return !(wholePattern(value ?? '')?.test(own) ?? true);
    case 'GROUP_BY':
      return sameHere === 0 || (taken.valueCount(field) >= Number(value ?? 1) && sameHere <= taken.smallest(field));
    default:
      return false;
  }
}

/** What looks like a scalar of Mesos is compared as one: `0.80` is what `level:0.8` says. */
const asScalar = (value: string) => (/^\d+(?:\.\d+)?$/.test(value) ? thousandthsText(Number(value)) : value);

/** Whether an agent that is refused now may be taken after more instances have been launched elsewhere. */
export const mayBeMetLater = ([, operator]: Constraint) => operator === 'GROUP_BY';

/** Whether it matters on which agents the other instances are. */
export const dependsOnOthers = ([, operator]: Constraint) =>
  operator !== 'IS' && operator !== 'LIKE' && operator !== 'UNLIKE';
