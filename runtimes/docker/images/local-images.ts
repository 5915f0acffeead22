import { basename } from 'node:path';
import { UserError } from '../../../errors/user-error.ts';
import {
  isMissing,
  megabytes,
  type FoundImage,
  type ImagesFacet,
  type ImagesRequest,
  type LoadResult,
} from '../../images-facet.ts';
import { loadIntoAgents } from '../agents/load-into-agents.ts';
import { dockerEngine, type DockerEngine } from '../docker-engine.ts';
import type { DockerWorld } from '../docker-world.ts';
import { inspectDocker } from '../preflight/inspect-docker.ts';
import { getImages, neededImages } from './get-images.ts';
import { findImages, imagesOfLab } from './lab-images.ts';
import { loadImages } from './load-images.ts';
import { pullApps } from './pull-apps.ts';
import { saveImages } from './save-images.ts';

/** Images of labs on the Docker Engine of this machine, wherever the labs run. */
export function localImages(world: DockerWorld): Pick<ImagesFacet, 'list' | 'pull' | 'save' | 'load'> {
  return {
    list: async (request) => {
      const problem = await whyNoEngine(world);
      if (problem === undefined) return { images: await look(world, request) };
      return { images: wanted(request).map((image) => ({ ...image, here: undefined })), unknown: problem };
    },
    pull: (request) => pull(world, request),
    save: (request, file, force) => save(world, request, file, force),
    load: (request, file) => load(world, request, file),
  };
}

/** Copies images into the agents of a lab that runs on this machine's Engine, where they have Engines of their own. */
export async function intoAgents(
  world: DockerWorld,
  { plan, directory, signal }: Pick<ImagesRequest, 'plan' | 'directory' | 'signal'>,
  request: {
    readonly images: readonly string[];
    readonly always?: boolean;
    readonly onProgress: (text: string) => void;
  },
): Promise<LoadResult> {
  const engine = dockerEngine({ ...world, cwd: directory });
  return loadIntoAgents({ engine, streams: world.streams, cwd: directory, signal }, { project: plan.name, ...request });
}

const wanted = ({ plan, appImages }: ImagesRequest) => imagesOfLab(plan, appImages);

const engineFor = (world: DockerWorld, { directory }: ImagesRequest): DockerEngine =>
  dockerEngine({ ...world, cwd: directory });

const look = (world: DockerWorld, request: ImagesRequest): Promise<readonly FoundImage[]> =>
  findImages(wanted(request), engineFor(world, request));

async function whyNoEngine(world: DockerWorld) {
  const docker = await inspectDocker(world);
  // Without Compose images can be had all the same.
  if (docker.kind === 'facts' || docker.code === 'MACHINE_NO_COMPOSE') return undefined;
  const { code, message, found, fix } = docker;
  return { code, message, found, fix };
}

/** @throws UserError with the reason why Docker does not answer */
async function needEngine(world: DockerWorld): Promise<void> {
  const problem = await whyNoEngine(world);
  if (problem !== undefined) throw new UserError(problem);
}

async function pull(world: DockerWorld, request: ImagesRequest): Promise<readonly FoundImage[]> {
  const { plan, directory, tell, signal } = request;
  const engine = engineFor(world, request);
  await needEngine(world);
  await getImages(neededImages(plan), { ...world, engine, directory, tell, signal });
  const missing = (await look(world, request)).filter(({ from, here }) => from === 'app' && here === undefined);
  const references = missing.map(({ reference }) => reference);
  await pullApps(references, { engine, tell, signal });
  return look(world, request);
}

async function save(world: DockerWorld, request: ImagesRequest, file: string, force: boolean) {
  const { plan, directory, tell, signal } = request;
  await needEngine(world);
  // One that an older tool has built would be built again where it is loaded, which takes a network.
  const built = neededImages(plan).filter(({ image }) => image.build !== undefined);
  const engine = engineFor(world, request);
  await getImages(built, { ...world, engine, directory, tell, signal });
  const all = await look(world, request);
  const images = all.filter((image) => isMissing(image) || image.here !== undefined);
  const left = all.filter((image) => !images.includes(image)).map(({ reference }) => reference);
  if (left.length > 0) tell.note(`Not saved, as only the lab's own registry has it: ${left.join(', ')}`);
  let bytes = 0;
  await tell.step({ title: `Saving ${images.length} images to ${basename(file)}` }, (see) => {
    const onBytes = (written: number) => {
      bytes = written;
      see(megabytes(written));
    };
    return saveImages({ ...world, engine, signal }, { images, file, force, onBytes });
  });
  return { bytes, images: images.map(({ reference }) => reference) };
}

async function load(world: DockerWorld, request: ImagesRequest, file: string): Promise<readonly FoundImage[]> {
  const { appImages, tell, signal } = request;
  const engine = engineFor(world, request);
  await needEngine(world);
  const loaded = await tell.step({ title: `Loading the images of ${basename(file)}` }, () =>
    loadImages({ engine, files: world.files, signal }, file),
  );
  tell.note(`Loaded ${loaded.join(', ')}`);
  // If the lab runs, what its apps use is copied into the agents' own Engines, too.
  const images = appImages.map(({ reference }) => reference).filter((reference) => loaded.includes(reference));
  const { copied, engines } = await tell.step({ title: 'Copying the images of apps to the agents' }, (see) =>
    intoAgents(world, request, { images, always: true, onProgress: see }),
  );
  if (copied.length > 0) tell.note(`Copied ${copied.join(', ')} to ${engines.join(', ')}`);
  const found = await look(world, request);
  await warnOfForeign(engine, request, found);
  return found;
}

/** A file that was saved on a machine with another processor loads without a word, and starts nothing. */
async function warnOfForeign(engine: DockerEngine, { tell }: ImagesRequest, found: readonly FoundImage[]) {
  const result = await engine.run(['version', '--format', '{{.Server.Arch}}'], { timeoutMs: 10_000 });
  const arch = result.kind === 'ended' ? result.stdout.trim() : '';
  const foreign = found.filter(
    ({ here, platform }) => here !== undefined && platform === undefined && here.arch !== arch,
  );
  if (arch === '' || foreign.length === 0) return;
  const names = foreign.map(({ reference, here }) => `${reference} (${here?.arch ?? ''})`).join(', ');
  tell.warn(
    `This Engine runs on ${arch}, and these are for another processor: ${names}. Save them on a machine like this one`,
  );
}
