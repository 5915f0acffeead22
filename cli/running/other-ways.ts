import { isUserError, UserError, type Problem } from '../../errors/user-error.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { podParts } from '../../runtimes/docker/agents/pod-parts.ts';
import { isHere, neededImages } from '../../runtimes/docker/images/get-images.ts';
import { mayPullOthers } from '../../runtimes/docker/images/pull-failure.ts';
import { inspectDocker } from '../../runtimes/docker/preflight/inspect-docker.ts';
import { refusals } from '../../runtimes/docker/preflight/refusals.ts';
import { leftOut } from '../../runtimes/embedded/plan-to-run.ts';
import { allFine } from '../doctor/finding.ts';
import { embeddedPorts } from '../doctor/machine-findings.ts';
import { prepareLab } from '../lab/open-lab.ts';
import { dockerEngineOf } from './runtimes.ts';
import type { UpTask } from './up-lab.ts';

/** The images of a lab cannot be had, or what is in them does not come up. */
const codes: ReadonlySet<string> = new Set(['IMAGE_NOT_AVAILABLE', 'COMMAND_FAILED', 'CONTAINER_FAILED', 'NOT_READY']);

/** An error of a lab on Docker, with what runs the lab on this machine all the same behind its fix. */
export async function withOtherWays(task: UpTask, error: unknown): Promise<unknown> {
  if (task.runtime.name === 'embedded' || !isUserError(error) || !codes.has(error.problems[0].code)) return error;
  const [first, ...more] = error.problems;
  const ways = [await liteWay(task, first), await embeddedWay(task)].filter((way) => way !== undefined);
  if (ways.length === 0) return error;
  const lines = [first.fix ?? '', 'What runs here all the same:', ...ways.map((way) => `- ${way}`)];
  return new UserError({ ...first, fix: lines.filter((line) => line !== '').join('\n           ') }, ...more);
}

/** Without Docker: for labs on one host, if nobody has their ports. */
async function embeddedWay({ context, plan }: UpTask): Promise<string | undefined> {
  if (plan.placement === 'machines' || !allFine(await embeddedPorts(context, plan))) return undefined;
  const without = [...new Set(leftOut(plan).map(({ role }) => role))];
  const rest = without.length === 0 ? '' : `, and without ${without.join(' and ')}`;
  return `up --runtime embedded: without Docker, our own engine in one process; Docker tasks are simulated${rest}`;
}

/**
 * With the images of our own, if they can run here, do without what failed, and can be had.
 * @returns in words; undefined when that would fail as well
 */
export async function liteWay(task: UpTask, { code, message, found = '' }: Problem): Promise<string | undefined> {
  const { plan, context } = task;
  const lite = plan.imageSet === 'lite' ? undefined : await planWithLite(task);
  if (lite === undefined) return undefined;
  const failed = failedImages(plan, message);
  // Of a command that failed nobody knows what it was about, unless it says so.
  if (failed.some((image) => imagesOf(lite).has(image)) || (code === 'COMMAND_FAILED' && failed.length === 0))
    return undefined;
  if (/no space left on device|ENOSPC|disk quota/i.test(found)) return undefined;
  const nothingComes = code === 'IMAGE_NOT_AVAILABLE' && !mayPullOthers(found);
  if (plan.placement === 'machines') return nothingComes ? undefined : liteText([], 'one of the machines');
  const facts = await inspectDocker(context);
  if (facts.kind === 'problem' || refusals(facts, lite).some(({ isWarning }) => !isWarning)) return undefined;
  const missing = await missingImages(task, lite);
  return nothingComes && missing.length > 0 ? undefined : liteText(missing, 'this machine');
}

const liteText = (missing: readonly string[], where: string): string => {
  const pulled = missing.length === 0 ? '' : `, for which Docker pulls ${missing.join(', ')}`;
  return `--image-set lite (images.set: lite in mesos-cluster.yaml; then generate, and up): our own engine in small images that are built on ${where}${pulled}; Docker tasks are real`;
};

/** The same lab with the set lite; undefined when its spec does not go with that. */
async function planWithLite({ context, directory, settings }: UpTask): Promise<Plan | undefined> {
  const place = { kind: 'flag', flag: '--image-set' } as const;
  const withLite = [...settings, { path: ['images', 'set'], value: 'lite', place }];
  try {
    return (await prepareLab(context, directory, withLite)).plan;
  } catch (error) {
    if (!isUserError(error)) throw error;
    return undefined;
  }
}

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
async function missingImages({ context, directory, reporter }: UpTask, plan: Plan): Promise<readonly string[]> {
  const { files, toolFolder, signal } = context;
  const world = { files, engine: dockerEngineOf(context), directory, toolFolder, tell: reporter, signal };
  const lacks = async <Image extends Parameters<typeof isHere>[0]>(images: readonly Image[]) => {
    const here = await Promise.all(images.map((image) => isHere(image, world)));
    return images.filter((_, index) => here[index] !== true);
  };
  const missing = await lacks(neededImages(plan).map(({ image }) => image));
  const bases = missing.flatMap(({ build }) => Object.values(build?.args ?? {}).map((reference) => ({ reference })));
  const pulled = [...missing.filter(({ build }) => build === undefined), ...(await lacks(bases))];
  return [...new Set(pulled.map(({ reference }) => reference))];
}
