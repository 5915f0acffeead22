import type { Plan } from '../../../planning/plan/plan.ts';
import type { LabPart } from '../../cluster-runtime.ts';

/** Its service, node and role. */
const podKeeper = 'pod-keeper';

/** What stands behind the gate of the registry: its service, and its role. */
const registryStore = 'registry-store';

type Part = Pick<LabPart, 'id' | 'role' | 'node'>;

/**
 * What a plan has beside its components: the rest of each agent's pod, and who looks after the pods; the registry behind
 * its gate. Not the cache, which a lab does without.
 */
export function podParts(plan: Plan): readonly Part[] {
  const registries = plan.nodes.flatMap(({ components }) => components.filter(({ role }) => role === 'registry'));
  return [...partsOfAgents(plan), ...registries.map(({ node }) => ({ id: registryStore, role: registryStore, node }))];
}

function partsOfAgents({ nodes, agentDocker, cleaner, taskNetwork }: Plan): readonly Part[] {
  const agents = nodes.flatMap(({ components }) => components.filter(({ role }) => role === 'mesos-agent'));
  if (agentDocker !== 'dind' || agents.length === 0) return [];
  const pods = agents.flatMap(({ service, node }) => [
    { id: `${service}-docker`, role: 'docker-engine', node },
    { id: `${service}-node`, role: 'node', node },
    ...(cleaner === undefined ? [] : [{ id: `${service}-cleaner`, role: 'cleaner', node }]),
    ...(taskNetwork === undefined ? [] : [{ id: `${service}-network`, role: 'task-network', node }]),
  ]);
  return [...pods, { id: podKeeper, role: podKeeper, node: podKeeper }];
}
