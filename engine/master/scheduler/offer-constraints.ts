import type { AgentRegistration } from '../../../protocol/agent-api.ts';
import type { Attribute, Json } from '../../../protocol/mesos.ts';
import { textPattern } from './validation/text-pattern.ts';

/** OfferConstraints of scheduler.proto. */
export interface OfferConstraints {
  readonly role_constraints?: Readonly<Record<string, { readonly groups?: readonly Group[] }>>;
}

interface Group {
  readonly attribute_constraints?: readonly AttributeConstraint[];
}

interface AttributeConstraint {
  readonly selector: { readonly pseudoattribute_type?: string; readonly attribute_name?: string };
  readonly predicate: Predicate;
}

interface Predicate {
  readonly exists?: object;
  readonly not_exists?: object;
  readonly text_equals?: { readonly value: string };
  readonly text_not_equals?: { readonly value: string };
  readonly text_matches?: { readonly regex: string };
  readonly text_not_matches?: { readonly regex: string };
}

type Agent = Pick<AgentRegistration, 'hostname' | 'attributes'>;
type Test = (agent: Agent) => boolean;

/** Which agents a framework wants offers of. */
export interface AgentFilter {
  /** As the framework gave it. */
  readonly given: Json;
  readonly excludes: (role: string, agent: Agent) => boolean;
}

/** Why constraints are none. */
class ConstraintError extends Error {
  override readonly name = 'ConstraintError';
}

/**
 * What of the agents a framework wants to be offered: for a role those that meet all constraints of one of its groups
 * (src/master/allocator/mesos/offer_constraints_filter.cpp, whose texts these are).
 * @param roles of the framework
 * @returns the filter, or why the constraints are invalid
 */
export function agentFilter(
  constraints: OfferConstraints | undefined,
  roles: readonly string[],
): AgentFilter | string | undefined {
  const entries = Object.entries(constraints?.role_constraints ?? {});
  if (constraints === undefined || entries.length === 0) return undefined;
  const stranger = entries.find(([role]) => !roles.includes(role));
  // src/master/validation.cpp, validateOfferConstraintsRoles
  if (stranger !== undefined) {
    return `Offer constraints specify \`role_constraints\` for a role '${stranger[0]}'not contained in the set of roles`;
  }
  try {
    const tests = new Map(entries.map(([role, { groups = [] }]) => [role, testOfRole(role, groups)]));
    return { given: constraints as Json, excludes: (role, agent) => tests.get(role)?.(agent) === false };
  } catch (error) {
    if (error instanceof ConstraintError) return `Offer constraints are not valid: ${error.message}`;
    throw error;
  }
}

/** @throws ConstraintError */
function testOfRole(role: string, groups: readonly Group[]): Test {
  if (groups.length === 0) {
    const where = "'OfferConstraints::role_constraints' has an empty 'RoleConstraints::groups'";
    throw new ConstraintError(`${where} for role ${role}`);
  }
  const tests = groups.map(({ attribute_constraints: constraints = [] }) => {
    if (constraints.length > 0) return constraints.map((each) => testOf(role, each));
    const where = `'OfferConstraints::RoleConstraints::groups' for role ${role}`;
    throw new ConstraintError(`${where}contains an empty RoleConstraints::Group`);
  });
  return (agent) => tests.some((group) => group.every((test) => test(agent)));
}

/** @throws ConstraintError */
function testOf(role: string, { selector, predicate }: AttributeConstraint): Test {
  const invalid = (why: string) => new ConstraintError(`A role ${role} has an invalid 'AttributeConstraint': ${why}`);
  const { pseudoattribute_type: type, attribute_name: name } = selector;
  if (name === undefined && type === undefined) {
    const one = "'AttributeConstraint::Selector::name' or 'AttributeConstraint::Selector::pseudoattribute_type'";
    throw invalid(`Exactly one of ${one} must be set`);
  }
  if (name === undefined && type === 'UNKNOWN') throw invalid('Unknown pseudoattribute type');
  const holds = predicateOf(predicate, invalid);
  if (name !== undefined) return ({ attributes }) => holds(valueOf(attributes.find((each) => each.name === name)));
  // Agents here have no fault domain, so neither a region nor a zone.
  return type === 'HOSTNAME' ? ({ hostname }) => holds(hostname) : () => holds(undefined);
}

/** Of an attribute that is no text: it meets all that is said of texts. */
const noText = Symbol('no text');

const valueOf = (attribute: Attribute | undefined) =>
  attribute === undefined ? undefined : attribute.type === 'TEXT' ? (attribute.text?.value ?? '') : noText;

type Holds = (value: string | typeof noText | undefined) => boolean;

/** @throws what `invalid` makes */
function predicateOf(predicate: Predicate, invalid: (why: string) => Error): Holds {
  const { text_equals: equal, text_not_equals: different, text_matches: match, text_not_matches: mismatch } = predicate;
  if (predicate.exists !== undefined) return (value) => value !== undefined;
  if (predicate.not_exists !== undefined) return (value) => value === undefined;
  if (equal !== undefined) return (value) => value === noText || value === equal.value;
  if (different !== undefined) return (value) => value === noText || value !== different.value;
  if (match === undefined && mismatch === undefined) throw invalid('Unknown predicate type');
  const pattern = textPattern(match?.regex ?? mismatch?.regex ?? '');
  if (typeof pattern === 'string') throw invalid(pattern);
  if (match === undefined) return (value) => typeof value !== 'string' || !pattern.test(value);
  return (value) => value === noText || (value !== undefined && pattern.test(value));
}
