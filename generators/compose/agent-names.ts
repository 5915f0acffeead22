import type { Plan } from '../../planning/plan/plan.ts';
import { entry, list, type YamlEntry } from '../text/yaml-text.ts';

/**
 * Agents that share this machine's Engine have their tasks' ports on the machine, not on the agent's container:
 * whoever calls a task by the name of its agent has to end there.
 */
export function agentNames(plan: Plan): YamlEntry | false {
  if (plan.placement !== 'one-host' || plan.agentDocker !== 'socket' || plan.agents.length === 0) return false;
  return entry(
    'extra_hosts',
    list(plan.agents.map(({ id }) => `${id}:host-gateway`)),
    "Tasks run in this machine's Engine: the name of an agent means this machine.",
  );
}
