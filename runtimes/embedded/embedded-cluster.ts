import { masterDefaults } from '../../protocol/mesos-defaults.ts';
import type { Plan, PlannedComponent, PlannedPort, PlannedSimulation } from '../../planning/plan/plan.ts';
import type { Role } from '../../planning/catalogue/roles.ts';
import { durationMs } from '../../protocol/duration-units.ts';
import { agentFlags, marathonFlags, masterFlags } from '../lite/flag-options/spec-flags.ts';
import { splitPorts } from './ports/split-ports.ts';

/** Where a component listens. */
export interface Listener {
  /** The component's id in the plan: `master1`. */
  readonly id: string;
  readonly host: string;
  readonly port: number;
}

/** With what the plan's flags ask for, as those below. */
export type EmbeddedMaster = Listener & ReturnType<typeof masterFlags>;

export interface EmbeddedAgent extends Listener, Partial<ReturnType<typeof agentFlags>> {
  /** In Mesos's form. */
  readonly resources: string;
  readonly attributes: string;
  /** How long its tasks wait for another one in its folder; missing: Mesos's default. */
  readonly recoveryTimeoutMs?: number;
  /** Where the plan publishes the agent, if that is another address than its own. */
  readonly alias?: Listener;
}

export type EmbeddedMarathon = Listener & ReturnType<typeof marathonFlags>;

/** Agents whose tasks are simulated; they are one component of the process. */
export interface EmbeddedSimulation extends PlannedSimulation {
  readonly id: 'simulated-agents';
  readonly host: string;
}

export interface EmbeddedLoadBalancer extends Listener {
  /** Service ports of apps. */
  readonly servicePorts: { readonly first: number; readonly last: number };
  /** A service port is listened on at this many above it. */
  readonly servicePortOffset: number;
  /** Groups of HAPROXY_GROUP it serves. */
  readonly groups: readonly string[];
  /** Of all HTTP services, as far as the spec publishes them. */
  readonly frontPorts?: { readonly [name in keyof typeof fronts]?: number };
}

/** Of the load balancer, by the names of the plan. */
const fronts = { virtualHosts: 'virtual-hosts', secureVirtualHosts: 'virtual-hosts-tls', appIds: 'app-ids' } as const;

export interface EmbeddedMesosDns extends Listener {
  /** By UDP and TCP. */
  readonly dnsPort: number;
}

export interface EmbeddedAutoscaler extends Listener {
  /** URL of one that it may ask. */
  readonly prometheus?: string;
  /** Within what it may have another number of agents wanted. */
  readonly agents?: { readonly min: number; readonly max: number; readonly cooldownMs: number };
}

/** What one process runs: a plan turned into addresses of this machine. Plain data: the process reads it from a file. */
export interface EmbeddedCluster {
  readonly name: string;
  readonly clusterName: string;
  readonly quorum: number;
  readonly masters: readonly EmbeddedMaster[];
  readonly agents: readonly EmbeddedAgent[];
  readonly simulatedAgents?: EmbeddedSimulation;
  readonly marathons: readonly EmbeddedMarathon[];
  readonly loadBalancers: readonly EmbeddedLoadBalancer[];
  /** Missing: none. */
  readonly mesosDns?: readonly EmbeddedMesosDns[];
  /** Missing: none. */
  readonly metrics?: readonly Listener[];
  readonly chronoses: readonly Listener[];
  /** Missing: none. */
  readonly autoscalers?: readonly EmbeddedAutoscaler[];
  /** Service ports that Marathon gives to apps that want any. */
  readonly servicePorts: { readonly first: number; readonly last: number };
}

/** Roles that the engine plays. */
export const embeddedRoles: ReadonlySet<Role> = new Set<Role>([
  ...(['mesos-master', 'mesos-agent', 'marathon', 'marathon-lb'] as const),
  ...(['chronos', 'mesos-dns', 'metrics', 'autoscaler'] as const),
]);

