import { showValue } from '../show-value.ts';
import type { SpecProblem } from '../spec-problem.ts';
import { mistake, type Check } from './mistake.ts';

const unique = [
  { key: 'name', what: 'name' },
  { key: 'address', what: 'address' },
  { key: 'zookeeperId', what: 'ZooKeeper id' },
] as const;

/** Names, addresses and ZooKeeper ids that two nodes share, and add-ons that are listed twice. */
export const checkDuplicates: Check = ({ nodes = [], addons = [] }) => [
  ...unique.flatMap(({ key, what }) =>
    repetitions(nodes.map((node) => node[key])).map(({ value, first, index }) =>
      mistake('SPEC_DUPLICATE', ['nodes', index, key], `Two nodes have the ${what} ${showValue(value)}`, {
        found: showValue(value),
        allowed: `another ${what} than that of nodes[${first}]`,
        fix: `Give this node a ${what} of its own`,
      }),
    ),
  ),
  ...repetitions(addons).map(({ value, index }): SpecProblem =>
    mistake('SPEC_DUPLICATE', ['addons', index], `The add-on ${value} is listed twice`, {
      found: value,
      allowed: 'each add-on once',
      fix: 'Remove one of the two',
    }),
  ),
];

interface Repetition<Value> {
  readonly value: Value;
  readonly first: number;
  readonly index: number;
}

function repetitions<Value>(values: readonly (Value | undefined)[]): readonly Repetition<Value>[] {
  const firsts = new Map<Value, number>();
  return values.flatMap((value, index) => {
    if (value === undefined) return [];
    const first = firsts.get(value);
    if (first === undefined) firsts.set(value, index);
    return first === undefined ? [] : [{ value, first, index }];
  });
}
