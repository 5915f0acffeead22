import type { Constraint } from '../../../protocol/marathon.ts';

const integer = /^-?\d{1,9}$/;
/** A regular expression of a user is tried on the names of hosts: a longer one is no use. */
const maxPatternLength = 1000;

/** A regular expression that must match the whole of a text; undefined if it is none. */
export function wholePattern(pattern: string): RegExp | undefined {
  if (pattern.length > maxPatternLength) return undefined;
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch {
    return undefined;
  }
}

/** What is wrong with a constraint (complyWithAppConstraintRules of Marathon's SchedulingValidation.scala). */
export function constraintError(constraint: Constraint): string | undefined {
  const [, operator, value] = constraint;
  switch (operator) {
    case 'UNIQUE':
      return value === undefined || value === '' ? undefined : 'Value specified but not used';
    case 'CLUSTER':
    case 'IS':
      return value === undefined && operator === 'IS' ? 'Missing value' : undefined;
    case 'GROUP_BY':
      return value === undefined || integer.test(value) ? undefined : 'Value was specified but is not a number';
    case 'MAX_PER':
      return value !== undefined && integer.test(value) ? undefined : 'Value was not specified or is not a number';
    case 'LIKE':
    case 'UNLIKE':
      if (value === undefined) return 'A regular expression value must be provided';
      return wholePattern(value) === undefined ? `'${value}' is not a valid regular expression` : undefined;
    default:
      return 'Constraint operator must be one of the following UNIQUE, CLUSTER, GROUP_BY, LIKE, MAX_PER, UNLIKE or IS';
  }
}
