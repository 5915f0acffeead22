import type { Plan } from '../../../planning/plan/plan.ts';
import type { FailedStart } from '../../cluster-runtime.ts';
import { podParts } from '../agents/pod-parts.ts';
import { dockerEngine } from '../docker-engine.ts';
import type { DockerWorld } from '../docker-world.ts';
import { inspectDocker } from '../preflight/inspect-docker.ts';
import { refusals } from '../preflight/refusals.ts';
import { isHere, neededImages } from './get-images.ts';
import { mayPullOthers } from './pull-failure.ts';

/**
 * With the images of our own, if they can run here, do without what failed, and can be had.
 * @returns in words; undefined when that would fail as well
 */
export async function liteInstead(world: DockerWorld, failed: FailedStart): Promise<string | undefined> {
  const { plan, problem } = failed;
  const { code, message, found = '' } = problem;
  const lite = plan.imageSet === 'lite' ? undefined : await failed.withLite();
  if (lite === undefined) return undefined;
  const images = failedImages(plan, message);
  // Of a command that failed nobody knows what it was about, unless it says so.
  if (images.some((image) => imagesOf(lite).has(image)) || (code === 'COMMAND_FAILED' && images.length === 0))
    return undefined;
  if (/no space left on device|ENOSPC|disk quota/i.test(found)) return undefined;
  const nothingComes = code === 'IMAGE_NOT_AVAILABLE' && !mayPullOthers(found);
  if (plan.placement === 'machines') return nothingComes ? undefined : liteText([], 'one of the machines');
  const facts = await inspectDocker(world);
  if (facts.kind === 'problem' || refusals(facts, lite).some(({ isWarning }) => !isWarning)) return undefined;
  const missing = await missingImages(world, failed, lite);
  return nothingComes && missing.length > 0 ? undefined : liteText(missing, 'this machine');
}

const liteText = (missing: readonly string[], where: string): string => {
  const pulled = missing.length === 0 ? '' : `, for which Docker pulls ${missing.join(', ')}`;
  return `--image-set lite (images.set: lite in mesos-cluster.yaml; then generate, and up): our own engine in small images that are built on ${where}${pulled}; Docker tasks are real`;
};

const imagesOf = (plan: Plan) => new Set(neededImages(plan).map(({ image }) => image.reference));

/** The images that an error is about: it names one, or a container. */
function failedImages(plan: Plan, message: string): readonly string[] {
  const words = new Set(message.split(/[\s:;,]+/));
  const components = plan.nodes.flatMap((node) => node.components);
  const engines = podParts(plan).filter(({ id, role }) => role === 'docker-engine' && words.has(id));
  return [
    ...[...imagesOf(plan)].filter((reference) => message.includes(reference)),
    ...components
      .filter(({ service, role }) => words.has(service) || (role === 'zookeeper' && /ZooKeeper/.test(message)))
      .map(({ image }) => image.reference),
    ...engines.map(() => plan.engine.image.reference),
  ];
}

/** What the machine's Engine would have to pull for a plan, to build from, too. */
async function missingImages(
  world: DockerWorld,
  { directory, tell, signal }: FailedStart,
  plan: Plan,
): Promise<readonly string[]> {
  const images = { ...world, engine: dockerEngine(world), directory, tell, signal };
  const lacks = async <Image extends Parameters<typeof isHere>[0]>(wanted: readonly Image[]) => {
    const here = await Promise.all(wanted.map((image) => isHere(image, images)));
    return wanted.filter((_, index) => here[index] !== true);
  };
  const missing = await lacks(neededImages(plan).map(({ image }) => image));
  const bases = missing.flatMap(({ build }) => Object.values(build?.args ?? {}).map((reference) => ({ reference })));
  const pulled = [...missing.filter(({ build }) => build === undefined), ...(await lacks(bases))];
  return [...new Set(pulled.map(({ reference }) => reference))];
}
