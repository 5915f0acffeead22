import type { Plan, PlannedComponent } from '../../planning/plan/plan.ts';
import { embeddedRoles, firstServicesOf, urlOf, type EmbeddedCluster } from './embedded-cluster.ts';

/** What the embedded runtime leaves out of a plan, by component. */
export function leftOut(plan: Plan): readonly PlannedComponent[] {
  return plan.nodes.flatMap(({ components }) =>
    components.filter(({ role }) => !embeddedRoles.has(role) && role !== 'zookeeper'),
  );
}

/**
 * The plan of what really runs: without the components that the embedded runtime does not have (it needs no
 * ZooKeeper: the elections are in memory), and with the URLs that answer. Checks and other verbs work with this one.
 */
export function planToRun(plan: Plan, cluster: EmbeddedCluster): Plan {
  const nodes = plan.nodes
    .map((node) => ({
      ...node,
      roles: node.roles.filter((role) => embeddedRoles.has(role)),
      components: node.components
        .filter(({ role }) => embeddedRoles.has(role))
        .map((component) => withDnsPort(component, cluster)),
    }))
    .filter(({ components }) => components.length > 0);
  const agents = plan.agents.map((agent) => ({
    ...agent,
    resources: cluster.agents.find(({ id }) => id === agent.id)?.resources ?? agent.resources,
  }));
  return {
    ...plan,
    placement: 'one-host',
    bind: '127.0.0.1',
    addons: plan.addons.filter((role) => embeddedRoles.has(role)),
    nodes,
    zookeepers: [],
    agents,
    urls: {
      ...plan.urls,
      masters: cluster.masters.map(urlOf),
      marathons: cluster.marathons.map(urlOf),
      agents: cluster.agents.map(urlOf),
      loadBalancers: cluster.loadBalancers.map(urlOf),
      services: firstServicesOf(cluster).map(urlOf),
      addons: [
        ...(cluster.mesosDns ?? []).map((each) => ({ role: 'mesos-dns' as const, url: urlOf(each) })),
        ...(cluster.metrics ?? []).map((each) => ({ role: 'metrics' as const, url: urlOf(each) })),
        ...cluster.chronoses.map((each) => ({ role: 'chronos' as const, url: urlOf(each) })),
        ...(cluster.autoscalers ?? []).map((each) => ({ role: 'autoscaler' as const, url: urlOf(each) })),
      ],
    },
  };
}

/** Where Mesos-DNS is asked by DNS: in a container nobody outside asks it. */
function withDnsPort(component: PlannedComponent, { mesosDns = [] }: EmbeddedCluster): PlannedComponent {
  const own = mesosDns.find(({ id }) => id === component.id);
  if (own === undefined) return component;
  const ports = component.ports.map((port) => (port.name === 'dns' ? { ...port, published: own.dnsPort } : port));
  return { ...component, ports };
}
