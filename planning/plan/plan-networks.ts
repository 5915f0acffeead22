import { taskNetwork } from '../components/task-network.ts';
import type { ClusterSpec } from '../shape/cluster-spec.ts';
import { labNetwork } from './lab-network.ts';
import type { Plan, PlannedNetwork } from './plan.ts';
import type { ResolvedSpec } from './resolve-spec.ts';

/** The network of a lab on one host, and that of its tasks. */
export function planNetworks(
  spec: ClusterSpec,
  { placement, agentDocker, nodes }: ResolvedSpec,
  portOffset: number,
): Pick<Plan, 'network' | 'taskNetwork'> {
  if (placement !== 'one-host') return {};
  const { name: lab, taskNetwork: wanted } = spec;
  const has = (role: 'mesos-dns' | 'mesos-agent') => nodes.some(({ roles }) => roles.includes(role));
  const hasRanges = wanted !== undefined && agentDocker === 'dind' && has('mesos-agent');
  const network: PlannedNetwork = {
    ...(wanted !== undefined && agentDocker === 'socket' && { name: wanted }),
    ...((has('mesos-dns') || hasRanges) && { addresses: labNetwork(lab, portOffset, hasRanges) }),
  };
  return {
    ...(Object.keys(network).length > 0 && { network }),
    ...(wanted !== undefined && { taskNetwork: { name: wanted, ...taskNetwork } }),
  };
}
