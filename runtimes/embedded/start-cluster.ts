import { endOrphansOf } from '../../engine/agent/recovery/orphans.ts';
import { inMemoryDiscovery } from '../../engine/discovery/in-memory-discovery.ts';
import { nodeSandboxes } from '../../platform/files/sandboxes.ts';
import { nodeProcesses } from '../../platform/processes/processes.ts';
import type { EmbeddedCluster } from './embedded-cluster.ts';
import { clusterMembers, type Member } from './parts/cluster-parts.ts';
import { partsApart } from './parts/parts-apart.ts';
import type { ClusterWorld, StartCluster } from './serve-cluster.ts';

/** Starts all components of a cluster in this process; they talk to each other over HTTP all the same. */
export const startCluster: StartCluster = async (cluster, world) => {
  const masters = inMemoryDiscovery();
  const apart = partsApart(cluster, world, masters);
  const here = clusterMembers(cluster, world, masters, (id) => !apart.parts.has(id));
  const parts = new Map([...apart.parts, ...here.map(({ id, part }) => [id, part] as const)]);
  const running = {
    stop: async () => {
      await Promise.all([apart.end(), endAll(here, cluster, world)]);
    },
    parts,
  };
  const outcomes = await Promise.allSettled([...parts.values()].map((part) => part.start()));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed === undefined) return running;
  await running.stop();
  throw failed.reason;
};

/**
 * Ends everything for good, all at once: nobody goes on with it, so nothing is saved, no framework is told of each of its
 * tasks, and these all end together.
 */
async function endAll(members: readonly Member[], { agents }: EmbeddedCluster, { folder }: ClusterWorld) {
  await Promise.allSettled(members.map(({ part }) => part.kill()));
  await Promise.allSettled(members.flatMap(({ part }) => part.endTasks?.() ?? []));
  // Those that have left the process group of their task.
  const workDirs = agents.map(({ id }) => folder.work(id));
  await endOrphansOf(workDirs, { processes: nodeProcesses, sandboxes: nodeSandboxes }).catch(() => undefined);
}
