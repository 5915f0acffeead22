import type { EmbeddedAgent, EmbeddedCluster } from '../embedded-cluster.ts';

/** Agents that come, and those that go. */
export interface AgentsChange {
  readonly added: readonly EmbeddedAgent[];
  readonly gone: readonly EmbeddedAgent[];
}

/** Says in what one cluster differs from another, if agents alone come or go; undefined: in more than that. */
export function agentsChange(from: EmbeddedCluster, to: EmbeddedCluster): AgentsChange | undefined {
  const [there, wanted] = [byId(from), byId(to)];
  const isOther = (agent: EmbeddedAgent) => {
    const before = there.get(agent.id);
    return before !== undefined && !isSame(before, agent);
  };
  if (!isSame(withoutAgents(from), withoutAgents(to)) || to.agents.some(isOther)) return undefined;
  return {
    added: to.agents.filter(({ id }) => !there.has(id)),
    gone: from.agents.filter(({ id }) => !wanted.has(id)),
  };
}

/** An agent of a cluster by itself: what it listens on is no one else's. */
export const onlyAgents = (cluster: EmbeddedCluster, agents: readonly EmbeddedAgent[]): EmbeddedCluster => ({
  ...{ name: cluster.name, clusterName: cluster.clusterName, quorum: cluster.quorum },
  ...{ masters: [], agents, marathons: [], loadBalancers: [], chronoses: [], servicePorts: cluster.servicePorts },
});

const byId = ({ agents }: EmbeddedCluster) => new Map(agents.map((agent) => [agent.id, agent]));

const withoutAgents = (cluster: EmbeddedCluster) => ({ ...cluster, agents: [] });

/** One of them may have been read from a file. */
const isSame = (one: object, other: object) => JSON.stringify(one) === JSON.stringify(other);
