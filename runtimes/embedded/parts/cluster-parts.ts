import { endTasks, outlivingTasks, type OutlivingTasks } from '../../../engine/agent/executors/outliving-executor.ts';
import { startAgent } from '../../../engine/agent/start-agent.ts';
import type { Component } from '../../../engine/component.ts';
import type { Discovery } from '../../../engine/discovery/discovery.ts';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import type { Life } from '../../../engine/lives/life.ts';
import { Part } from '../../../engine/lives/part.ts';
import {
  discoveryOf,
  logOf,
  processesOf,
  registryOf,
  sandboxesOf,
  storeOf,
} from '../../../engine/lives/world-of-life.ts';
import { startLoadBalancer } from '../../../engine/load-balancer/start-load-balancer.ts';
import { startMarathon } from '../../../engine/marathon/start-marathon.ts';
import { fileRegistry } from '../../../engine/master/registry/file-registry.ts';
import { reportedFlags } from '../../../engine/master/views/reported-flags.ts';
import { startSimulatedAgents } from '../../../engine/simulation/start-simulated-agents.ts';
import { startMaster } from '../../../engine/master/start-master.ts';
import { nodeProcesses } from '../../../platform/processes/processes.ts';
import { machineMetrics } from '../../../platform/machine-metrics.ts';
import { nodeSandboxes } from '../../../platform/files/sandboxes.ts';
import {
  urlOf,
  type EmbeddedAgent,
  type EmbeddedCluster,
  type EmbeddedLoadBalancer,
  type EmbeddedMarathon,
  type EmbeddedMaster,
  type EmbeddedSimulation,
  type Listener,
} from '../embedded-cluster.ts';
import { embeddedAutoscaler } from '../addons/autoscaler.ts';
import { chronosIn } from '../addons/chronos.ts';
import { mesosDnsIn } from '../addons/mesos-dns.ts';
import { embeddedMetrics } from '../addons/metrics.ts';
import { forwardPort } from '../ports/forward-port.ts';
import { frameworkStore } from '../framework-store.ts';
import type { ControlledPart } from '../part-control.ts';
import type { ClusterWorld } from '../serve-cluster.ts';

/*
 * A lab on one machine wants answers at once, and asks only itself: Mesos allocates every second, an agent waits a
 * second before it registers and up to a minute before it tries again, which it does all the time while masters have no
 * quorum, and ZooKeeper gives a session ten seconds.
 */
const allocationIntervalMs = 50;
const pauses = { registrationBackoffMs: 50, maxRegistrationBackoffMs: 1000 };
const sessionMs = 2000;

/** As the engine's master says of itself. */
const mesosVersion = '1.12.0';

/** Everything that the components find each other by, and the world they live in. */
interface Surroundings {
  readonly cluster: EmbeddedCluster;
  readonly world: ClusterWorld;
  readonly masters: Discovery;
  readonly marathons: Discovery;
  readonly store: ReturnType<typeof frameworkStore>;
  readonly registry: ReturnType<typeof fileRegistry>;
}

/** A part, with its id. */
export interface Member {
  readonly id: string;
  readonly part: ControlledPart;
}

/**
 * Components of a cluster, none of which has been started; they talk to each other over HTTP, wherever they are.
 * @param masters the group that they find the leading master by
 * @param isHere which of them are wanted: the others run in another thread
 */
export function clusterMembers(
  cluster: EmbeddedCluster,
  world: ClusterWorld,
  masters: Discovery,
  isHere: (id: string) => boolean,
): readonly Member[] {
  const around = {
    ...{ cluster, world, masters },
    marathons: inMemoryDiscovery(),
    store: frameworkStore(world.folder.store, nodeSandboxes),
    registry: fileRegistry(world.folder.registry, nodeSandboxes),
  };
  const chronos = chronosIn(around, sessionMs);
  const here = <Each extends { readonly id: string }>(all: readonly Each[]) => all.filter(({ id }) => isHere(id));
  return [
    ...here(cluster.loadBalancers).map((each) => member(each, around, loadBalancer)),
    ...here(cluster.mesosDns ?? []).map((each) => member(each, around, mesosDnsIn(sessionMs))),
    ...here(cluster.metrics ?? []).map((each) => member(each, around, embeddedMetrics)),
    ...here(cluster.marathons).map((each) => member(each, around, marathon)),
    ...here(cluster.chronoses).map((each) => member(each, around, chronos)),
    ...here(cluster.autoscalers ?? []).map((each) => member(each, around, embeddedAutoscaler)),
    ...here(cluster.agents).map((each) => agentMember(each, around)),
    ...here(cluster.simulatedAgents === undefined ? [] : [cluster.simulatedAgents]).map((each) =>
      simulationMember(each, around),
    ),
    ...here(cluster.masters).map((each) => member(each, around, master)),
  ];
}

type StartPart<Given> = (given: Given, life: Life, around: Surroundings) => Promise<Component>;

