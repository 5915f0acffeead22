import { listAt, numberAt, textAt, valueAt } from '../../protocol/json.ts';
import { simulatedAttribute } from '../../protocol/mesos-defaults.ts';
import { amounts, kinds } from './amounts.ts';
import type { SeenAgent } from './decide-agents.ts';

/**
 * The agents that are registered, in the order of their names: with these, `scale agents` numbers them. Simulated ones are
 * not its own.
 * @param answer `/slaves` of the leading master
 */
export function readAgents(answer: unknown): readonly SeenAgent[] {
  return listAt(answer, 'slaves')
    .filter(
      (agent) => isThere(agent) && textAt(agent, 'attributes', simulatedAttribute.name) !== simulatedAttribute.value,
    )
    .map(agentOf)
    .toSorted((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }));
}

/** One that is drained, or in maintenance, is there, and takes nothing. */
const isDeactivated = (agent: unknown) => valueAt(agent, 'deactivated') === true;

const isThere = (agent: unknown) => valueAt(agent, 'active') === true || isDeactivated(agent);

function agentOf(agent: unknown): SeenAgent {
  // Static reservations are of some roles alone.
  const whole = amounts(
    (kind) => numberAt(agent, 'unreserved_resources', kind) ?? numberAt(agent, 'resources', kind) ?? 0,
  );
  const used = amounts((kind) => numberAt(agent, 'used_resources', kind) ?? 0);
  const isOpen = !isDeactivated(agent);
  return {
    name: `${textAt(agent, 'hostname') ?? ''}:${numberAt(agent, 'port') ?? 0}`,
    whole,
    free: amounts((kind) => (isOpen ? Math.max(0, whole[kind] - used[kind]) : 0)),
    isIdle: isOpen && kinds.every((kind) => used[kind] === 0) && !hasVolume(agent),
  };
}

/** Of a task that may come back to it. */
function hasVolume(agent: unknown): boolean {
  const reserved = valueAt(agent, 'reserved_resources_full');
  const all: readonly unknown[] = typeof reserved === 'object' && reserved !== null ? Object.values(reserved) : [];
  return all.some((each) =>
    listAt({ each }, 'each').some((item) => textAt(item, 'disk', 'persistence', 'id') !== undefined),
  );
}