const loopback = '127.0.0.1';
const { agentPingTimeoutMs, maxAgentPingTimeouts } = masterDefaults;

/**
 * How far below its HTTP port Mesos-DNS is asked by DNS, for 53 is for root alone: at 8053, as docs/tutorial-forward.md
 * of Mesos-DNS has it, and with the other one when that is moved.
 */
const dnsBelowHttp = 70;

/**
 * Turns a plan into a cluster of this machine. Each agent has a loopback address of its own where the machine has more
 * than one, so that agents differ in their host names, as constraints like `hostname:UNIQUE` want, and every name is
 * one that a browser reaches. Task ports are divided among the agents all the same: a command may listen on all
 * addresses. Of several machines each is a loopback address, with the ports that its components have on it.
 * @param ownAddresses whether 127.0.0.2 and the like can be listened on (macOS has 127.0.0.1 alone); needed for several
 * machines
 */
export function embeddedCluster(plan: Plan, { ownAddresses }: { readonly ownAddresses: boolean }): EmbeddedCluster {
  const components = plan.nodes.flatMap((node) => node.components);
  const ofRole = (role: PlannedComponent['role']) => components.filter((component) => component.role === role);
  const onMachines = plan.placement === 'machines';
  const listener = (component: PlannedComponent, name: string): Listener => ({
    id: component.id,
    host: onMachines ? addressOfMachine(plan, component.node) : loopback,
    port: publishedPort(component, name),
  });
  // Those of agents that are there stay the same when others come or go.
  const resources = splitPorts(
    plan.agents.map((agent) => agent.resources),
    undefined,
    plan.agentBounds?.max,
  );
  return {
    name: plan.name,
    clusterName: plan.clusterName,
    quorum: plan.quorum,
    masters: ofRole('mesos-master').map((component) => ({
      ...listener(component, 'http'),
      ...{ agentPingTimeoutMs, maxAgentPingTimeouts },
      ...masterFlags(component),
    })),
    agents: ofRole('mesos-agent').map((component, index) => {
      const published = listener(component, 'http');
      const planned = plan.agents.find(({ id }) => id === component.id);
      const own = {
        ...{ resources: resources[index] ?? '', attributes: planned?.attributes ?? '' },
        ...{ ...agentFlags(component), ...recoveryOf(component) },
      };
      if (!ownAddresses || onMachines || index === 0) return { ...published, ...own };
      return { ...published, host: `127.0.0.${index + 1}`, ...own, alias: published };
    }),
    ...(plan.simulatedAgents === undefined
      ? {}
      : { simulatedAgents: { id: 'simulated-agents', host: loopback, ...plan.simulatedAgents } }),
    marathons: ofRole('marathon').map((component) => ({
      ...listener(component, 'http'),
      ...marathonFlags(component),
    })),
    loadBalancers: ofRole('marathon-lb').map((component) => ({
      ...listener(component, 'stats'),
      servicePorts: plan.servicePorts,
      servicePortOffset: publishedPort(component, 'services') - plan.servicePorts.first,
      groups: groupsOf(component),
      frontPorts: frontPortsOf(component),
    })),
    ...atLeastOne(
      'mesosDns',
      ofRole('mesos-dns').map((component) => {
        const http = listener(component, 'http');
        return { ...http, dnsPort: http.port > dnsBelowHttp ? http.port - dnsBelowHttp : http.port + dnsBelowHttp };
      }),
    ),
    ...atLeastOne(
      'metrics',
      ofRole('metrics').map((component) => listener(component, 'http')),
    ),
    chronoses: ofRole('chronos').map((component) => listener(component, 'http')),
    ...atLeastOne(
      'autoscalers',
      ofRole('autoscaler').map((component) => ({
        ...listener(component, 'http'),
        ...prometheusOf(component, ofRole('prometheus')),
        ...boundsOf(plan),
      })),
    ),
    servicePorts: plan.servicePorts,
  };
}

