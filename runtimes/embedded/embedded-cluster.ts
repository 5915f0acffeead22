import { masterDefaults } from '../../protocol/mesos-defaults.ts';
import type { Plan, PlannedComponent, PlannedPort, PlannedSimulation } from '../../planning/plan/plan.ts';
import type { Role } from '../../planning/catalogue/roles.ts';
import { durationMs } from '../../protocol/duration-units.ts';
import { marathonFlags, masterFlags, type MarathonFlags, type MasterFlags } from './flags/flags-of-spec.ts';
import { splitPorts } from './split-ports.ts';

/** Where a component listens. */
export interface Listener {
  /** The component's id in the plan: `master1`. */
  readonly id: string;
  readonly host: string;
  readonly port: number;
}

export interface EmbeddedMaster extends Listener, MasterFlags {
  readonly agentPingTimeoutMs: number;
  readonly maxAgentPingTimeouts: number;
}

export interface EmbeddedAgent extends Listener {
  /** In Mesos's form. */
  readonly resources: string;
  readonly attributes: string;
  /** How long its tasks wait for another one in its folder; missing: Mesos's default. */
  readonly recoveryTimeoutMs?: number;
  /** How long an executor of a framework's own may take to subscribe, and a fetch; missing: the engine's defaults. */
  readonly executorRegistrationMs?: number;
  /** Where the plan publishes the agent, if that is another address than its own. */
  readonly alias?: Listener;
}

export interface EmbeddedMarathon extends Listener, MarathonFlags {}

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
  /** Service ports that Marathon gives to apps that want any. */
  readonly servicePorts: { readonly first: number; readonly last: number };
}

/** Roles that the engine plays. */
export const embeddedRoles: ReadonlySet<Role> = new Set(['mesos-master', 'mesos-agent', 'marathon', 'marathon-lb']);

const loopback = '127.0.0.1';

/**
 * Turns a plan into a cluster of this machine. Each agent has a loopback address of its own where the machine has more
 * than one, so that agents differ in their host names, as constraints like `hostname:UNIQUE` want, and every name is
 * one that a browser reaches. Task ports are divided among the agents all the same: a command may listen on all
 * addresses.
 * @param ownAddresses whether 127.0.0.2 and the like can be listened on (macOS has 127.0.0.1 alone)
 */
export function embeddedCluster(plan: Plan, { ownAddresses }: { readonly ownAddresses: boolean }): EmbeddedCluster {
  const components = plan.nodes.flatMap((node) => node.components);
  const ofRole = (role: PlannedComponent['role']) => components.filter((component) => component.role === role);
  const listener = (component: PlannedComponent, name: string): Listener => ({
    id: component.id,
    host: loopback,
    port: publishedPort(component, name),
  });
  const resources = splitPorts(plan.agents.map((agent) => agent.resources));
  return {
    name: plan.name,
    clusterName: plan.clusterName,
    quorum: plan.quorum,
    masters: ofRole('mesos-master').map((component) => ({
      ...listener(component, 'http'),
      ...pingsOf(component),
      ...masterFlags(component),
    })),
    agents: ofRole('mesos-agent').map((component, index) => {
      const published = listener(component, 'http');
      const planned = plan.agents.find(({ id }) => id === component.id);
      const own = {
        ...{ resources: resources[index] ?? '', attributes: planned?.attributes ?? '' },
        ...timesOf(component),
      };
      if (!ownAddresses || index === 0) return { ...published, ...own };
      return { ...published, host: `127.0.0.${index + 1}`, ...own, alias: published };
    }),
    ...(plan.simulatedAgents === undefined
      ? {}
      : { simulatedAgents: { id: 'simulated-agents', host: loopback, ...plan.simulatedAgents } }),
    marathons: ofRole('marathon').map((component) => ({ ...listener(component, 'http'), ...marathonFlags(component) })),
    loadBalancers: ofRole('marathon-lb').map((component) => ({
      ...listener(component, 'stats'),
      servicePorts: plan.servicePorts,
      servicePortOffset: publishedPort(component, 'services') - plan.servicePorts.first,
      groups: valuesOf(component.arguments, '--group'),
    })),
    servicePorts: plan.servicePorts,
  };
}

function publishedPort(component: PlannedComponent, name: string): number {
  const port: PlannedPort | undefined = component.ports.find((candidate) => candidate.name === name);
  return port?.published ?? port?.target ?? 0;
}

const settingsOf =
  ({ environment }: PlannedComponent) =>
  (name: string): string =>
    environment.find((setting) => setting.name === name)?.value ?? '';

/** Mesos's defaults unless the plan sets others. */
function pingsOf(component: PlannedComponent): Pick<EmbeddedMaster, 'agentPingTimeoutMs' | 'maxAgentPingTimeouts'> {
  const value = settingsOf(component);
  const timeout = durationMs(value('MESOS_AGENT_PING_TIMEOUT')) ?? durationMs(value('MESOS_SLAVE_PING_TIMEOUT'));
  const most = Number(value('MESOS_MAX_AGENT_PING_TIMEOUTS') || value('MESOS_MAX_SLAVE_PING_TIMEOUTS'));
  return {
    agentPingTimeoutMs: timeout ?? masterDefaults.agentPingTimeoutMs,
    maxAgentPingTimeouts: Number.isInteger(most) && most > 0 ? most : masterDefaults.maxAgentPingTimeouts,
  };
}

/** Those that the plan sets. */
function timesOf(component: PlannedComponent): Pick<EmbeddedAgent, 'recoveryTimeoutMs' | 'executorRegistrationMs'> {
  const value = settingsOf(component);
  const recoveryTimeoutMs = durationMs(value('MESOS_RECOVERY_TIMEOUT'));
  const executorRegistrationMs = durationMs(value('MESOS_EXECUTOR_REGISTRATION_TIMEOUT'));
  return {
    ...(recoveryTimeoutMs !== undefined && { recoveryTimeoutMs }),
    ...(executorRegistrationMs !== undefined && { executorRegistrationMs }),
  };
}

function valuesOf(words: readonly string[], flag: string): readonly string[] {
  const values = words.filter((_word, index) => words[index - 1] === flag);
  return values.length === 0 ? ['external'] : values;
}

/** Where the load balancers open their first service port, once an app wants one: verify's does. */
export function firstServicesOf(cluster: EmbeddedCluster): readonly Listener[] {
  return cluster.loadBalancers.map(({ id, host, servicePorts, servicePortOffset }) => ({
    id,
    host,
    port: servicePorts.first + servicePortOffset,
  }));
}

/** The highest port that the cluster may ever listen on, those of tasks aside. */
export function highestPort(cluster: EmbeddedCluster): number {
  const services = cluster.loadBalancers.map((each) => each.servicePorts.last + each.servicePortOffset);
  return Math.max(...listenersOf(cluster).map(({ port }) => port), ...services);
}

export const urlOf = ({ host, port }: Listener): string => `http://${host}:${port}`;

/** Every address that the cluster listens on before any app runs, with the component it belongs to. */
export function listenersOf(cluster: EmbeddedCluster): readonly Listener[] {
  return [
    ...cluster.masters,
    ...cluster.agents.flatMap((agent) => (agent.alias === undefined ? [agent] : [agent, agent.alias])),
    ...cluster.marathons,
    ...cluster.loadBalancers,
  ].map(({ id, host, port }) => ({ id, host, port }));
}
