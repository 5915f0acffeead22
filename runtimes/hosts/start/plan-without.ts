import { UserError } from '../../../errors/user-error.ts';
import type { Plan, PlannedNode } from '../../../planning/plan/plan.ts';

/**
 * The plan as far as it can be had without some nodes: what is waited for and verified. Quorum and ZooKeeper URLs stay,
 * they are of the whole cluster.
 */
export function planWithout(plan: Plan, skipped: readonly string[]): Plan {
  if (skipped.length === 0) return plan;
  const nodes = plan.nodes.filter(({ name }) => !skipped.includes(name));
  const ids = new Set(nodes.flatMap(({ components }) => components.map(({ id }) => id)));
  const addresses = new Set(nodes.map(({ address }) => address));
  const there = (urls: readonly string[]) => urls.filter((url) => addresses.has(new URL(url).hostname));
  const { masters, marathons, agents, loadBalancers, services, addons } = plan.urls;
  return {
    ...plan,
    nodes,
    zookeepers: plan.zookeepers.filter(({ node }) => !skipped.includes(node)),
    agents: plan.agents.filter(({ id }) => ids.has(id)),
    masterCount: there(masters).length,
    urls: {
      ...plan.urls,
      masters: there(masters),
      marathons: there(marathons),
      agents: there(agents),
      loadBalancers: there(loadBalancers),
      services: there(services),
      addons: addons.filter(({ url }) => there([url]).length > 0),
    },
  };
}

const countOf = (nodes: readonly PlannedNode[], role: string) =>
  nodes.flatMap(({ components }) => components).filter((component) => component.role === role).length;

/**
 * Whether there is a cluster at all without some nodes.
 * @throws UserError MACHINE_NODE_UNREACHABLE
 */
export function checkQuorumWithout(plan: Plan, skipped: readonly string[]): void {
  const { nodes } = planWithout(plan, skipped);
  const needs = [
    ['zookeeper', Math.floor(plan.zookeepers.length / 2) + 1],
    ['mesos-master', plan.quorum],
    ['mesos-agent', 1],
    ['marathon', 1],
  ] as const;
  const lacking = needs.find(([role, least]) => countOf(plan.nodes, role) > 0 && countOf(nodes, role) < least);
  if (lacking === undefined) return;
  const [role, least] = lacking;
  throw new UserError({
    code: 'MACHINE_NODE_UNREACHABLE',
    message: `without ${skipped.join(', ')} there is no cluster: it needs ${String(least)} ${role}, and ${String(countOf(nodes, role))} are in reach; nothing was started`,
    fix: 'bring these machines back, or take them out of mesos-cluster.yaml',
  });
}
