import { mostSimulatedAgents, simulatedAttribute } from '../../protocol/mesos-defaults.ts';
import { parseAttributes } from '../../protocol/parse-attributes.ts';
import { readableItems } from '../../protocol/parse-value.ts';
import { attributesText } from '../plan/plan-agents.ts';
import type { ResolvedSpec } from '../plan/resolve-spec.ts';
import type { ClusterSpec } from '../shape/cluster-spec.ts';
import { showText } from '../shape/show-value.ts';
import type { SpecPath, SpecProblem } from '../shape/spec-problem.ts';
import { parseTimeRange } from '../values/time-range.ts';
import { settingsProblems } from './check-agents.ts';
import { problem, type Rule } from './rule.ts';
import { wholeNumber } from './whole-number.ts';

type Simulation = NonNullable<ClusterSpec['simulatedAgents']>;

const key = 'simulatedAgents';
const inGroups = { least: 1, most: mostSimulatedAgents, fix: 'Write 1 or more, or remove the key' };

/** Simulated agents, and that no real agent is taken for one. */
export const checkSimulatedAgents: Rule = (spec, resolved) => [
  ...realAgents(spec),
  ...(spec.simulatedAgents === undefined ? [] : simulationProblems(spec.simulatedAgents, spec, resolved)),
];

function simulationProblems(
  simulation: Simulation,
  spec: ClusterSpec,
  { placement }: ResolvedSpec,
): readonly SpecProblem[] {
  const { count, racks, zones, tasks = {} } = simulation;
  return [
    ...(placement === 'one-host' && spec.adopted === undefined ? [] : [elsewhere(spec)]),
    ...wholeNumber(count, [key, 'count'], { least: 0, most: mostSimulatedAgents, fix: 'Write 0 for none' }),
    ...wholeNumber(racks, [key, 'racks'], inGroups),
    ...wholeNumber(zones, [key, 'zones'], inGroups),
    ...emptyZones(simulation),
    ...settingsProblems(simulation, [key]),
    ...ownAttributes(simulation),
    ...(['startDelay', 'endAfter', 'crashAfter'] as const).flatMap((name) => timeProblems(tasks[name], name)),
    ...crashRate(tasks.crashRate),
  ];
}

function elsewhere({ adopted, vagrant }: ClusterSpec): SpecProblem {
  const found = adopted !== undefined ? 'adopted' : vagrant !== undefined ? 'vagrant' : 'placement machines';
  return problem('SPEC_COMBINATION', [key], 'Simulated agents are in the process of the embedded runtime alone', {
    at: 'key',
    found,
    allowed: `${key} with placement one-host, for up --runtime embedded`,
    fix: `Remove ${key}, or make a lab on one host for them: create-mesos-cluster my-lab, then up --simulated-agents N`,
  });
}

function emptyZones({ racks, zones }: Simulation): readonly SpecProblem[] {
  if (racks === undefined || zones === undefined || zones <= racks) return [];
  return [
    problem('SPEC_VALUE', [key, 'zones'], 'A rack is in one zone, so some zones would have none', {
      found: `${zones} zones for ${racks} racks`,
      allowed: `at most as many zones as racks: ${racks}`,
      fix: 'Write more racks, or fewer zones',
    }),
  ];
}

const namesIn = (attributes: Simulation['attributes']) =>
  readableItems(parseAttributes(attributesText(attributes))).map(({ name }) => name);

/** What is said of an agent by another key cannot be said twice. */
function ownAttributes({ attributes, racks, zones }: Simulation): readonly SpecProblem[] {
  const taken: readonly (readonly [string, boolean, string])[] = [
    [simulatedAttribute.name, true, 'every simulated agent has it already'],
    ['rack', racks !== undefined, `${key}.racks gives it`],
    ['zone', zones !== undefined, `${key}.zones gives it`],
  ];
  const names = namesIn(attributes);
  return taken.flatMap(([name, isTaken, why]) =>
    isTaken && names.includes(name)
      ? [
          problem('SPEC_ATTRIBUTES', [key, 'attributes'], `The attribute ${name} is not free: ${why}`, {
            found: name,
            allowed: 'other names',
            fix: `Remove ${name} from ${key}.attributes`,
          }),
        ]
      : [],
  );
}

/** Marathon and the checks know simulated agents by this attribute, and believe it. */
function realAgents({ mesos, nodes = [] }: ClusterSpec): readonly SpecProblem[] {
  const places: readonly (readonly [SpecPath, Simulation['attributes']])[] = [
    [['mesos', 'agent', 'attributes'], mesos?.agent?.attributes],
    ...nodes.map((node, index) => [['nodes', index, 'attributes'], node.attributes] as const),
  ];
  return places.flatMap(([path, attributes]) =>
    namesIn(attributes).includes(simulatedAttribute.name)
      ? [
          problem('SPEC_ATTRIBUTES', path, 'The attribute simulated is what tells simulated agents from real ones', {
            found: simulatedAttribute.name,
            allowed: 'other names; simulated agents have it by themselves',
            fix: 'Give it another name',
          }),
        ]
      : [],
  );
}

function timeProblems(text: string | undefined, name: string): readonly SpecProblem[] {
  if (text === undefined || parseTimeRange(text) !== undefined) return [];
  return [
    problem('SPEC_VALUE', [key, 'tasks', name], `${name} is neither a time nor two of them`, {
      found: showText(text),
      allowed: 'a number and ms, secs, mins or hrs; or two with a hyphen between them, the shorter one first',
      fix: 'Write 500ms, or 1secs-3secs',
    }),
  ];
}

function crashRate(rate: number | undefined): readonly SpecProblem[] {
  if (rate === undefined || (rate >= 0 && rate <= 1)) return [];
  return [
    problem('SPEC_VALUE', [key, 'tasks', 'crashRate'], 'crashRate is not a part of the tasks', {
      found: String(rate),
      allowed: 'a number from 0 to 1',
      fix: 'Write 0.01 for one task in a hundred',
    }),
  ];
}
