import { javaPattern, PatternError } from '../../framework/java-pattern.ts';
import type { Constraint } from '../../../protocol/marathon.ts';

const integer = /^-?\d{1,9}$/;
/** A regular expression of a user is tried on the names of hosts: a longer one is no use. */
const maxPatternLength = 1000;

/** A regular expression of Java that must match the whole of a text; undefined if it is none. */
export function wholePattern(pattern: string): RegExp | undefined {
  const result = readPattern(pattern);
  return typeof result === 'string' ? undefined : result;
}

/** Each is asked for again and again, for every agent. */
const known = new Map<string, RegExp | string>();
const maxKnown = 1000;

/** The pattern, or why it is refused. */
function readPattern(pattern: string): RegExp | string {
  const result = known.get(pattern) ?? compile(pattern);
  if (known.size >= maxKnown) known.clear();
  known.set(pattern, result);
  return result;
}

function compile(pattern: string): RegExp | string {
  if (pattern.length > maxPatternLength) return `it is longer than ${maxPatternLength} characters`;
  try {
    return javaPattern(pattern);
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}

function patternError(pattern: string): string | undefined {
  const result = readPattern(pattern);
  return typeof result === 'string' ? `'${pattern}' is not a valid regular expression: ${result}` : undefined;
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
      return patternError(value);
    default:
      return 'Constraint operator must be one of the following UNIQUE, CLUSTER, GROUP_BY, LIKE, MAX_PER, UNLIKE or IS';
  }
}
