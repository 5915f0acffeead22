import { mostAgentRanges } from '../plan/lab-network.ts';
import { showText } from '../shape/show-value.ts';
import { placeOfCount } from './check-counts.ts';
import { suggestLabel } from './check-names.ts';
import { problem, type Rule } from './rule.ts';

const key = 'taskNetwork';
/** As Marathon has the names of networks (network.raml), and Docker takes them. */
const networkName = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** Networks that each Engine has, and what it takes for one of them. */
const dockersOwn: ReadonlySet<string> = new Set(['bridge', 'host', 'none', 'default']);

/** The network in which each container of a task has an address, and that there can be one. */
export const checkTaskNetwork: Rule = (spec, { placement, agentDocker, nodes }) => {
  const { taskNetwork } = spec;
  if (taskNetwork === undefined) return [];
  if (placement === 'machines') return [acrossMachines];
  const agents = nodes.filter(({ roles }) => roles.includes('mesos-agent')).length;
  return [
    ...(networkName.test(taskNetwork) && !dockersOwn.has(taskNetwork) ? [] : [noName(taskNetwork)]),
    ...(agentDocker === 'dind' && agents > mostAgentRanges
      ? [
          problem(
            'SPEC_VALUE',
            placeOfCount(spec, 'agents'),
            `The network ${key} has no addresses for so many agents`,
            {
              found: `${agents} agents`,
              allowed: `at most ${mostAgentRanges} with ${key}`,
              fix: `Make it ${mostAgentRanges}, or remove ${key}`,
            },
          ),
        ]
      : []),
  ];
};

function noName(found: string) {
  const label = suggestLabel(found);
  return problem('SPEC_NAME', [key], `${key} is no name for a Docker network that apps could name`, {
    found: showText(found),
    allowed:
      "a-z, 0-9 and hyphens, at most 63, no hyphen at either end; not bridge, host, none or default, Docker's own",
    fix: `Write ${label === '' || dockersOwn.has(label) ? 'lab' : label}`,
  });
}

const acrossMachines = problem(
  'SPEC_COMBINATION',
  [key],
  'A network of tasks across machines takes an overlay, which a lab does not make',
  {
    at: 'key',
    found: `${key} and placement machines`,
    allowed: `${key} with placement one-host; on machines, networks that their Engines have`,
    fix: `Remove ${key}, and make a Docker network of one name on every machine (docker network create …): apps that name it get its addresses`,
  },
);
