import { targetFromPlan, clusterAt } from '../../../checks/cluster-target.ts';
import { lookAtZookeepers } from '../../../checks/look-at-masters.ts';
import { pollUntil } from '../../../checks/poll-until.ts';
import { UserError } from '../../../errors/user-error.ts';
import { ownIdentity } from '../../../platform/processes/process-identity.ts';
import type { Plan, PlannedNode } from '../../../planning/plan/plan.ts';
import { cleanUp } from '../../clean-up.ts';
import type { StartedLab, StartOptions } from '../../cluster-runtime.ts';
import { retireAgents } from '../../docker/agents/retire-agents.ts';
import { handedOver } from '../../docker/start/watch-containers.ts';
import { labFolders } from '../../lab-record.ts';
import type { ConnectNode } from '../nodes/connect-node.ts';
import { readHostsRecord, removeHostsRecord, writeHostsRecord, type HostsRecord } from '../hosts-record.ts';
import type { HostsWorld } from '../hosts-world.ts';
import { isSameNode, labOnHosts, lookAtNodes, watchNodes, type KnownNode } from '../known-lab.ts';
import { otherLabProblem } from '../nodes/node-containers.ts';
import { nodeFiles } from '../nodes/node-files.ts';
import { planWithout } from './plan-without.ts';
import { nodeLines, removeFromNodes } from '../remove-from-nodes.ts';
import { startWave } from './start-wave.ts';
import { wavesOf } from './waves.ts';

/** As ClusterRuntime.start. */
export async function startOnHosts(
  world: HostsWorld,
  connect: ConnectNode,
  directory: string,
  options: StartOptions,
): Promise<StartedLab> {
  const { files } = world;
  const { plan, settings, tell } = options;
  const former = readHostsRecord(files, directory);
  const before = await lookAtNodes(world, connect, directory, withFormer(plan, former));
  const wanted = before.filter(({ node }) => plan.nodes.includes(node));
  const reached = wanted.filter(({ reach }) => reach.kind === 'reached');
  const skipped = wanted.filter(({ reach }) => reach.kind === 'unreached').map(({ node }) => node.name);
  const isFresh = former === undefined && before.every(({ containers }) => containers.length === 0);
  const chosen = nodeFiles(directory, plan, world);
  for (const remark of chosen.remarks) tell.warn(remark);
  const record: HostsRecord = {
    ...{ format: 1, name: plan.name, phase: 'starting', isFresh, process: ownIdentity() },
    ...{ directory, plan, skipped, files: Object.fromEntries(chosen.paths), settings },
  };
  // First: whoever comes after a kill finds by it what has to go.
  writeHostsRecord(files, directory, record);
  world.registry.add(directory);
  const watching = new AbortController();
  const broken = watchNodes(reached, plan.name, watching.signal);
  const keep = () => {
    watching.abort();
    writeHostsRecord(files, directory, { ...record, phase: 'kept' });
    return Promise.resolve();
  };
  const abandon = async () => {
    watching.abort();
    await rollBack(world, directory, { record, former, before: reached, options });
  };
  try {
    await startWaves(world, directory, { reached, skipped, record, broken, options });
    // A node that is only reached another way now has the containers that were just started.
    const leaving = before.filter(
      (each) => !wanted.includes(each) && !wanted.some(({ reach }) => isSameNode(reach, each.reach)),
    );
    await removeLeaving(world, directory, leaving, options);
    const nodes = await lookAtNodes(world, connect, directory, plan.nodes);
    return {
      ...labOnHosts(world, connect, directory, { record, plan, nodes }),
      watch: handedOver(broken, watching),
      keep,
      abandon,
    };
  } catch (error) {
    if (options.retain) await keep();
    else await cleanUp(tell, abandon);
    // Ctrl-C ends what watches the machines, too, and that may be noticed first.
    options.signal.throwIfAborted();
    throw error;
  }
}

/** The plan's nodes, and behind them those that were in the lab before. */
function withFormer({ nodes }: Plan, former: HostsRecord | undefined): readonly PlannedNode[] {
  const isSame = (one: PlannedNode) => (other: PlannedNode) => one.name === other.name && one.docker === other.docker;
  return [...nodes, ...(former?.plan.nodes ?? []).filter((node) => !nodes.some(isSame(node)))];
}

interface Waves {
  readonly reached: readonly KnownNode[];
  readonly skipped: readonly string[];
  readonly record: HostsRecord;
  readonly broken: Promise<UserError>;
  readonly options: StartOptions;
}

