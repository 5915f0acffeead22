import { showValue } from '../shape/show-value.ts';
import type { SpecProblem } from '../shape/spec-problem.ts';
import { problem, type Rule } from './rule.ts';

type Value = string | number | undefined;

const unique: readonly {
  readonly key: 'name' | 'address' | 'zookeeperId' | 'docker';
  readonly what: string;
  readonly own: string;
  /** What is the same for two values that are written differently. */
  readonly identity?: (value: Value) => Value;
}[] = [
  { key: 'name', what: 'name', own: 'a name' },
  { key: 'address', what: 'address', own: 'an address' },
  { key: 'zookeeperId', what: 'ZooKeeper id', own: 'a ZooKeeper id' },
  { key: 'docker', what: 'Docker Engine', own: 'a Docker Engine', identity: sameEngine },
];

/** Names, addresses, ZooKeeper ids and Engines that two nodes share, and add-ons that are listed twice. */
export const checkDuplicates: Rule = ({ nodes = [], addons = [] }) => [
  ...unique.flatMap(({ key, what, own, identity = (value) => value }) =>
    repetitions(nodes.map((node) => identity(node[key]))).map(({ first, index }) => {
      const found = showValue(nodes[index]?.[key]);
      return problem('SPEC_DUPLICATE', ['nodes', index, key], `Two nodes have the ${what} ${found}`, {
        found,
        allowed: `another ${what} than that of nodes[${first}]`,
        fix: `Give this node ${own} of its own`,
      });
    }),
  ),
  ...repetitions(addons).map(({ value, index }): SpecProblem =>
    problem('SPEC_DUPLICATE', ['addons', index], `The add-on ${value} is listed twice`, {
      found: value,
      allowed: 'each add-on once',
      fix: 'Remove one of the two',
    }),
  ),
];

/** `ssh://host`, `ssh://HOST:22/` and the like are one Engine. */
function sameEngine(endpoint: Value): Value {
  if (typeof endpoint !== 'string') return endpoint;
  const [, scheme, user = '', host, port] =
    /^(ssh|tcp):\/\/([^@/]*@)?(\[[^\]]*\]|[^:/@]*)(?::([0-9]*))?\/?$/.exec(endpoint) ?? [];
  if (scheme === undefined || host === undefined) return endpoint;
  return `${scheme}://${user}${host.toLowerCase()}:${port ?? (scheme === 'ssh' ? '22' : '')}`;
}

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
