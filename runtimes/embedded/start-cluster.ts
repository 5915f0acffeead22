import { startAgent } from '../../engine/agent/start-agent.ts';
import type { Component } from '../../engine/component.ts';
import type { Discovery } from '../../engine/discovery/discovery.ts';
import { inMemoryDiscovery } from '../../engine/discovery/in-memory-discovery.ts';
import { startLoadBalancer } from '../../engine/load-balancer/start-load-balancer.ts';
import { startMarathon } from '../../engine/marathon/start-marathon.ts';
import { reportedFlags } from '../../engine/master/views/reported-flags.ts';
import { startSimulatedAgents } from '../../engine/simulation/start-simulated-agents.ts';
import { startMaster } from '../../engine/master/start-master.ts';
import { nodeProcesses } from '../../platform/processes/processes.ts';
import { nodeSandboxes } from '../../platform/files/sandboxes.ts';
import type {
  EmbeddedAgent,
  EmbeddedCluster,
  EmbeddedLoadBalancer,
  EmbeddedMaster,
  EmbeddedSimulation,
  Listener,
} from './embedded-cluster.ts';
import { forwardPort } from './forward-port.ts';
import { marathonStore } from './marathon-store.ts';
import type { ClusterWorld, RunningCluster, StartCluster } from './serve-cluster.ts';

/*
 * A lab on one machine wants answers at once, and asks only itself: Mesos allocates every second, and an agent waits a
 * second before it registers.
 */
const allocationIntervalMs = 50;
const registrationBackoffMs = 50;

/** As the engine's master says of itself. */
const mesosVersion = '1.12.0';

/** Everything that the components find each other by, and the world they live in. */
interface Surroundings {
  readonly cluster: EmbeddedCluster;
  readonly world: ClusterWorld;
  readonly masters: Discovery;
  readonly marathons: Discovery;
}

/** Starts all components of a cluster in this process; they talk to each other over HTTP all the same. */
export const startCluster: StartCluster = async (cluster, world) => {
  const around = { cluster, world, masters: inMemoryDiscovery(), marathons: inMemoryDiscovery() };
  // In the order in which they must end: who is asked ends after who asks.
  const starts: readonly Promise<Component>[] = [
    ...cluster.loadBalancers.map((balancer) => loadBalancer(balancer, around)),
    ...cluster.marathons.map((each) => marathon(each, around)),
    ...cluster.agents.map((each) => agent(each, around)),
    ...(cluster.simulatedAgents === undefined ? [] : [simulatedAgents(cluster.simulatedAgents, around)]),
    ...cluster.masters.map((each) => master(each, around)),
  ];
  const outcomes = await Promise.allSettled(starts);
  const components = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const running = { stop: () => stopAll(components) };
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed === undefined) return running satisfies RunningCluster;
  await running.stop();
  throw failed.reason;
};

async function stopAll(components: readonly Component[]): Promise<void> {
  for (const component of components) {
    try {
      await component.stop();
    } catch {
      // The others must end all the same.
    }
  }
}

function master({ id, host, port, ...pings }: EmbeddedMaster, { cluster, world, masters }: Surroundings) {
  const { clusterName, quorum } = cluster;
  const options = {
    host,
    port,
    hostname: host,
    cluster: clusterName,
    quorum,
    discovery: masters,
    allocationIntervalMs,
    ...pings,
  };
  return startMaster({ ...options, flags: reportedFlags(options) }, { log: world.logOf(id) });
}

async function agent(given: EmbeddedAgent, { world, masters }: Surroundings): Promise<Component> {
  const { id, host, port, resources, attributes, alias } = given;
  const started = await startAgent(
    {
      host,
      port,
      hostname: host,
      masters,
      resources,
      attributes,
      workDir: world.folder.work(id),
      version: mesosVersion,
      dockerTasks: 'simulated',
      registrationBackoffMs,
    },
    { log: world.logOf(id), processes: nodeProcesses, sandboxes: nodeSandboxes },
  );
  if (alias === undefined) return started;
  try {
    const forward = await forwardPort(alias, given);
    return {
      url: started.url,
      stop: async () => {
        await Promise.all([forward.stop(), started.stop()]);
      },
    };
  } catch (error) {
    await started.stop();
    throw error;
  }
}

/** They look for no other port than one that is free: nobody has to know it beforehand. */
function simulatedAgents({ id, ...given }: EmbeddedSimulation, { world, masters }: Surroundings) {
  return startSimulatedAgents(
    { ...given, port: 0, masters, version: mesosVersion, registrationBackoffMs },
    { log: world.logOf(id), random: Math.random },
  );
}

function marathon({ id, host, port }: Listener, { cluster, world, masters, marathons }: Surroundings) {
  const [{ host: masterHost, port: masterPort }] = cluster.masters as [EmbeddedMaster];
  return startMarathon(
    {
      host,
      port,
      hostname: host,
      masters,
      election: marathons,
      master: `http://${masterHost}:${masterPort}`,
      servicePorts: cluster.servicePorts,
    },
    { log: world.logOf(id), store: marathonStore(world.folder.store, nodeSandboxes)() },
  );
}

function loadBalancer(given: EmbeddedLoadBalancer, { cluster, world }: Surroundings) {
  const { id, host, port, servicePorts, servicePortOffset, groups } = given;
  const marathonUrls = cluster.marathons.map((each) => `http://${each.host}:${each.port}`);
  return startLoadBalancer(
    { host, statsPort: port, servicePorts, servicePortOffset, marathonUrls, groups },
    { log: world.logOf(id) },
  );
}
