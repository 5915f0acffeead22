import { isUserError, UserError } from '../../../errors/user-error.ts';
import type { FileSystem } from '../../../platform/files/file-system.ts';
import type { StreamingCommands } from '../../../platform/processes/streaming-commands.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import type { DockerEngine } from '../../docker/docker-engine.ts';
import { getImages, isHere, neededImages, type NeededImage } from '../../docker/images/get-images.ts';
import type { Reporter } from '../../reporter.ts';
import { sideBySide } from '../../side-by-side.ts';
import type { ReachedNode } from '../nodes/connect-node.ts';
import { copyImages } from './copy-images.ts';
import { inParallel } from '../../../platform/in-parallel.ts';
import { atNode } from '../nodes/node-error.ts';
import { nodeNames } from '../start/start-wave.ts';

export interface NodeImageWorld {
  readonly files: FileSystem;
  readonly streams: StreamingCommands;
  /** Absolute: the lab's folder. */
  readonly directory: string;
  /** Absolute: the files of this program. */
  readonly toolFolder: string;
  readonly tell: Reporter;
  readonly signal: AbortSignal;
}

/** A node, and its Engine, which answers. */
export type ImageNode = Pick<ReachedNode, 'node'> & { readonly engine: DockerEngine };

interface Lack {
  readonly reached: ReachedNode;
  readonly images: readonly NeededImage[];
}

/**
 * Gets onto every node the images of what it runs: all nodes pull at the same time; what is built is built on one of
 * them, and copied to the others. Without a deadline, as the network has none.
 * @throws UserError IMAGE_NOT_AVAILABLE or COMMAND_FAILED, with the node
 */
export async function getNodeImages(nodes: readonly ReachedNode[], plan: Plan, world: NodeImageWorld): Promise<void> {
  const lacks = await inParallel(nodes, (reached) => lackOf(reached, plan, world));
  await pullOnNodes(lacks, world);
  const built = lacks.flatMap(({ images }) => images.filter(isBuilt));
  for (const needed of new Map(built.map((each) => [each.image.reference, each])).values()) {
    const lacking = lacks.filter(({ images }) =>
      images.some(({ image }) => image.reference === needed.image.reference),
    );
    await buildAndCopy(
      needed,
      nodes,
      lacking.map(({ reached }) => reached),
      world,
    );
  }
}

const isBuilt = ({ image }: NeededImage) => image.build !== undefined;

/** What the world of one node's Engine is. */
const at = ({ engine }: ReachedNode, { files, directory, toolFolder, tell, signal }: NodeImageWorld) => ({
  ...{ files, engine, directory, toolFolder, tell, signal },
});

async function lackOf(reached: ReachedNode, plan: Plan, world: NodeImageWorld): Promise<Lack> {
  const needed = neededImages(plan, [reached.node]);
  const have = await Promise.all(needed.map(({ image }) => isHere(image, at(reached, world))));
  return { reached, images: needed.filter((_, index) => have[index] === false) };
}

async function pullOnNodes(lacks: readonly Lack[], world: NodeImageWorld): Promise<void> {
  const pulls = lacks
    .map(({ reached, images }) => ({ reached, images: images.filter((each) => !isBuilt(each)) }))
    .filter(({ images }) => images.length > 0);
  if (pulls.length === 0) return;
  const title = `Pulling images on ${nodeNames(pulls.map(({ reached }) => reached.node.name))}`;
  await world.tell.step({ title }, (see) => {
    const line = sideBySide(see);
    return inParallel(pulls, async ({ reached, images }) => {
      const { name } = reached.node;
      try {
        await getImages(images, at(reached, { ...world, tell: quietReporter(world.tell, name, line.of(name)) }));
      } catch (error) {
        throw withPush(atNode(name, error));
      }
    });
  });
}

/** Several nodes do the same at the same time: their steps are seen in one line, and what is done is said. */
function quietReporter(tell: Reporter, node: string, onSeen: (text: string) => void): Reporter {
  return {
    step: async ({ title }, action) => {
      onSeen(title);
      const result = await action((text) => {
        onSeen(`${title} ${text}`);
      });
      onSeen('done');
      return result;
    },
    note: (text) => {
      tell.note(`${node}: ${text}`);
    },
    warn: (text) => {
      tell.warn(`${node}: ${text}`);
    },
  };
}

/** Several machines have a way of their own. */
function withPush(error: unknown): unknown {
  if (!isUserError(error) || error.problems[0].code !== 'IMAGE_NOT_AVAILABLE') return error;
  const [first] = error.problems;
  const push = 'create-mesos-cluster images push brings it from this machine, or from a node that has it';
  return new UserError({ ...first, fix: first.fix === undefined ? push : `${first.fix}; ${push}` });
}

async function buildAndCopy(
  needed: NeededImage,
  nodes: readonly ReachedNode[],
  lacking: readonly ReachedNode[],
  world: NodeImageWorld,
): Promise<void> {
  const { tell, streams, directory, signal } = world;
  const { reference } = needed.image;
  // A node that has it but does not run it may have an old one.
  const users = nodes.filter(({ node }) => node.components.some(({ image }) => image.reference === reference));
  let from = users.find((each) => !lacking.includes(each));
  let to = lacking;
  if (from === undefined) {
    const [first, ...others] = lacking;
    if (first === undefined) return;
    tell.note(`${first.node.name} builds the image for all nodes`);
    await getImages([needed], at(first, world)).catch((error: unknown) => {
      throw atNode(first.node.name, error);
    });
    from = first;
    to = others;
  }
  if (to.length === 0) return;
  const source = from;
  const named = ({ node: { name }, engine }: ReachedNode) => ({ name, engine });
  const title = `Copying ${reference} from ${source.node.name} to ${nodeNames(to.map(({ node }) => node.name))}`;
  await tell.step({ title }, () =>
    copyImages({ streams, cwd: directory, signal }, { images: [reference], from: named(source), to: to.map(named) }),
  );
}
