import type { Plan, PlannedComponent } from '../../../planning/plan/plan.ts';
import { wantedVolumes, type ComposeProject } from '../compose/compose-project.ts';
import type { LabContainer } from '../lab/lab-containers.ts';

/**
 * Agents that cannot go on with what they have: Mesos refuses to recover an agent whose host name, port, resources or
 * attributes are others than before ("Incompatible agent info detected", Slave::recover in src/slave/slave.cpp). They
 * become new agents, and Marathon starts their tasks again.
 */
export function agentsToRenew(before: Plan, after: Plan): readonly string[] {
  const known = new Map(agentsOf(before).map((agent) => [agent.service, infoOf(before, agent)]));
  return agentsOf(after)
    .filter((agent) => known.has(agent.service) && known.get(agent.service) !== infoOf(after, agent))
    .map(({ service }) => service);
}

/** The agents of a plan, as components. */
export const agentsOf = ({ nodes }: Plan): readonly PlannedComponent[] =>
  nodes.flatMap(({ components }) => components.filter(({ role }) => role === 'mesos-agent'));

function infoOf({ agents }: Plan, { id, ports, environment }: PlannedComponent): string {
  const planned = agents.find((agent) => agent.id === id);
  const hostname = environment.find(({ name }) => name === 'MESOS_HOSTNAME')?.value;
  return JSON.stringify([hostname, ports[0]?.target, planned?.resources, planned?.attributes]);
}

const podOf = (service: string) => ['', '-docker', '-node', '-cleaner', '-network'].map((part) => `${service}${part}`);

/** Ends pods of agents, and removes what they remember; their images stay. */
export async function renewAgents(
  project: ComposeProject,
  services: readonly string[],
  containers: readonly LabContainer[],
): Promise<void> {
  if (services.length === 0) return;
  const { engine, name } = project;
  const ids = containers
    .filter(({ id }) => services.some((service) => podOf(service).includes(id)))
    .map(({ containerId }) => containerId);
  if (ids.length > 0) await engine.ask(['rm', '--force', ...ids], { timeoutMs: 60_000 });
  const wanted = await wantedVolumes(project);
  const volumes = services.map((service) => `${service}-work`).filter((volume) => wanted.has(volume));
  if (volumes.length > 0)
    await engine.ask(['volume', 'rm', '--force', ...volumes.map((volume) => `${name}_${volume}`)]);
}
