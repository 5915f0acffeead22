import { durationMs } from '../../protocol/duration-units.ts';
import { defaultAgentCooldown } from '../components/autoscaler.ts';
import { agentBounds } from '../plan/agent-bounds.ts';
import { mostNodes } from '../plan/resolve-spec.ts';
import { showText } from '../shape/show-value.ts';
import type { SpecProblem } from '../shape/spec-problem.ts';
import { placeOfCount } from './check-counts.ts';
import { problem, type Rule } from './rule.ts';
import { wholeNumber } from './whole-number.ts';

const path = ['autoscale', 'agents'];
const leastCooldownMs = 1000;

/** Within what the autoscaler may have another number of agents wanted; check-most-agents.ts looks at the most. */
export const checkAgentBounds: Rule = (spec, { nodes, placement, vagrant }) => {
  const bounds = agentBounds(spec);
  if (bounds === undefined) return [];
  const { min, max, cooldown } = bounds;
  const numbers = (['min', 'max'] as const).flatMap((key) =>
    wholeNumber(bounds[key], [...path, key], { least: 1, most: mostNodes, fix: 'Write 1 or more' }),
  );
  const cooldownMs = durationMs(cooldown);
  return [
    ...numbers,
    ...(numbers.length === 0 && min > max ? [aboveMost(min, max)] : []),
    ...(cooldownMs === undefined || cooldownMs < leastCooldownMs ? [noCooldown(cooldown)] : []),
    ...((placement === 'machines' || spec.nodes !== undefined) && vagrant === undefined
      ? [namedMachines]
      : numbers.length === 0 && min <= max
        ? withinBounds(nodes.filter(({ roles }) => roles.includes('mesos-agent')).length, min, max, spec)
        : []),
  ];
};

const aboveMost = (min: number, max: number) =>
  problem('SPEC_COMBINATION', [...path, 'min'], 'autoscale.agents.min is above autoscale.agents.max', {
    found: `${min}, and max is ${max}`,
    allowed: `at most ${max}`,
    fix: `Write min: ${max}, or a max of ${min} or more`,
  });

const noCooldown = (cooldown: string) =>
  problem('SPEC_VALUE', [...path, 'cooldown'], 'autoscale.agents.cooldown is no time, or a very short one', {
    found: showText(cooldown),
    allowed: 'a number and secs, mins, hrs or days; 1secs or more',
    fix: `Write ${defaultAgentCooldown}`,
  });

/** As `scale agents` says it. */
const namedMachines = problem(
  'SPEC_COMBINATION',
  path,
  'This lab names its machines one by one, so nobody but you knows where another agent would be',
  {
    at: 'key',
    found: 'nodes without vagrant',
    allowed: 'labs whose agents are a number (counts.agents), or whose machines Vagrant makes',
    fix: 'Remove autoscale.agents',
  },
);

function withinBounds(agents: number, min: number, max: number, spec: Parameters<Rule>[0]): readonly SpecProblem[] {
  if (agents >= min && agents <= max) return [];
  const bound = agents < min ? 'min' : 'max';
  return [
    problem('SPEC_COMBINATION', placeOfCount(spec, 'agents'), `The number of agents is not within autoscale.agents`, {
      found: String(agents),
      allowed: `${min} to ${max}`,
      fix: `Write ${agents < min ? min : max} agents, or autoscale.agents.${bound}: ${agents}`,
    }),
  ];
}
