import { simulatedResources } from '../../protocol/mesos-defaults.ts';
import type { ClusterSpec } from '../shape/cluster-spec.ts';
import { parseTimeRange } from '../values/time-range.ts';
import { attributesText } from './plan-agents.ts';
import type { PlannedSimulation } from './plan.ts';

const none = { fromMs: 0, toMs: 0 };
const withinAMinute = { fromMs: 0, toMs: 60_000 };

/** The simulated agents that a spec wants; undefined for none. */
export function planSimulatedAgents({ simulatedAgents }: ClusterSpec): PlannedSimulation | undefined {
  if (simulatedAgents === undefined || simulatedAgents.count === 0) return undefined;
  const { count, resources = simulatedResources, attributes, racks = 0, zones = 0, tasks = {} } = simulatedAgents;
  const time = (text: string | undefined) => (text === undefined ? undefined : parseTimeRange(text));
  const endAfter = time(tasks.endAfter);
  return {
    ...{ count, resources, attributes: attributesText(attributes), racks, zones },
    tasks: {
      startDelay: time(tasks.startDelay) ?? none,
      ...(endAfter === undefined ? {} : { endAfter }),
      crashRate: tasks.crashRate ?? 0,
      crashAfter: time(tasks.crashAfter) ?? withinAMinute,
    },
  };
}

/** `10000 simulated agents (20 racks, 3 zones)`. */
export function simulationText({ count, racks, zones }: PlannedSimulation): string {
  const counted = (number: number, noun: string) =>
    number === 0 ? [] : [`${String(number)} ${noun}${number === 1 ? '' : 's'}`];
  const places = [...counted(racks, 'rack'), ...counted(zones, 'zone')].join(', ');
  return `${String(count)} simulated agent${count === 1 ? '' : 's'}${places === '' ? '' : ` (${places})`}`;
}
