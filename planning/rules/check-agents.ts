import type { ClusterSpec, NodeSpec } from '../shape/cluster-spec.ts';
import { attributeFaults } from '../values/attribute-faults.ts';
import { resourceFaults } from '../values/resource-faults.ts';
import type { SettingFault } from '../values/setting-fault.ts';
import { mostShares, saysPorts } from '../plan/plan-agents.ts';
import type { ResolvedSpec } from '../plan/resolve-spec.ts';
import { escapeControls, showText } from '../shape/show-value.ts';
import type { SpecPath, SpecProblem } from '../shape/spec-problem.ts';
import { placeOfCount } from './check-counts.ts';
import { problem, type Rule } from './rule.ts';

type AgentSettings = Pick<NodeSpec, 'attributes' | 'resources'>;

/** Resources and attributes of all agents, and of each. */
export const checkAgents: Rule = (spec, resolved) => [
  ...settingsProblems(spec.mesos?.agent ?? {}, ['mesos', 'agent']),
  ...(spec.nodes ?? []).flatMap((node, index) => settingsProblems(node, ['nodes', index])),
  ...portShares(spec, resolved),
];

/** Agents that share an Engine have a part of the task ports each, and there are only so many parts. */
function portShares(spec: ClusterSpec, { placement, agentDocker, nodes }: ResolvedSpec): readonly SpecProblem[] {
  if (placement !== 'one-host' || agentDocker !== 'socket') return [];
  const agents = nodes.filter(({ roles }) => roles.includes('mesos-agent'));
  const without = agents
    .slice(mostShares)
    .filter((node) => !saysPorts(node.resources ?? spec.mesos?.agent?.resources ?? ''));
  if (without.length === 0) return [];
  return [
    problem(
      'SPEC_PORT',
      placeOfCount(spec, 'agents'),
      'The task ports do not suffice for so many agents on one Engine',
      {
        found: `${agents.length} agents`,
        allowed: `at most ${mostShares} (agentDocker: socket), or nodes that say their own ports in resources`,
        fix: `Make it ${mostShares}, or use agentDocker: dind`,
      },
    ),
  ];
}

/** What is wrong with resources and attributes, at the keys of these names. */
export function settingsProblems({ attributes, resources }: AgentSettings, path: SpecPath): readonly SpecProblem[] {
  return [
    ...(attributes === undefined ? [] : attributeFaults(attributes)).map(
      problemOf('SPEC_ATTRIBUTES', [...path, 'attributes']),
    ),
    ...(resources === undefined ? [] : resourceFaults(resources)).map(
      problemOf('SPEC_RESOURCES', [...path, 'resources']),
    ),
  ];
}

const problemOf =
  (code: 'SPEC_ATTRIBUTES' | 'SPEC_RESOURCES', path: SpecPath) =>
  ({ key, message, found, allowed, fix }: SettingFault): SpecProblem =>
    problem(code, key === undefined ? path : [...path, key], message, {
      found: showText(found),
      allowed,
      fix: escapeControls(fix.slice(0, 200)),
    });
