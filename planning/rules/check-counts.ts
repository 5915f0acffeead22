import type { ClusterSpec } from '../shape/cluster-spec.ts';
import { majority } from '../plan/plan-zookeepers.ts';
import { mostNodes, type ResolvedSpec } from '../plan/resolve-spec.ts';
import type { Role } from '../catalogue/roles.ts';
import type { SpecPath, SpecProblem } from '../shape/spec-problem.ts';
import { problem, warning, type Rule } from './rule.ts';

type CountKey = keyof NonNullable<ClusterSpec['counts']>;

/** `myid` is one byte, and 0 is not used (ZooKeeper administrator's guide). */
const mostZookeepers = 255;

/** More members than this only make each write slower. */
const mostUseful = 7;

/** How many of each role there are: bounds, odd numbers, and the quorum. */
export const checkCounts: Rule = (spec, resolved) => [
  ...countBounds(spec),
  ...oddNumber(spec, resolved, 'zookeeper', 'zookeepers', 'ZooKeepers'),
  ...oddNumber(spec, resolved, 'mesos-master', 'masters', 'Mesos masters'),
  ...zookeeperNumber(spec, resolved),
  ...masterNumber(spec, resolved),
  ...quorumProblems(spec, resolved),
  ...loadBalancers(spec, resolved),
];

const countRole = ({ nodes }: ResolvedSpec, role: Role): number =>
  nodes.filter((node) => node.roles.includes(role)).length;

/** Where a number of instances is said: its count, the nodes, or the preset. */
export function placeOfCount(spec: ClusterSpec, key: CountKey): SpecPath {
  if (spec.nodes) return ['nodes'];
  return spec.counts?.[key] === undefined ? ['preset'] : ['counts', key];
}

function countBounds({ counts = {}, nodes = [] }: ClusterSpec): readonly SpecProblem[] {
  const many = `at most ${mostNodes} nodes`;
  const total = Object.values(counts).reduce((sum: number, value) => sum + (value ?? 0), 0);
  const tooMany = (path: SpecPath, found: number) =>
    problem('SPEC_VALUE', path, 'The lab has too many nodes', {
      found: String(found),
      allowed: many,
      fix: 'Write fewer',
    });
  return [
    ...Object.entries(counts).flatMap(([key, value]) =>
      value === undefined || (Number.isInteger(value) && value >= 0)
        ? []
        : [
            problem('SPEC_VALUE', ['counts', key], `counts.${key} is not a number of instances`, {
              found: String(value),
              allowed: 'a whole number from 0',
              fix: 'Write 0 for none',
            }),
          ],
    ),
    ...(total > mostNodes ? [tooMany(['counts'], total)] : []),
    ...(nodes.length > mostNodes ? [tooMany(['nodes'], nodes.length)] : []),
  ];
}

function oddNumber(
  spec: ClusterSpec,
  resolved: ResolvedSpec,
  role: Role,
  key: CountKey,
  what: string,
): readonly SpecProblem[] {
  const count = countRole(resolved, role);
  // None at all is a role without its peer: check-roles.ts.
  if (count % 2 === 1 || count === 0) return [];
  const tolerated = count - majority(count);
  return [
    problem('SPEC_QUORUM', placeOfCount(spec, key), `There are ${count} ${what}, an even number`, {
      found: String(count),
      allowed: 'an odd number: 1, 3, 5',
      fix: `Make it ${count - 1} or ${count + 1}: ${count} survive the loss of ${tolerated}, which ${count === 2 ? '1 does' : `${count - 1} do`} too`,
    }),
  ];
}

function zookeeperNumber(spec: ClusterSpec, resolved: ResolvedSpec): readonly SpecProblem[] {
  const count = countRole(resolved, 'zookeeper');
  const path = placeOfCount(spec, 'zookeepers');
  if (count > mostZookeepers) {
    return [
      problem('SPEC_ID', path, `There are ${count} ZooKeepers, more than there are ids`, {
        found: String(count),
        allowed: `at most ${mostZookeepers}; 1, 3 or 5 are usual`,
        fix: 'Make it 3 or 5',
      }),
    ];
  }
  if (count <= mostUseful) return [];
  return [
    warning('SPEC_QUORUM', path, `${count} ZooKeepers are slower than five: each write waits for a majority`, {
      found: String(count),
      allowed: '1, 3 or 5; 7 at most in practice',
      fix: 'Make it 5',
    }),
  ];
}

function masterNumber(spec: ClusterSpec, resolved: ResolvedSpec): readonly SpecProblem[] {
  const count = countRole(resolved, 'mesos-master');
  if (count <= mostUseful) return [];
  return [
    warning(
      'SPEC_QUORUM',
      placeOfCount(spec, 'masters'),
      `${count} Mesos masters are slower than five: a majority writes each change to its log`,
      { found: String(count), allowed: '1, 3 or 5; 7 at most in practice', fix: 'Make it 5' },
    ),
  ];
}

function quorumProblems(spec: ClusterSpec, resolved: ResolvedSpec): readonly SpecProblem[] {
  const quorum = spec.mesos?.quorum;
  const masters = countRole(resolved, 'mesos-master');
  const right = majority(masters);
  if (quorum === undefined || masters === 0 || quorum === right) return [];
  const arithmetic = `the majority of ${masters} is floor(${masters}/2)+1 = ${right}`;
  return [
    problem(
      'SPEC_QUORUM',
      ['mesos', 'quorum'],
      `The quorum does not fit ${masters} Mesos ${masters === 1 ? 'master' : 'masters'}`,
      {
        found: String(quorum),
        allowed: `${right}: ${arithmetic}`,
        fix: `Write ${right}, or remove the key: it is derived`,
      },
    ),
  ];
}

function loadBalancers(spec: ClusterSpec, resolved: ResolvedSpec): readonly SpecProblem[] {
  const count = countRole(resolved, 'marathon-lb');
  if (resolved.placement !== 'one-host' || count < 2) return [];
  return [
    problem(
      'SPEC_COMBINATION',
      placeOfCount(spec, 'loadBalancers'),
      'Several load balancers on one host would publish the same service ports',
      {
        found: String(count),
        allowed: '0 or 1 (placement one-host)',
        fix: 'Make it 1, or use placement machines',
      },
    ),
  ];
}
