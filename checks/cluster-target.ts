import type { BalancerFacts } from '../protocol/marathon/load-balancer-labels.ts';
import type { Plan, PlannedAgent, PlannedComponent } from '../planning/plan/plan.ts';
import { addonUrl } from './addons/addon-url.ts';
import { addonTargets, type AddonTargets } from './addons/addon-targets.ts';
import { clusterClient, type ClusterClient, type HostMap } from './cluster-client.ts';

/** An agent that should be there. */
export interface ExpectedAgent {
  readonly name: string;
  /** `MESOS_HOSTNAME` as the master shows it. */
  readonly hostname: string;
  readonly port: number;
  /** In Mesos's form, `rack:abc;zone:west`; empty when it has none. */
  readonly attributes: string;
}

export interface ZookeeperAddress {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

export interface ServicesTarget {
  readonly host: string;
  readonly first: number;
  readonly published: number;
  /** Undefined: whatever the load balancer listens on is reached. */
  readonly last?: number;
  /** Of HAPROXY_GROUP that it serves; undefined: not known. */
  readonly groups?: readonly string[];
  /** Of a load balancer of ours, which does not honour every label of marathon-lb. */
  readonly ours?: BalancerFacts;
}

const nowhere: ServicesTarget = { host: '', first: 0, published: 0 };

/** Where this machine asks for a service port of Marathon; nobody answers where there is no load balancer. */
export const serviceUrl = ({ host, first, published } = nowhere, port: number): string =>
  `http://${host}:${port - first + published}`;

/** A cluster as the checks know it: by its URLs, and by what should be there. */
export interface ClusterTarget {
  /** URLs of all masters; the leader is found through them. */
  readonly masters: readonly string[];
  readonly marathons: readonly string[];
  /** URLs of the add-ons that are checked; missing: there are none. */
  readonly chronoses?: readonly string[];
  /** URL of the statistics, `http://127.0.0.1:9090`; without it nothing about a load balancer is checked. */
  readonly loadBalancer?: string;
  /** Where service ports are reached; Marathon's port `first` is at `published` there. */
  readonly services?: ServicesTarget;
  /** A Mesos-DNS: its HTTP API, and where it is asked by DNS if this machine reaches it. */
  readonly mesosDns?: { readonly url: string; readonly dns?: string };
  /** Missing: there are none, or nobody says where. */
  readonly addons?: AddonTargets;
  readonly zookeepers: readonly ZookeeperAddress[];
  /** What the plan says; without a plan, whatever is there is right. */
  readonly expected?: {
    readonly masterCount: number;
    readonly agents: readonly ExpectedAgent[];
    /** How many there are beside these whose tasks are simulated. */
    readonly simulatedAgents?: number;
  };
  readonly hosts: HostMap;
  /** All agents are on one machine without networks of their own: each has a part of its ports. */
  readonly sharePorts?: boolean;
}

export interface TargetChoices {
  /** Set where all runs in one process (embedded): there is no ZooKeeper, whatever the plan says, and one range of ports. */
  readonly inOneProcess?: boolean;
  /** More names of machines; they come before those of the plan. */
  readonly hosts?: HostMap;
  /** What the agents call themselves, in the order of plan.agents, where it is not what the plan says. */
  readonly agentAddresses?: readonly { readonly hostname: string; readonly port: number }[];
}

const setting = (component: PlannedComponent, name: string) =>
  component.environment.find((each) => each.name === name)?.value;

const portOf = (component: PlannedComponent, name: string) => component.ports.find((port) => port.name === name);

/** What the checks need of a plan. */
export function targetFromPlan(plan: Plan, choices: TargetChoices = {}): ClusterTarget {
  const components = plan.nodes.flatMap((node) => node.components);
  const { simulatedAgents: simulated } = plan;
  const [loadBalancer] = plan.urls.loadBalancers;
  const [services] = plan.urls.services;
  const agents = plan.agents.map((agent, index) => expectedAgent(agent, components, choices.agentAddresses?.[index]));
  const masters = components.filter(({ role }) => role === 'mesos-master');
  const hosts: Record<string, string> = {};
  for (const [index, { hostname, port }] of agents.entries()) {
    const url = plan.urls.agents[index];
    if (url !== undefined) hosts[`${hostname}:${port}`] = url;
  }
  for (const [index, master] of masters.entries()) {
    const url = plan.urls.masters[index];
    const port = portOf(master, 'http')?.target ?? 5050;
    if (url === undefined) continue;
    hosts[`${master.host}:${port}`] = url;
    hosts[`${setting(master, 'MESOS_HOSTNAME') ?? master.host}:${port}`] = url;
  }
  return {
    masters: plan.urls.masters,
    marathons: plan.urls.marathons,
    chronoses: plan.urls.addons.filter(({ role }) => role === 'chronos').map(({ url }) => url),
    ...(loadBalancer === undefined ? {} : { loadBalancer }),
    ...(services === undefined ? {} : { services: servicesAt(services, plan, choices) }),
    ...mesosDnsOf(plan, components),
    addons: addonTargets(plan),
    zookeepers: choices.inOneProcess === true ? [] : zookeepersOf(components, plan.bind),
    expected: {
      masterCount: plan.masterCount,
      agents,
      ...(simulated === undefined ? {} : { simulatedAgents: simulated.count }),
    },
    hosts: { ...hosts, ...choices.hosts },
    ...(choices.inOneProcess === true ? { sharePorts: true } : {}),
  };
}

/**
 * What is left to look at when parts were stopped or killed on purpose.
 * @param isDown by the id of a component
 */
export function targetWithout(target: ClusterTarget, plan: Plan, isDown: (id: string) => boolean): ClusterTarget {
  const components = plan.nodes.flatMap((node) => node.components);
  const ofRole = (role: PlannedComponent['role']) => components.filter((component) => component.role === role);
  const up = <Each>(all: readonly Each[], role: PlannedComponent['role']) => {
    const ids = ofRole(role).map(({ id }) => id);
    return all.filter((_, index) => !isDown(ids[index] ?? ''));
  };
  const { loadBalancer, services, mesosDns, expected, ...rest } = target;
  const hasBalancer = up(ofRole('marathon-lb'), 'marathon-lb').length > 0;
  const masters = up(target.masters, 'mesos-master');
  return {
    ...rest,
    ...(hasBalancer && loadBalancer !== undefined ? { loadBalancer } : {}),
    ...(hasBalancer && services !== undefined ? { services } : {}),
    ...(mesosDns !== undefined && up(ofRole('mesos-dns').slice(0, 1), 'mesos-dns').length > 0 ? { mesosDns } : {}),
    ...(expected === undefined
      ? {}
      : {
          expected: {
            ...expected,
            masterCount: masters.length,
            agents: expected.agents.filter(({ name }) => !isDown(name)),
          },
        }),
    masters,
    marathons: up(target.marathons, 'marathon'),
    chronoses: up(target.chronoses ?? [], 'chronos'),
    addons: addonTargets(plan, isDown),
    zookeepers: target.zookeepers.filter(({ name }) => !isDown(name)),
  };
}

/** A cluster that somebody else started: `verify --mesos URL --marathon URL --lb URL`. */
export function targetFromUrls(urls: {
  readonly mesos: readonly string[];
  readonly marathon: readonly string[];
  readonly loadBalancer?: string;
}): ClusterTarget {
  const { loadBalancer } = urls;
  const services = loadBalancer === undefined ? undefined : new URL(loadBalancer).hostname;
  return {
    masters: urls.mesos.map(withoutSlash),
    marathons: urls.marathon.map(withoutSlash),
    ...(loadBalancer === undefined ? {} : { loadBalancer: withoutSlash(loadBalancer) }),
    // Service ports are where Marathon says.
    ...(services === undefined ? {} : { services: { host: services, first: 0, published: 0 } }),
    zookeepers: [],
    hosts: {},
  };
}

const withoutSlash = (url: string) => url.replace(/\/+$/, '');

function expectedAgent(
  agent: PlannedAgent,
  components: readonly PlannedComponent[],
  given: { readonly hostname: string; readonly port: number } | undefined,
): ExpectedAgent {
  const { id: name, attributes } = agent;
  const component = components.find(({ id }) => id === name);
  const hostname = component === undefined ? name : (setting(component, 'MESOS_HOSTNAME') ?? component.host);
  const port = component === undefined ? 5051 : (portOf(component, 'http')?.target ?? 5051);
  return { name, attributes, hostname, port, ...given };
}

function servicesAt(url: string, plan: Plan, { inOneProcess }: TargetChoices): ServicesTarget {
  const { hostname, port } = new URL(url);
  const { servicePorts, nodes, placement } = plan;
  const balancer = nodes.flatMap(({ components }) => components).find(({ role }) => role === 'marathon-lb');
  const { arguments: words = [], ports = [] } = balancer ?? {};
  const groups = words.filter((_, index) => words[index - 1] === '--group');
  const published = port === '' ? 80 : Number(port);
  const isOurs = inOneProcess === true || balancer?.image.build !== undefined;
  // On several hosts it has the ports of its node.
  const onNode = placement === 'machines' && inOneProcess !== true;
  const hasVirtualHosts = onNode || ports.some(({ name }) => name.startsWith('virtual-hosts'));
  const ours = isOurs ? { ours: { hasVirtualHosts } } : {};
  return { host: hostname, ...servicePorts, published, ...(groups.length === 0 ? {} : { groups }), ...ours };
}

function mesosDnsOf(plan: Plan, components: readonly PlannedComponent[]): Pick<ClusterTarget, 'mesosDns'> {
  const component = components.find(({ role }) => role === 'mesos-dns');
  const url = addonUrl(plan, 'mesos-dns');
  if (component === undefined || url === undefined) return {};
  const port = portOf(component, 'dns');
  const outside = plan.placement === 'machines' ? port?.target : port?.published;
  const { hostname } = new URL(url);
  return { mesosDns: { url, ...(outside === undefined ? {} : { dns: `${hostname}:${outside}` }) } };
}

/** Ports that are published on every address are reached on this machine's own. */
function zookeepersOf(components: readonly PlannedComponent[], bind: string): readonly ZookeeperAddress[] {
  const here = bind === '0.0.0.0' || bind === '::' ? '127.0.0.1' : bind;
  return components
    .filter(({ role }) => role === 'zookeeper')
    .flatMap((component) => {
      const client = portOf(component, 'client');
      if (client === undefined) return [];
      const { published } = client;
      const { id: name } = component;
      return [
        published === undefined
          ? { name, host: component.host, port: client.target }
          : { name, host: here, port: published },
      ];
    });
}

/** A cluster to look at, and the means to ask it. */
export interface Cluster {
  readonly target: ClusterTarget;
  readonly client: ClusterClient;
}

export function clusterAt(target: ClusterTarget): Cluster {
  return { target, client: clusterClient(target.hosts) };
}
