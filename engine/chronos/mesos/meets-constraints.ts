import type { Attribute, Offer } from '../../../protocol/mesos.ts';
import { javaPattern } from '../../framework/java-pattern.ts';
import type { Constraint } from '../jobs/job.ts';

/** Whether a job may go to an agent (ConstraintChecker.scala of Chronos): its host name is an attribute. */
export function meetsConstraints({ attributes = [], hostname }: Offer, constraints: readonly Constraint[]): boolean {
  if (constraints.length === 0) return true;
  const own: readonly Attribute[] = attributes.some(({ name }) => name === 'hostname')
    ? attributes
    : [...attributes, { name: 'hostname', type: 'TEXT', text: { value: hostname } }];
  return constraints.every((each) => meets(own, each));
}

/** EqualsConstraint, LikeConstraint and UnlikeConstraint of Chronos: for patterns the first attribute of the name counts. */
function meets(attributes: readonly Attribute[], [name, operator, operand]: Constraint): boolean {
  const named = attributes.filter((each) => each.name === name);
  if (operator === 'EQUALS') return named.some(({ text }) => text?.value === operand);
  const values = named[0] === undefined ? undefined : valuesOf(named[0]);
  // An agent without the attribute is none that is unlike, either.
  if (values === undefined) return false;
  const isLike = values.some((value) => javaPattern(operand).test(value));
  return operator === 'LIKE' ? isLike : !isLike;
}

/** What patterns are for: not for ranges. */
function valuesOf({ scalar, set, text }: Attribute): readonly string[] | undefined {
  if (scalar !== undefined) return [javaDouble(scalar.value)];
  return set?.item ?? (text === undefined ? undefined : [text.value]);
}

/** Double.toString of Java, for numbers of a usual size. */
export const javaDouble = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));
