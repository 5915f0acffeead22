import { describe, expect, test } from 'vitest';
import { agentFilter, type OfferConstraints } from '../../../../engine/master/scheduler/offer-constraints.ts';
import { textPattern } from '../../../../engine/master/scheduler/validation/text-pattern.ts';
import type { Attribute } from '../../../../protocol/mesos.ts';
import { fetchJson, openStream, schedulerUrl, subscribe } from '../../scheduler-client.ts';
import { startFakeAgent } from '../fake-agent.ts';
import { startLeader } from '../master-for-test.ts';

const attributes: readonly Attribute[] = [
  { name: 'rack', type: 'TEXT', text: { value: 'r1' } },
  { name: 'level', type: 'SCALAR', scalar: { value: 10 } },
];
const agent = { hostname: 'host-7', attributes };
const named = (name: string) => ({ attribute_name: name });
const ofRole = (...groups: readonly (readonly object[])[]) =>
  ({
    role_constraints: { '*': { groups: groups.map((each) => ({ attribute_constraints: each })) } },
  }) as OfferConstraints;
const isOffered = (constraints: OfferConstraints) => {
  const filter = agentFilter(constraints, ['*']);
  if (typeof filter !== 'object') throw new Error(filter);
  return !filter.excludes('*', agent);
};

/* As in src/tests/master/offer_constraints_filter_tests.cpp of Mesos. */
test.each<[object, object, boolean]>([
  [named('rack'), { exists: {} }, true],
  [named('zone'), { exists: {} }, false],
  [named('rack'), { not_exists: {} }, false],
  [named('zone'), { not_exists: {} }, true],
  [named('rack'), { text_equals: { value: 'r1' } }, true],
  [named('rack'), { text_equals: { value: 'r' } }, false],
  [named('zone'), { text_equals: { value: 'r1' } }, false],
  [named('rack'), { text_not_equals: { value: 'r1' } }, false],
  [named('zone'), { text_not_equals: { value: 'r1' } }, true],
  [named('rack'), { text_matches: { regex: 'r[12]' } }, true],
  [named('rack'), { text_matches: { regex: 'r' } }, false],
  [named('zone'), { text_matches: { regex: '.*' } }, false],
  [named('rack'), { text_not_matches: { regex: 'r[12]' } }, false],
  [named('zone'), { text_not_matches: { regex: '.*' } }, true],
  // Of what is no text nothing can be said.
  [named('level'), { text_equals: { value: 'x' } }, true],
  [named('level'), { text_not_equals: { value: '10' } }, true],
  [named('level'), { text_matches: { regex: 'x' } }, true],
  [named('level'), { text_not_matches: { regex: '.*' } }, true],
  [{ pseudoattribute_type: 'HOSTNAME' }, { text_equals: { value: 'host-7' } }, true],
  [{ pseudoattribute_type: 'HOSTNAME' }, { text_not_matches: { regex: 'host-\\d' } }, false],
  [{ pseudoattribute_type: 'ZONE' }, { not_exists: {} }, true],
  [{ pseudoattribute_type: 'REGION' }, { exists: {} }, false],
])('%j with %j: %s', (selector, predicate, expected) => {
  expect(isOffered(ofRole([{ selector, predicate }]))).toBe(expected);
});

test('all constraints of one of the groups must be met, and other roles have none', () => {
  const [met, unmet] = [{ exists: {} }, { not_exists: {} }].map((predicate) => ({
    selector: named('rack'),
    predicate,
  }));
  expect(isOffered(ofRole([met as object], [unmet as object]))).toBe(true);
  expect(isOffered(ofRole([met as object, unmet as object]))).toBe(false);
  const filter = agentFilter(ofRole([unmet as object]), ['*', 'other']);
  expect(filter).toMatchObject({ given: ofRole([unmet as object]) });
  expect(typeof filter === 'object' && filter.excludes('other', agent)).toBe(false);
});