/** Where a machine of several is, on this one. */
export const addressOfMachine = ({ nodes }: Plan, node: string): string =>
  `127.0.0.${nodes.findIndex(({ name }) => name === node) + 1}`;

const atLeastOne = <Name extends string, Each>(name: Name, all: readonly Each[]) =>
  (all.length === 0 ? {} : { [name]: all }) as Readonly<Partial<Record<Name, readonly Each[]>>>;

function publishedPort(component: PlannedComponent, name: string): number {
  const port: PlannedPort | undefined = component.ports.find((candidate) => candidate.name === name);
  return port?.published ?? port?.target ?? 0;
}

function frontPortsOf({ ports }: PlannedComponent): NonNullable<EmbeddedLoadBalancer['frontPorts']> {
  const entries = Object.entries(fronts).flatMap(([key, name]) => {
    const published = ports.find((port) => port.name === name)?.published;
    return published === undefined ? [] : [[key, published] as const];
  });
  return Object.fromEntries(entries);
}

const settingsOf =
  ({ environment }: PlannedComponent) =>
  (name: string): string =>
    environment.find((setting) => setting.name === name)?.value ?? '';

/** If the plan sets it. */
function recoveryOf(component: PlannedComponent): Pick<EmbeddedAgent, 'recoveryTimeoutMs'> {
  const recoveryTimeoutMs = durationMs(settingsOf(component)('MESOS_RECOVERY_TIMEOUT'));
  return recoveryTimeoutMs === undefined ? {} : { recoveryTimeoutMs };
}

function groupsOf({ arguments: words }: PlannedComponent): readonly string[] {
  const groups = valuesOf(words, '--group');
  return groups.length === 0 ? ['external'] : groups;
}

const valuesOf = (words: readonly string[], flag: string) => words.filter((_word, index) => words[index - 1] === flag);

/** If the plan says where one is, and that is not the lab's own, which has a container. */
function prometheusOf(
  { arguments: words }: PlannedComponent,
  own: readonly PlannedComponent[],
): Pick<EmbeddedAutoscaler, 'prometheus'> {
  const [prometheus] = valuesOf(words, '--prometheus-url');
  const isOther = prometheus !== undefined && !own.some(({ host }) => new URL(prometheus).hostname === host);
  return isOther ? { prometheus } : {};
}

function boundsOf({ agentBounds: bounds }: Plan): Pick<EmbeddedAutoscaler, 'agents'> {
  if (bounds === undefined) return {};
  const { min, max, cooldown } = bounds;
  return { agents: { min, max, cooldownMs: durationMs(cooldown) ?? 0 } };
}

/** Where the load balancers open their first service port, once an app wants one: verify's does. */
export function firstServicesOf(cluster: EmbeddedCluster): readonly Listener[] {
  return cluster.loadBalancers.map(({ id, host, servicePorts, servicePortOffset }) => ({
    id,
    host,
    port: servicePorts.first + servicePortOffset,
  }));
}

export const urlOf = ({ host, port }: Listener): string => `http://${host}:${port}`;

/** Every address that the cluster listens on before any app runs, with the component it belongs to. */
export function listenersOf(cluster: EmbeddedCluster): readonly Listener[] {
  return [
    ...cluster.masters,
    ...cluster.agents.flatMap((agent) => (agent.alias === undefined ? [agent] : [agent, agent.alias])),
    ...cluster.marathons,
    ...cluster.loadBalancers.flatMap((each) => [
      each,
      ...Object.values(each.frontPorts ?? {}).map((port) => ({ ...each, port })),
    ]),
    ...(cluster.mesosDns ?? []).flatMap((each) => [each, { ...each, port: each.dnsPort }]),
    ...(cluster.metrics ?? []),
    ...cluster.chronoses,
    ...(cluster.autoscalers ?? []),
  ].map(({ id, host, port }) => ({ id, host, port }));
}
