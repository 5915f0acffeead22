import { resolve } from 'node:path';
import { UserError } from '../../../errors/user-error.ts';
import { textFingerprint } from '../../../lab/fingerprint.ts';
import type { FileSystem } from '../../../platform/files/file-system.ts';
import type { ImageBuild } from '../../../planning/catalogue/image-sets.ts';
import type { Plan, PlannedComponent, PlannedImage } from '../../../planning/plan/plan.ts';
import type { Reporter } from '../../reporter.ts';
import { lastLines, type DockerEngine } from '../docker-engine.ts';
import { removeReplacedImages } from './kept-images.ts';
import { pullCause, pullFailure } from './pull-failure.ts';
import { pullProgress } from './pull-progress.ts';
import { toolLabel } from '../../../protocol/lab-labels.ts';

/** An image that a lab needs, and the key under images.overrides that takes another one. */
export interface NeededImage {
  readonly image: PlannedImage;
  readonly part: string;
}

/** Every image of a plan, or of what one of its nodes runs, once each. */
export function neededImages(plan: Plan, nodes: Plan['nodes'] = plan.nodes): readonly NeededImage[] {
  const components = nodes.flatMap((node) => node.components);
  const needed: NeededImage[] = components.flatMap(partsOf);
  const hasPods = plan.agentDocker === 'dind' && components.some(({ role }) => role === 'mesos-agent');
  if (hasPods) needed.push({ image: plan.engine.image, part: 'docker-engine' });
  return [...new Map(needed.map((each) => [each.image.reference, each])).values()];
}

/** The images of a component: its own, and what stands behind it. */
export const partsOf = ({ image, behind, role }: PlannedComponent): readonly NeededImage[] =>
  behind === undefined
    ? [{ image, part: role }]
    : [
        { image, part: `${role}-gate` },
        { image: behind, part: role },
      ];

export interface ImageWorld {
  readonly files: FileSystem;
  readonly engine: DockerEngine;
  /** Absolute: where the paths of builds start. */
  readonly directory: string;
  /** Absolute: the files of this program, for labs that have no copy of them. */
  readonly toolFolder: string;
  readonly tell: Reporter;
  readonly signal: AbortSignal;
}

const listOfTool = 'files.json';

/** What is built from: the lab's copy of the tool, or, as the labs of a clone have a launcher only, the tool itself. */
function buildContext({ context }: ImageBuild, { files, directory, toolFolder }: ImageWorld): string {
  return files.kindOf(`${directory}/${context}/${listOfTool}`) === undefined ? toolFolder : context;
}

/**
 * What an image is built from, in a word: the tool, by the list of its files, and the images below. Not the lessons,
 * which no container gives: a bundle for students, whose are others, finds the image that came with it. Virtual machines
 * reckon it in their own way (build_image of provision.sh), and have to come to the same.
 */
function toolMark(build: ImageBuild, world: ImageWorld): string {
  const list = resolve(world.directory, buildContext(build, world), listOfTool);
  const lines = world.files.kindOf(list) === undefined ? [] : world.files.readText(list).split('\n');
  const tool = lines.filter((line) => !line.includes('"course.json"')).join('\n');
  return textFingerprint(`${tool}${JSON.stringify(build.args)}`);
}

/**
 * Gets every image onto the Engine: pulls what is pulled, builds what is built and is not of this tool. One after
 * another, each with a line of its own; without a deadline, as the network has none.
 * @throws UserError IMAGE_NOT_AVAILABLE or COMMAND_FAILED
 */
export async function getImages(images: readonly NeededImage[], world: ImageWorld): Promise<void> {
  const here = await Promise.all(images.map(({ image }) => isHere(image, world)));
  for (const needed of images.filter((_, index) => here[index] !== true)) {
    if (needed.image.build === undefined) await pull(needed, world);
    else await build(needed.image, needed.image.build, world);
  }
}

/** Whether the Engine has an image, for the platform that is wanted, and with the tool that is wanted. */
export async function isHere(
  { reference, platform, build }: Omit<PlannedImage, 'probe'>,
  world: ImageWorld,
): Promise<boolean> {
  const format = `{{.Os}}/{{.Architecture}}\t{{index .Config.Labels "${toolLabel}"}}`;
  const result = await world.engine.run(['image', 'inspect', '--format', format, reference], { timeoutMs: 30_000 });
  if (result.kind !== 'ended' || result.exitCode !== 0) return false;
  const [has = '', tool = ''] = result.stdout.trim().split('\t');
  if (platform !== undefined && !`${platform}/`.startsWith(`${has}/`)) return false;
  return build === undefined || tool === toolMark(build, world);
}

async function pull({ image: { reference, platform }, part }: NeededImage, world: ImageWorld): Promise<void> {
  const { engine, tell, signal } = world;
  const words = ['pull', ...(platform === undefined ? [] : ['--platform', platform]), reference];
  await tell.step({ title: `Pulling ${reference}` }, async (see) => {
    const progress = pullProgress(see);
    const result = await engine.run(words, { signal, onLine: progress.onLine });
    signal.throwIfAborted();
    if (result.kind !== 'ended' || result.exitCode !== 0) throw pullFailure(reference, part, progress.lastWords(3));
  });
}

async function build({ reference, platform }: PlannedImage, given: ImageBuild, world: ImageWorld): Promise<void> {
  const { engine, directory, tell, signal } = world;
  const args = { ...given.args, TOOL: toolMark(given, world) };
  const words = [
    'build',
    ...['--file', given.dockerfile, '--tag', reference],
    ...(platform === undefined ? [] : ['--platform', platform]),
    ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    buildContext(given, world),
  ];
  await tell.step({ title: `Building ${reference}` }, async (see) => {
    const said: string[] = [];
    const result = await engine.run(words, {
      cwd: directory,
      signal,
      onLine: (line) => {
        said.push(line);
        const step = /^(?:#\d+ )?(\[.*\] .*|Step \d+\/\d+ .*)$/.exec(line)?.[1];
        if (step !== undefined) see(step);
      },
    });
    signal.throwIfAborted();
    if (result.kind === 'ended' && result.exitCode === 0) return removeReplacedImages(engine);
    const lines = lastLines(said.join('\n'), 8);
    throw new UserError({
      code: 'IMAGE_NOT_AVAILABLE',
      message: `the image ${reference} cannot be built: ${/pull|manifest|resolve|registry/i.test(lines) ? pullCause(reference, lines).cause : 'docker build failed'}; nothing was started`,
      found: lines,
      fix: 'images.build in mesos-cluster.yaml takes other base images',
    });
  });
}