/** One wave after the other; masters begin when the ZooKeepers have found each other. */
async function startWaves(world: HostsWorld, directory: string, about: Waves): Promise<void> {
  const { reached, skipped, record, broken, options } = about;
  const { plan, signal, tell } = options;
  const until = world.clock.now() + options.timeoutMs;
  const waves = wavesOf(reached.map(({ node }) => node));
  for (const [index, wave] of waves.entries()) {
    signal.throwIfAborted();
    const timeoutMs = Math.max(1, until - world.clock.now());
    await startWave(wave, {
      files: world.files,
      directory,
      nodes: reached,
      record,
      broken,
      timeoutMs,
      tell,
      signal,
      clock: world.clock,
    });
    const isBeforeMasters = index < waves.length - 1 && wave.title === 'ZooKeeper';
    if (isBeforeMasters) await awaitQuorum(planWithout(plan, skipped), broken, until - world.clock.now(), options);
  }
}

async function awaitQuorum(
  plan: Plan,
  broken: Promise<UserError>,
  timeoutMs: number,
  { tell, signal }: StartOptions,
): Promise<void> {
  const cluster = clusterAt(targetFromPlan(plan));
  const enough = new AbortController();
  void broken.then((error) => {
    enough.abort(error);
  });
  await tell.step({ title: 'The ZooKeepers have found each other', deadlineMs: timeoutMs }, async (see) => {
    const either = AbortSignal.any([signal, enough.signal]);
    const look = (own: AbortSignal) => lookAtZookeepers(cluster, own);
    const result = await pollUntil(look, { timeoutMs, intervalMs: 100, signal: either, onSeen: see });
    if (result.ok) return;
    throw new UserError({
      code: 'NOT_READY',
      message: `the ZooKeepers have no quorum after ${Math.round(timeoutMs / 1000)} s`,
      found: result.seen,
      fix: 'the nodes must reach each other on 2181, 2888 and 3888: look at their firewalls; --retain leaves what was started, to look at it',
    });
  });
}

/** Nodes that the spec does not name any more. */
async function removeLeaving(
  { files, clock }: HostsWorld,
  directory: string,
  leaving: readonly KnownNode[],
  { plan: { name, workDir }, tell }: StartOptions,
): Promise<void> {
  if (leaving.length === 0) return;
  const title = `Removing the lab from ${leaving.map(({ node }) => node.name).join(', ')}`;
  for (const { reach, containers } of leaving) {
    const agents = containers.filter(({ role, state }) => role === 'mesos-agent' && state === 'running');
    if (reach.kind === 'reached') await retireAgents(reach.engine, agents, { clock, tell });
  }
  const lab = { name, folders: labFolders(files, directory), workDir, clock };
  const ends = await tell.step({ title }, () => removeFromNodes(leaving, lab));
  for (const { node, failure, other } of ends) {
    if (failure !== undefined) tell.warn(`${node}: ${failure}; its part of the lab may still be there`);
    if (other === undefined) continue;
    const { message, found = '' } = otherLabProblem(node, other);
    tell.warn(`${message}, and are left as they are: ${found}`);
  }
}

interface RollBack {
  readonly record: HostsRecord;
  readonly former: HostsRecord | undefined;
  /** What every node had before this start. */
  readonly before: readonly KnownNode[];
  readonly options: StartOptions;
}

/** Removes what this start has made, and says of every node what is there now. */
async function rollBack(world: HostsWorld, directory: string, about: RollBack): Promise<void> {
  const { record, former, before, options } = about;
  const { name, workDir } = record.plan;
  const fresh = before.filter(({ containers }) => containers.length === 0);
  const folders = labFolders(world.files, directory);
  const ends = await removeFromNodes(fresh, { name, folders, workDir, clock: world.clock });
  const states = before.map(({ node, containers }) => {
    const end = ends.find((each) => each.node === node.name);
    if (end === undefined)
      return { node: node.name, state: `${containers.length} containers, which were there before, were left` };
    if (end.failure !== undefined) return { node: node.name, state: `not everything could be removed: ${end.failure}` };
    return { node: node.name, state: end.removed === '' ? 'nothing was started' : `removed again: ${end.removed}` };
  });
  for (const line of nodeLines(states)) options.tell.note(line);
  const failed = ends.filter(({ failure }) => failure !== undefined).map(({ node }) => node);
  if (failed.length > 0) {
    writeHostsRecord(world.files, directory, { ...record, phase: 'kept' });
    throw new UserError({ code: 'COMMAND_FAILED', message: `not everything was removed from ${failed.join(', ')}` });
  }
  if (former !== undefined) writeHostsRecord(world.files, directory, former);
  else if (before.some(({ containers }) => containers.length > 0)) {
    writeHostsRecord(world.files, directory, { ...record, phase: 'kept' });
  } else {
    removeHostsRecord(world.files, directory);
    world.registry.remove(directory);
  }
}
