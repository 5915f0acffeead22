import { isUserError, UserError, type Problem } from '../../../errors/user-error.ts';
import type { Lab, StartOptions } from '../../cluster-runtime.ts';
import { dockerEngine } from '../../docker/docker-engine.ts';
import { labFolders } from '../../lab-record.ts';
import type { ConnectNode, ReachedNode } from '../nodes/connect-node.ts';
import { readHostsRecord } from '../hosts-record.ts';
import type { HostsWorld } from '../hosts-world.ts';
import { inParallel } from '../../../platform/in-parallel.ts';
import { nodeContainers } from '../nodes/node-containers.ts';
import { getNodeImages, type NodeImageWorld } from '../images/node-images.ts';
import { checkQuorumWithout } from './plan-without.ts';
import { checkNodes, lookByContainer, lookRefusals, refuseNodes } from '../preflight/check-nodes.ts';
import { pushImages, type Pushed } from '../images/push-images.ts';
import { nodeNames } from './start-wave.ts';

/**
 * `images push`: copies the lab's images to all of its nodes.
 * @throws UserError with each node that is not reached
 */
export async function pushToHosts(
  world: HostsWorld,
  connect: ConnectNode,
  { directory }: Lab,
  { plan, appImages, tell, signal }: Pick<StartOptions, 'plan' | 'appImages' | 'tell' | 'signal'>,
): Promise<Pushed> {
  const nodes = await reachNodes(plan, connect, { tell, signal });
  const request = { plan, appImages: appImages ?? [], local: dockerEngine(world), withComponents: true };
  return pushImages(nodes, request, { ...world, directory, tell, signal });
}

/** Refuses what cannot run before a single byte is pulled. */
export async function prepareHosts(
  world: HostsWorld,
  connect: ConnectNode,
  { directory }: Lab,
  options: StartOptions,
): Promise<void> {
  const { files } = world;
  const { plan, force, tell, signal } = options;
  const title = `Looking at ${nodeNames(plan.nodes.map(({ name }) => name))}`;
  const folders = labFolders(files, directory);
  const nodes = await tell.step({ title, deadlineMs: 30_000 }, async () => {
    const reached = await reachNodes(plan, connect, options);
    const seen = await inParallel(reached, async (each) => ({
      reached: each,
      ...(await nodeContainers(each.engine, each.node.name, folders)),
    }));
    refuseNodes(await checkNodes(seen, plan), force, tell.warn);
    return reached;
  });
  const imageWorld = { ...world, directory, tell, signal };
  await getNodeImages(nodes, plan, imageWorld);
  await pushAppImages(world, nodes, options, imageWorld);
  // The record of a lab that runs: its ports are its own, and its addresses were looked at.
  if (readHostsRecord(files, directory)?.phase === 'kept') return;
  const silent = nodes.filter(({ look }) => look === undefined);
  const refusals = await inParallel(silent, async (reached) => {
    const look = await lookByContainer(reached);
    return look === undefined ? [] : lookRefusals(reached, look, true);
  });
  refuseNodes(refusals.flat(), force, tell.warn);
}

/** So that the first app needs no network. That it fails is no reason to start nothing: the agents pull. */
async function pushAppImages(
  world: HostsWorld,
  nodes: readonly ReachedNode[],
  { plan, appImages = [] }: StartOptions,
  images: NodeImageWorld,
): Promise<void> {
  try {
    await pushImages(nodes, { plan, appImages, local: dockerEngine(world), withComponents: false }, images);
  } catch (error) {
    if (!isUserError(error)) throw error;
    images.tell.warn(`${error.problems[0].message}: the agents have to pull it`);
  }
}

/** @throws UserError with a problem for each node that is not reached, unless it may be left out */
async function reachNodes(
  plan: StartOptions['plan'],
  connect: ConnectNode,
  { skipUnreachable, tell, signal }: Pick<StartOptions, 'skipUnreachable' | 'tell' | 'signal'>,
): Promise<readonly ReachedNode[]> {
  const reaches = await inParallel(plan.nodes, connect);
  signal.throwIfAborted();
  const problems = reaches.flatMap((reach) => (reach.kind === 'unreached' ? [reach.problem] : []));
  const [first, ...more] = problems;
  if (first !== undefined) {
    if (skipUnreachable !== true) throw unreachable(first, more);
    for (const { message } of problems) tell.warn(`${message}: left out (--skip-unreachable)`);
    checkQuorumWithout(
      plan,
      reaches.flatMap(({ kind, node }) => (kind === 'unreached' ? [node.name] : [])),
    );
  }
  return reaches.flatMap((reach) => (reach.kind === 'reached' ? [reach] : []));
}

function unreachable(first: Problem, more: readonly Problem[]): UserError {
  const fix = `${first.fix ?? 'look at that machine'}; up --skip-unreachable goes on without it`;
  return new UserError({ ...first, message: `${first.message}; nothing was started`, fix }, ...more);
}