function member<Given extends Pick<Listener, 'id'>>(
  given: Given,
  around: Surroundings,
  start: StartPart<Given>,
): Member {
  const log = around.world.logOf(given.id);
  return { id: given.id, part: new Part({ start: (life) => start(given, life, around), log }) };
}

/** Of an agent: its tasks outlive it, and it alone is cut off from the masters. */
function agentMember(given: EmbeddedAgent, around: Surroundings): Member {
  const outliving = outlivingTasks(nodeProcesses, nodeSandboxes, given.recoveryTimeoutMs);
  const log = around.world.logOf(given.id);
  const part = new Part({ start: (life) => agent(given, life, { ...around, outliving }), log });
  const ends = { endTasks: () => endTasks(outliving) };
  return { id: given.id, part: Object.assign(withPartition(part, around.cluster), ends) };
}

/** All simulated agents are one part, and their tasks end with them: they have no folder. */
function simulationMember(given: EmbeddedSimulation, around: Surroundings): Member {
  const log = around.world.logOf(given.id);
  const part = new Part({ start: (life) => simulatedAgents(given, life, around), log });
  return { id: given.id, part: withPartition(part, around.cluster) };
}

function withPartition(part: Part, { masters }: EmbeddedCluster): ControlledPart {
  const isMaster = (to: { readonly host: string; readonly port: number }) =>
    masters.some(({ host, port }) => host === to.host && port === to.port);
  return Object.assign(part, { partition: (isCut: boolean) => part.cutOff(isCut ? isMaster : undefined) });
}

function master({ id, host, port, ...given }: EmbeddedMaster, life: Life, around: Surroundings) {
  const { cluster, world, masters, registry } = around;
  const { clusterName, quorum } = cluster;
  const options = {
    ...{ host, port, hostname: host },
    cluster: clusterName,
    quorum,
    discovery: discoveryOf(life, masters, sessionMs),
    allocationIntervalMs,
    systemMetrics: machineMetrics,
    registry: registryOf(life, registry()),
    ...given,
  };
  const logFile = { path: world.folder.logOf(id), sandboxes: nodeSandboxes };
  const flags = { ...reportedFlags(options), external_log_file: logFile.path };
  return startMaster({ ...options, flags, logFile }, { log: logOf(life, world.logOf(id)) });
}

async function agent(
  given: EmbeddedAgent,
  life: Life,
  { world, masters, outliving }: Surroundings & { readonly outliving: OutlivingTasks },
): Promise<Component> {
  const { id, host, alias, ...options } = given;
  const started = await startAgent(
    {
      host,
      hostname: host,
      masters: discoveryOf(life, masters, sessionMs),
      workDir: world.folder.work(id),
      logFile: world.folder.logOf(id),
      flags: { external_log_file: world.folder.logOf(id) },
      version: mesosVersion,
      dockerTasks: 'simulated',
      // As mesos-agent without --recover: its tasks outlive it, and it finds them again.
      recovery: 'reconnect',
      ...pauses,
      ...options,
    },
    {
      log: logOf(life, world.logOf(id)),
      processes: processesOf(life, nodeProcesses),
      sandboxes: sandboxesOf(life, nodeSandboxes),
      outliving,
    },
  );
  if (alias === undefined) return started;
  try {
    const forward = await forwardPort(alias, given);
    return {
      url: started.url,
      stop: async () => {
        await Promise.all([forward.stop(), started.stop()]);
      },
      leave: async () => started.leave?.(),
    };
  } catch (error) {
    await started.stop();
    throw error;
  }
}

/** They look for no other port than one that is free: nobody has to know it beforehand. */
function simulatedAgents({ id, ...given }: EmbeddedSimulation, life: Life, { world, masters: group }: Surroundings) {
  const masters = discoveryOf(life, group, sessionMs);
  return startSimulatedAgents(
    { ...given, port: 0, masters, version: mesosVersion, ...pauses },
    { log: logOf(life, world.logOf(id)), random: Math.random },
  );
}

function marathon({ id, ...options }: EmbeddedMarathon, life: Life, { cluster, world, ...around }: Surroundings) {
  const [{ host: masterHost, port: masterPort }] = cluster.masters as [EmbeddedMaster];
  return startMarathon(
    {
      hostname: options.host,
      masters: discoveryOf(life, around.masters, sessionMs),
      election: discoveryOf(life, around.marathons, sessionMs),
      master: `http://${masterHost}:${masterPort}`,
      servicePorts: cluster.servicePorts,
      ...options,
    },
    { log: logOf(life, world.logOf(id)), store: storeOf(life, around.store()) },
  );
}

function loadBalancer(given: EmbeddedLoadBalancer, life: Life, { cluster, world }: Surroundings) {
  const { id, host, port, servicePorts, servicePortOffset, groups, frontPorts = {} } = given;
  const marathonUrls = cluster.marathons.map(urlOf);
  return startLoadBalancer(
    { host, statsPort: port, servicePorts, servicePortOffset, marathonUrls, groups, frontPorts },
    { log: logOf(life, world.logOf(id)) },
  );
}
