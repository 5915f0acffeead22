import { durationMs } from '../../protocol/duration-units.ts';
import { removeDelay } from '../plan/plan-cleaner.ts';
import { showText } from '../shape/show-value.ts';
import type { SpecProblem } from '../shape/spec-problem.ts';
import { problem, warning, type Rule } from './rule.ts';
import { wholeNumber } from './whole-number.ts';

const key = 'cleaner';
const leastAgeMs = 10_000;
const orNone = (least: number) => `Write ${least} or more, or remove the key`;

/** What cleans the Engines of agents, and that it has some to clean. */
export const checkCleaner: Rule = ({ cleaner, mesos }, { agentDocker }) => {
  if (cleaner === undefined) return [];
  const { enabled, ...settings } = cleaner;
  const [first] = Object.keys(settings);
  if (enabled === false) return first === undefined ? [] : [nothingCleans(first)];
  if (agentDocker === 'socket') return [sharedEngine];
  return [
    ...wholeNumber(cleaner.containers, [key, 'containers'], { least: 1, most: 10_000, fix: orNone(1) }),
    ...wholeNumber(cleaner.danglingImagesMb, [key, 'danglingImagesMb'], { least: 0, most: 1_000_000, fix: orNone(0) }),
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
