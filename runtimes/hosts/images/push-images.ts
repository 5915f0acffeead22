import type { DockerEngine } from '../../docker/docker-engine.ts';
import { isHere, neededImages, type ImageWorld } from '../../docker/images/get-images.ts';
import type { Plan, PlannedImage } from '../../../planning/plan/plan.ts';
import { copyImages, type NamedEngine } from './copy-images.ts';
import { inParallel } from '../../../platform/in-parallel.ts';
import type { ImageNode, NodeImageWorld } from './node-images.ts';
import { nodeNames } from '../start/start-wave.ts';

/** Which images go where. */
export interface PushRequest {
  readonly plan: Plan;
  /** References that apps run in: agents get them. */
  readonly appImages: readonly string[];
  /** This machine's Engine; undefined when it has none that answers. */
  readonly local: DockerEngine | undefined;
  /** Whether what the components run is pushed, too, and not only what the apps do. */
  readonly withComponents: boolean;
}

/** What was copied, and what nobody has: references. */
export interface Pushed {
  readonly copied: readonly string[];
  readonly missing: readonly string[];
}

type Wanted = Pick<PlannedImage, 'reference' | 'build' | 'platform'>;

/** What an Engine has of what is wanted. */
interface Stock extends NamedEngine {
  readonly wanted: readonly Wanted[];
  readonly has: ReadonlySet<string>;
}

interface Copy {
  readonly from: Stock;
  readonly to: readonly Stock[];
  readonly images: readonly string[];
}

/**
 * Copies to every node the images that it lacks, from this machine's Engine where that has them, else from the first
 * node that does: no registry is asked.
 */
export async function pushImages(
  nodes: readonly ImageNode[],
  request: PushRequest,
  world: NodeImageWorld,
): Promise<Pushed> {
  const { plan, local } = request;
  const wantedBy = ({ node }: ImageNode): readonly Wanted[] => [
    ...(request.withComponents ? neededImages(plan, [node]).map(({ image }) => image) : []),
    ...(node.components.some(({ role }) => role === 'mesos-agent')
      ? request.appImages.map((reference) => ({ reference }))
      : []),
  ];
  const all = distinct(nodes.flatMap(wantedBy));
  const stocks = await inParallel(nodes, (reached) =>
    stockOf({ name: reached.node.name, engine: reached.engine }, wantedBy(reached), all, world),
  );
  const here = local && (await stockOf({ name: 'this machine', engine: local }, [], all, world));
  const sources = [...(here === undefined ? [] : [here]), ...stocks];
  const copies = plannedCopies(all, sources, stocks);
  for (const { from, to, images } of copies) {
    const title = `Copying ${images.join(', ')} from ${from.name} to ${nodeNames(to.map(({ name }) => name))}`;
    const { streams, directory: cwd, signal } = world;
    await world.tell.step({ title }, () => copyImages({ streams, cwd, signal }, { images, from, to }));
  }
  const missing = all.filter(({ reference }) => !sources.some(({ has }) => has.has(reference)));
  return {
    copied: [...new Set(copies.flatMap(({ images }) => images))],
    missing: missing.map(({ reference }) => reference),
  };
}

const distinct = (images: readonly Wanted[]) => [...new Map(images.map((each) => [each.reference, each])).values()];

async function stockOf(
  { name, engine }: NamedEngine,
  wanted: readonly Wanted[],
  all: readonly Wanted[],
  { files, directory, toolFolder, tell, signal }: NodeImageWorld,
): Promise<Stock> {
  const world: ImageWorld = { files, engine, directory, toolFolder, tell, signal };
  const have = await Promise.all(all.map((image) => isHere(image, world)));
  return {
    name,
    engine,
    wanted,
    has: new Set(all.filter((_, index) => have[index]).map(({ reference }) => reference)),
  };
}

/** Images with the same source and the same targets travel together: layers that they share go once. */
function plannedCopies(all: readonly Wanted[], sources: readonly Stock[], stocks: readonly Stock[]): readonly Copy[] {
  const copies = new Map<string, Copy>();
  for (const { reference } of all) {
    const from = sources.find(({ has }) => has.has(reference));
    const to = stocks.filter(
      ({ wanted, has }) => wanted.some((image) => image.reference === reference) && !has.has(reference),
    );
    if (from === undefined || to.length === 0) continue;
    const key = [from, ...to].map(({ name }) => name).join(' ');
    copies.set(key, { from, to, images: [...(copies.get(key)?.images ?? []), reference] });
  }
  return [...copies.values()];
}
