import { durationMs } from '../../protocol/duration-units.ts';
import { removeDelay } from '../plan/plan-cleaner.ts';
import type { ClusterSpec } from '../shape/cluster-spec.ts';
import { showText } from '../shape/show-value.ts';
import type { SpecProblem } from '../shape/spec-problem.ts';
import { problem, warning, type Rule } from './rule.ts';

type Cleaner = NonNullable<ClusterSpec['cleaner']>;

const key = 'cleaner';
const leastAgeMs = 10_000;

/** What cleans the Engines of agents, and that it has some to clean. */
export const checkCleaner: Rule = ({ cleaner, mesos }, { agentDocker }) => {
  if (cleaner === undefined) return [];
  const { enabled, ...settings } = cleaner;
  const [first] = Object.keys(settings);
  if (enabled === false) return first === undefined ? [] : [nothingCleans(first)];
  if (agentDocker === 'socket') return [sharedEngine];
  return [
    ...wholeNumber(cleaner, 'containers', 1, 10_000),
    ...wholeNumber(cleaner, 'danglingImagesMb', 0, 1_000_000),
    ...(cleaner.age === undefined ? [] : ageProblems(cleaner.age, removeDelay(mesos))),
  ];
};

const nothingCleans = (name: string) =>
  problem('SPEC_COMBINATION', [key, name], `${key}.enabled is false, so ${key}.${name} would do nothing`, {
    at: 'key',
    found: name,
    allowed: `${key}.enabled: false alone`,
    fix: `Remove ${key}.${name}, or ${key}.enabled`,
  });

/** Containers of others are there, whose work folders may have the same path. */
const sharedEngine = problem(
  'SPEC_COMBINATION',
  [key],
  "Only agents' own Engines are cleaned: others belong to a machine",
  {
    at: 'key',
    found: 'agents that use the Engine of their machine (agentDocker: socket, or placement machines)',
    allowed: `${key} with agentDocker: dind`,
    fix: `Remove ${key}: there Mesos removes containers after mesos.agent.flags.docker_remove_delay`,
  },
);

function wholeNumber(
  cleaner: Cleaner,
  name: 'containers' | 'danglingImagesMb',
  least: number,
  most: number,
): readonly SpecProblem[] {
  const value = cleaner[name];
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return [];
  return [
    problem('SPEC_VALUE', [key, name], `${key}.${name} is not a number that can be had`, {
      found: String(value),
      allowed: `a whole number from ${least} to ${most}`,
      fix: `Write ${least} or more, or remove the key`,
    }),
  ];
}

function ageProblems(age: string, delay: string): readonly SpecProblem[] {
  const [ageMs, delayMs] = [durationMs(age), durationMs(delay)];
  if (ageMs === undefined || ageMs < leastAgeMs) {
    return [
      problem('SPEC_VALUE', [key, 'age'], `${key}.age is no time, or a very short one`, {
        found: showText(age),
        allowed: 'a number and secs, mins, hrs or days; 10secs or more, as agents still ask how a container ended',
        fix: 'Write 15mins',
      }),
    ];
  }
  if (delayMs === undefined || ageMs <= delayMs) return [];
  return [
    warning('SPEC_VALUE', [key, 'age'], 'The agents remove their containers before that', {
      found: `${showText(age)}, and docker_remove_delay is ${delay}`,
      allowed: `at most ${delay}`,
      fix: `Set mesos.agent.flags.docker_remove_delay to ${age}, too`,
    }),
  ];
}
