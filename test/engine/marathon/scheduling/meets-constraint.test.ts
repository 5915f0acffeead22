import { expect, test } from 'vitest';
import { AttributeTally } from '../../../../engine/marathon/scheduling/attribute-tally.ts';
import { meetsConstraint } from '../../../../engine/marathon/scheduling/meets-constraint.ts';

const agent = { hostname: 'agent1', rack: 'a', level: '0.8', count: '1' };
const on = (...racks: readonly string[]) => racks.map((rack, index) => ({ hostname: `agent${index + 1}`, rack }));

test.each([
  [['hostname', 'UNIQUE'], on(), true],
  [['hostname', 'UNIQUE'], on('b'), false],
  [['rack', 'UNIQUE'], on('b', 'c'), true],
  [['rack', 'CLUSTER', 'a'], on(), true],
  [['rack', 'CLUSTER', 'b'], on(), false],
  [['rack', 'CLUSTER'], on('a', 'a'), true],
  [['rack', 'CLUSTER'], on('b'), false],
  [['rack', 'IS', 'a'], on('b'), true],
  [['rack', 'IS', 'b'], on(), false],
  [['level', 'IS', '0.8'], on(), true],
  [['level', 'IS', '0.80'], on(), true],
  [['level', 'IS', '0.8001'], on(), true],
  [['level', 'IS', '0.801'], on(), false],
  [['level', 'IS', '.8'], on(), false],
  [['count', 'IS', '1.0'], on(), true],
  [['level', 'CLUSTER', '0.80'], on(), false],
  [['rack', 'MAX_PER', '2'], on('a'), true],
  [['rack', 'MAX_PER', '2'], on('a', 'a', 'b'), false],
  [['rack', 'LIKE', '[ab]'], on(), true],
  [['rack', 'LIKE', 'b|c'], on(), false],
  [['hostname', 'LIKE', 'agent'], on(), false],
  [['rack', 'UNLIKE', 'b'], on(), true],
  [['rack', 'UNLIKE', 'a'], on(), false],
  [['rack', 'GROUP_BY'], on('a', 'b'), true],
  [['rack', 'GROUP_BY'], on('a', 'a', 'b'), false],
  [['rack', 'GROUP_BY', '3'], on('a', 'b'), false],
  [['rack', 'GROUP_BY', '3'], on('b', 'c'), true],
  [['zone', 'LIKE', '.*'], on(), false],
  [['zone', 'UNLIKE', '.*'], on(), true],
  [['zone', 'UNIQUE'], on(), false],
  [['constructor', 'UNIQUE'], on(), false],
] as const)('%j with instances in %j: %s', (constraint, others, expected) => {
  const [field] = constraint;
  expect(meetsConstraint(constraint, agent, new AttributeTally([field], others))).toBe(expected);
});
