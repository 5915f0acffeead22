import { endOrphansOf } from '../../engine/agent/recovery/orphans.ts';
import { inMemoryDiscovery } from '../../engine/discovery/in-memory-discovery.ts';
import { nodeSandboxes } from '../../platform/files/sandboxes.ts';
import { nodeProcesses } from '../../platform/processes/processes.ts';
import { agentsChange } from './agents/agents-change.ts';
import { clusterMembers, type Member } from './parts/cluster-parts.ts';
import { partsApart } from './parts/parts-apart.ts';
import type { ClusterWorld, StartCluster } from './serve-cluster.ts';

/** Starts all components of a cluster in this process; they talk to each other over HTTP all the same. */
export const startCluster: StartCluster = async (given, world) => {
  let cluster = given;
  const masters = inMemoryDiscovery();
  const apart = partsApart(cluster, world, masters);
  let here = clusterMembers(cluster, world, masters, (id) => !apart.parts.has(id));
  const parts = new Map([...apart.parts, ...here.map(({ id, part }) => [id, part] as const)]);
  const running = {
    stop: async () => {
      const agents = cluster.agents.map(({ id }) => id);
      await Promise.all([apart.end(), endAll(here, agents, world)]);
    },
    parts,
    changeAgents: async (to: typeof cluster) => {
      const change = agentsChange(cluster, to);
      if (change === undefined) throw new Error('more than agents would change');
      const [added, gone] = [idsOf(change.added), idsOf(change.gone)];
      const members = clusterMembers(to, world, masters, (id) => added.has(id));
      await startAll(members, () => endAll(members, [...added], world));
      for (const { id, part } of members) parts.set(id, part);
      const leaving = here.filter(({ id }) => gone.has(id));
      here = [...here.filter(({ id }) => !gone.has(id)), ...members];
      for (const { id } of leaving) parts.delete(id);
      cluster = to;
      await leaveForGood(leaving, world);
    },
  };
  await startAll(
    [...parts].map(([id, part]) => ({ id, part })),
    running.stop,
  );
  return running;
};

const idsOf = (all: readonly { readonly id: string }[]): ReadonlySet<string> => new Set(all.map(({ id }) => id));

/** @param undo ends all of them, when one has failed */
async function startAll(members: readonly Member[], undo: () => Promise<void>): Promise<void> {
  const outcomes = await Promise.allSettled(members.map(({ part }) => part.start()));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed === undefined) return;
  await undo();
  throw failed.reason;
}

/** Agents unregister, so that their tasks start elsewhere at once, and leave nothing to agents that have their names later. */
async function leaveForGood(members: readonly Member[], world: ClusterWorld): Promise<void> {
  await Promise.allSettled(
    members.map(async ({ part }) => {
      await part.partition?.(false);
      await part.leave?.();
    }),
  );
  const ids = members.map(({ id }) => id);
  await endAll(members, ids, world);
  await Promise.all(ids.map((id) => nodeSandboxes.remove(world.folder.work(id))));
}

/**
 * Ends everything for good, all at once: nobody goes on with it, so nothing is saved, no framework is told of each of its
 * tasks, and these all end together.
 */
async function endAll(members: readonly Member[], agents: readonly string[], { folder }: ClusterWorld): Promise<void> {
  await Promise.allSettled(members.map(({ part }) => part.kill()));
  await Promise.allSettled(members.flatMap(({ part }) => part.endTasks?.() ?? []));
  // Those that have left the process group of their task.
  const workDirs = agents.map((id) => folder.work(id));
  await endOrphansOf(workDirs, { processes: nodeProcesses, sandboxes: nodeSandboxes }).catch(() => undefined);
}
