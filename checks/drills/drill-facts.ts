import { agentDefaults, masterDefaults, sessionTimeoutMs } from '../../protocol/mesos-defaults.ts';
import { measuresDisk } from '../../protocol/disk-isolation.ts';
import { durationMs } from '../../protocol/duration-units.ts';
import { listAt, textAt, valueAt } from '../../protocol/json.ts';
import type { Plan, PlannedComponent } from '../../planning/plan/plan.ts';
import type { Cluster } from '../cluster-target.ts';
import { lookAtAgents, type AgentSeen } from '../look-at-masters.ts';

/** A part of the lab that a drill may strike. */
export interface DrillPart {
  /** As in the plan. */
  readonly id: string;
  /** Where this machine reaches it; empty where it has no HTTP. */
  readonly url: string;
  /** `host:port`, as the other parts call it. */
  readonly place: string;
}

export interface DrillAgent extends DrillPart {
  /** As the master shows it. */
  readonly hostname: string;
  readonly port: number;
  /** The master's id of it. */
  readonly agentId: string;
  /** Nothing of the lab but agents is on its machine. */
  readonly isAlone: boolean;
}

/** What a drill knows of a cluster before it starts: its parts, and the settings that its predictions come from. */
export interface DrillFacts {
  /** All runs in one process without ZooKeeper: that a part has ended the others hear at once. */
  readonly inOneProcess: boolean;
  readonly masters: readonly DrillPart[];
  readonly agents: readonly DrillAgent[];
  readonly marathons: readonly DrillPart[];
  readonly balancers: readonly DrillPart[];
  readonly zookeepers: readonly DrillPart[];
  /** Majority of the masters. */
  readonly quorum: number;
  readonly settings: DrillSettings;
  /** Of the first agent. */
  readonly disk: DiskFacts;
}

/** How an agent looks after the disk of containers. */
export interface DiskFacts {
  /** It ends what uses more than it may: `enforce_container_disk_quota`, with an isolator that measures it. */
  readonly isEnforced: boolean;
  /** Its `isolation`; missing when it does not say. */
  readonly isolation?: string;
  /** How many sandboxes and volumes it measures now, one after another. */
  readonly measured: number;
}

/** In milliseconds. */
export interface DrillSettings {
  /** `agent_ping_timeout` and `max_agent_ping_timeouts` of the masters. */
  readonly pingTimeoutMs: number;
  readonly maxPingTimeouts: number;
  /** `allocation_interval` of the masters. */
  readonly allocationMs: number;
  /** `zk_session_timeout` of masters and of Marathon. */
  readonly masterSessionMs: number;
  readonly marathonSessionMs: number;
  /** `container_disk_watch_interval` of the agents. */
  readonly diskWatchMs: number;
}

/**
 * Reads the settings where they hold: the flags that the leading master says it has, then what the plan says, then what
 * Mesos does that is not told otherwise.
 * @param leader URL of the leading master
 */
export async function readFacts(
  plan: Plan,
  cluster: Cluster,
  leader: string,
  signal: AbortSignal,
): Promise<DrillFacts> {
  const { json } = await cluster.client.ask(`${leader}/flags`, signal);
  const { target } = cluster;
  const { agents } = await lookAtAgents(cluster, leader, signal);
  const parts = partsOf(plan, cluster, agents);
  const [agent] = parts.agents;
  const agentFlags = valueAt(await askAgent(cluster, agent, '/flags', signal), 'flags');
  const inOneProcess = target.sharePorts === true;
  return {
    inOneProcess,
    ...parts,
    quorum: plan.quorum,
    settings: settingsFrom(valueAt(json, 'flags'), plan, agentFlags),
    disk: diskFacts(agentFlags, await askAgent(cluster, agent, '/containers', signal)),
  };
}

/** @param containers what `/containers` of the agent says: those that are measured have a `disk_statistics` for each path */
export function diskFacts(agentFlags: unknown, containers?: unknown): DiskFacts {
  const isolation = textAt(agentFlags, 'isolation');
  return {
    isEnforced: textAt(agentFlags, 'enforce_container_disk_quota') === 'true' && measuresDisk(isolation ?? ''),
    ...(isolation === undefined ? {} : { isolation }),
    measured: listAt(containers).flatMap((each) => listAt(each, 'statistics', 'disk_statistics')).length,
  };
}

/** What an agent says of itself; nothing when it is not reached from here. */
async function askAgent({ client }: Cluster, agent: DrillAgent | undefined, path: string, signal: AbortSignal) {
  const answer = await client.ask(`${agent?.url ?? ''}${path}`, signal, { timeoutMs: 1000 }).catch(() => undefined);
  signal.throwIfAborted();
  return answer?.json;
}

function partsOf(plan: Plan, { target, client }: Cluster, registered: readonly AgentSeen[]) {
  const components = plan.nodes.flatMap((node) => node.components);
  const ofRole = (role: PlannedComponent['role'], urls: readonly string[] = []) =>
    components
      .filter((component) => component.role === role)
      .map(({ id, host, ports }, index): DrillPart => {
        const port = ports.find(({ name }) => name === 'http');
        return { id, url: urls[index] ?? '', place: `${host}:${port?.target ?? 0}` };
      });
  const agents = (target.expected?.agents ?? []).map(({ name, hostname, port }): DrillAgent => {
    const url = client.urlFor(`${hostname}:${port}`);
    const agentId = registered.find((each) => each.hostname === hostname && each.port === port)?.id ?? '';
    const node = plan.nodes.find((each) => each.components.some(({ id }) => id === name));
    const isAlone = node?.components.every(({ role }) => role === 'mesos-agent') !== false;
    return { id: name, hostname, port, agentId, isAlone, url, place: `${hostname}:${port}` };
  });
  return {
    masters: ofRole('mesos-master', target.masters),
    agents,
    marathons: ofRole('marathon', target.marathons),
    balancers: ofRole('marathon-lb', target.loadBalancer === undefined ? [] : [target.loadBalancer]),
    zookeepers: target.zookeepers.map(({ name, host, port }) => ({ id: name, url: '', place: `${host}:${port}` })),
  };
}

/** @param flags what `/flags` of a master says; old masters call agents slaves there */
export function settingsFrom(flags: unknown, plan: Pick<Plan, 'nodes'>, agentFlags?: unknown): DrillSettings {
  const components = plan.nodes.flatMap((node) => node.components);
  const planned = (role: PlannedComponent['role'], name: string) =>
    components.find((component) => component.role === role)?.environment.find((each) => each.name === name)?.value;
  const flag = (name: string) =>
    textAt(flags, name) ??
    textAt(flags, name.replace('agent', 'slave')) ??
    planned('mesos-master', `MESOS_${name.toUpperCase()}`) ??
    '';
  const { agentPingTimeoutMs, maxAgentPingTimeouts, allocationIntervalMs } = masterDefaults;
  return {
    pingTimeoutMs: durationMs(flag('agent_ping_timeout')) ?? agentPingTimeoutMs,
    maxPingTimeouts: Number(flag('max_agent_ping_timeouts')) || maxAgentPingTimeouts,
    allocationMs: durationMs(flag('allocation_interval')) ?? allocationIntervalMs,
    masterSessionMs: durationMs(flag('zk_session_timeout')) ?? sessionTimeoutMs,
    diskWatchMs: durationMs(textAt(agentFlags, 'container_disk_watch_interval') ?? '') ?? agentDefaults.diskWatchMs,
    marathonSessionMs: Number(planned('marathon', 'MARATHON_ZK_SESSION_TIMEOUT')) || sessionTimeoutMs,
  };
}
