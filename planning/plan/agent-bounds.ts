import { defaultAgentCooldown } from '../components/autoscaler.ts';
import type { ClusterSpec } from '../shape/cluster-spec.ts';

/** Within what the number of agents may be changed by the autoscaler's decisions. */
export interface AgentBounds {
  readonly min: number;
  readonly max: number;
  /** As Mesos writes it. */
  readonly cooldown: string;
}

export function agentBounds({ autoscale }: ClusterSpec): AgentBounds | undefined {
  const agents = autoscale?.agents;
  return agents && { ...agents, cooldown: agents.cooldown ?? defaultAgentCooldown };
}