test.each<[string, OfferConstraints, string]>([
  [
    'a role that the framework has not',
    { role_constraints: { other: { groups: [] } } },
    "Offer constraints specify `role_constraints` for a role 'other'not contained in the set of roles",
  ],
  [
    'no groups',
    ofRole(),
    "Offer constraints are not valid: 'OfferConstraints::role_constraints' has an empty 'RoleConstraints::groups' for role *",
  ],
  [
    'a group of none',
    ofRole([]),
    "Offer constraints are not valid: 'OfferConstraints::RoleConstraints::groups' for role *contains an empty RoleConstraints::Group",
  ],
  [
    'no predicate',
    ofRole([{ selector: named('x'), predicate: {} }]),
    "Offer constraints are not valid: A role * has an invalid 'AttributeConstraint': Unknown predicate type",
  ],
  [
    'an unknown pseudoattribute',
    ofRole([{ selector: { pseudoattribute_type: 'UNKNOWN' }, predicate: { exists: {} } }]),
    "Offer constraints are not valid: A role * has an invalid 'AttributeConstraint': Unknown pseudoattribute type",
  ],
  [
    'no selector',
    ofRole([{ selector: {}, predicate: { exists: {} } }]),
    "Offer constraints are not valid: A role * has an invalid 'AttributeConstraint': Exactly one of 'AttributeConstraint::Selector::name' or 'AttributeConstraint::Selector::pseudoattribute_type' must be set",
  ],
])('%s is refused', (_, constraints, message) => {
  expect(agentFilter(constraints, ['*'])).toBe(message);
});

test.each(['(', 'a(?=b)', '(a)\\1', 'a++', '[a-z&&[b]]', '\\h', '\\p{Alpha}', 'x'.repeat(101)])(
  'the pattern %j is refused, and never another one',
  (regex) => {
    expect(textPattern(regex)).toMatch(/^(?:Failed to construct regex from pattern|Regex) '/);
  },
);

describe('a framework', () => {
  const constraints = (value: string) =>
    ofRole([{ selector: { pseudoattribute_type: 'HOSTNAME' }, predicate: { text_equals: { value } } }]);

  test('is offered only what it wants, and what it wants by UPDATE_FRAMEWORK then', async () => {
    const { url } = await startLeader();
    const one = await startFakeAgent(url, { hostname: 'one' });
    const two = await startFakeAgent(url, { hostname: 'two' });
    const framework = await subscribe(url, {}, { offer_constraints: constraints('one') });
    expect(await framework.takeOffer()).toMatchObject({ agent_id: { value: one.agentId } });
    const shown = async () => (await fetchJson(`${url}/frameworks`)).frameworks[0].offer_constraints as unknown;
    expect(await shown()).toEqual(constraints('one'));
    const info = { user: 'root', name: 'test', capabilities: [{ type: 'PARTITION_AWARE' }] };
    const update = (fields: object) =>
      framework.call('UPDATE_FRAMEWORK', {
        update_framework: { framework_info: { ...info, id: { value: framework.frameworkId } }, ...fields },
      });
    expect(await update({ offer_constraints: ofRole([]) })).toMatchObject({ status: 400 });
    expect(await shown()).toEqual(constraints('one'));
    expect(await update({ offer_constraints: constraints('two') })).toMatchObject({ status: 200 });
    expect(await framework.takeOffer()).toMatchObject({ agent_id: { value: two.agentId } });
    expect(framework.events.filter(({ type }) => type === 'OFFERS' || type === 'RESCIND')).toHaveLength(2);
  });

  test('whose constraints are none is told so, and the stream ends', async () => {
    const { url } = await startLeader();
    const info = { user: 'root', name: 'x' };
    const subscription = { framework_info: info, offer_constraints: ofRole() };
    const stream = await openStream(schedulerUrl(url), { type: 'SUBSCRIBE', subscribe: subscription });
    expect((await stream.take('ERROR')).error.message).toMatch(/^Offer constraints are not valid: /);
    await stream.ended;
  });

  test('has what it refused for a role again when it no longer suppresses that role', async () => {
    const { url } = await startLeader();
    await startFakeAgent(url);
    const framework = await subscribe(url);
    const { id } = await framework.takeOffer();
    await framework.call('DECLINE', { decline: { offer_ids: [id], filters: { refuse_seconds: 1000 } } });
    await framework.call('SUPPRESS');
    const info = { user: 'root', name: 'test', id: { value: framework.frameworkId } };
    const update = { framework_info: { ...info, capabilities: [{ type: 'PARTITION_AWARE' }] } };
    expect(await framework.call('UPDATE_FRAMEWORK', { update_framework: update })).toMatchObject({ status: 200 });
    await framework.takeOffer();
  });
});
