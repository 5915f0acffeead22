import { basename, resolve } from 'node:path';
import { exitCodes, type ExitCode } from '../../errors/exit-codes.ts';
import { UserError } from '../../errors/user-error.ts';
import type { Context } from '../../platform/context.ts';
import { streamingCommands } from '../../platform/processes/streaming-commands.ts';
import { dockerEngine, type DockerEngine } from '../../runtimes/docker/docker-engine.ts';
import { getImages, neededImages } from '../../runtimes/docker/images/get-images.ts';
import { findImages, imagesOfLab, isMissing, type FoundImage } from '../../runtimes/docker/images/lab-images.ts';
import { loadImages } from '../../runtimes/docker/images/load-images.ts';
import { pullApps } from '../../runtimes/docker/images/pull-apps.ts';
import { saveImages } from '../../runtimes/docker/images/save-images.ts';
import { inspectDocker } from '../../runtimes/docker/preflight/inspect-docker.ts';
import { seedAgents } from '../../runtimes/docker/agents/seed-agents.ts';
import { pushToHosts } from '../../runtimes/hosts/start/prepare-hosts.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { appImages } from '../apps/app-images.ts';
import { isOn, type CommandLine } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { megabytes, printImages } from '../printing/images-text.ts';
import { openLab, planOfLab } from '../lab/open-lab.ts';
import { reporterFor } from '../apps/running-marathon.ts';
import { hostsWorld } from '../running/runtimes.ts';
import type { StepReporter } from '../printing/step-reporter.ts';

/** One call of the verb. */
interface Task {
  readonly context: Context;
  readonly line: CommandLine;
  readonly directory: string;
  readonly plan: Plan;
  readonly engine: DockerEngine;
  readonly reporter: StepReporter;
}

const actions = { list, pull, push, save, load } as const;
type Action = keyof typeof actions;

/** `images list|pull|save|load`: what a lab needs of images, for those without a network. Starts no container. */
export const images: Command = async (context, line) => {
  const [word = 'list', file] = line.positionals;
  const action = (Object.keys(actions) as Action[]).find((name) => name === word);
  const wantsFile = action === 'save' || action === 'load';
  if (action === undefined || wantsFile === (file === undefined)) throw usage(line);
  const directory = openLab(context, line);
  const plan = await planOfLab(context, line, directory);
  const { runCommand, env, signal } = context;
  const engine = dockerEngine({ runCommand, env, cwd: directory, signal });
  const task = { context, line, directory, plan, engine, reporter: reporterFor(context, line) };
  return actions[action](task, resolve(context.cwd, file ?? ''));
};

function usage({ positionals }: CommandLine): UserError {
  return new UserError({
    code: 'USAGE_ARGUMENTS',
    message: 'images does not take these arguments',
    found: positionals.join(' '),
    allowed: 'images list, images pull, images push, images save FILE, images load FILE',
    fix: 'FILE is for example lab-images.tar.gz',
  });
}

const wanted = ({ context, directory, plan }: Task) => imagesOfLab(plan, appImages(context, directory, plan));

/** @throws UserError with the reason why Docker does not answer */
async function needDocker({ context }: Task): Promise<void> {
  const docker = await inspectDocker(context);
  // Without Compose images can be had all the same.
  if (docker.kind === 'facts' || docker.code === 'MACHINE_NO_COMPOSE') return;
  const { code, message, found, fix } = docker;
  throw new UserError({ code, message, found, fix });
}

async function list(task: Task): Promise<ExitCode> {
  const { context, line, engine, reporter } = task;
  const docker = await inspectDocker(context);
  const isThere = docker.kind === 'facts' || docker.code === 'MACHINE_NO_COMPOSE';
  if (!isThere) reporter.warn(`${docker.message}: what is here is not known`);
  const needed = wanted(task);
  const found: readonly FoundImage[] = isThere
    ? await findImages(needed, engine)
    : needed.map((image) => ({ ...image, here: undefined }));
  printImages(context, isOn(line, 'json'), found, isThere);
  return exitCodes.ok;
}

async function pull(task: Task): Promise<ExitCode> {
  const { context, line, directory, plan, engine, reporter } = task;
  const { signal } = context;
  await needDocker(task);
  await getImages(neededImages(plan), { ...context, engine, directory, tell: reporter, signal });
  const missing = (await findImages(wanted(task), engine)).filter(
    ({ from, here }) => from === 'app' && here === undefined,
  );
  await pullApps(
    missing.map(({ reference }) => reference),
    { engine, tell: reporter, signal },
  );
  printImages(context, isOn(line, 'json'), await findImages(wanted(task), engine), true);
  return exitCodes.ok;
}

/** Copies to the machines of the lab what they lack: for networks without a registry. */
async function push({ context, line, directory, plan, reporter }: Task): Promise<ExitCode> {
  if (plan.placement !== 'machines' || plan.vagrant !== undefined) {
    throw new UserError({
      code: 'USAGE_ARGUMENTS',
      message: 'images push copies images to the machines of a lab that has some under nodes, each with a key docker',
      fix: 'on one host: images save FILE, and images load FILE on the other machine',
    });
  }
  const apps = [...new Set(appImages(context, directory, plan).map(({ reference }) => reference))];
  const options = { plan, appImages: apps, tell: reporter, signal: context.signal };
  const { copied, missing } = await pushToHosts(hostsWorld(context), { directory }, options);
  if (isOn(line, 'json')) context.stdout.write(`${JSON.stringify({ copied, missing }, undefined, 2)}\n`);
  else {
    context.stdout.write(copied.length === 0 ? 'Nothing to copy.\n' : `Copied ${copied.join(', ')}\n`);
    if (missing.length > 0) context.stdout.write(`Neither this machine nor a node has: ${missing.join(', ')}\n`);
  }
  return exitCodes.ok;
}

async function save(task: Task, file: string): Promise<ExitCode> {
  const { context, line, engine, reporter } = task;
  const { files, signal } = context;
  await needDocker(task);
  // One that an older tool has built would be built again where it is loaded, which takes a network.
  const built = neededImages(task.plan).filter(({ image }) => image.build !== undefined);
  await getImages(built, { ...context, engine, directory: task.directory, tell: reporter });
  const all = await findImages(wanted(task), engine);
  const found = all.filter((image) => isMissing(image) || image.here !== undefined);
  const left = all.filter((image) => !found.includes(image)).map(({ reference }) => reference);
  if (left.length > 0) reporter.note(`Not saved, as only the lab's own registry has it: ${left.join(', ')}`);
  let bytes = 0;
  await reporter.step({ title: `Saving ${found.length} images to ${basename(file)}` }, (see) => {
    const onBytes = (written: number) => {
      bytes = written;
      see(megabytes(written));
    };
    const world = { streams: streamingCommands, files, signal };
    return saveImages(world, { images: found, file, force: isOn(line, 'force'), onBytes });
  });
  context.stdout.write(
    isOn(line, 'json')
      ? `${JSON.stringify({ file, bytes, images: found.map(({ reference }) => reference) }, undefined, 2)}\n`
      : `${file} (${megabytes(bytes)}); on another machine, in a lab like this one: create-mesos-cluster images load ${basename(file)}\n`,
  );
  return exitCodes.ok;
}

async function load(task: Task, file: string): Promise<ExitCode> {
  const { context, line, engine, reporter } = task;
  const { files, signal } = context;
  await needDocker(task);
  const loaded = await reporter.step({ title: `Loading the images of ${basename(file)}` }, () =>
    loadImages({ engine, files, signal }, file),
  );
  reporter.note(`Loaded ${loaded.join(', ')}`);
  await giveToAgents(task, loaded);
  const found = await findImages(wanted(task), engine);
  await warnOfForeign(task, found);
  printImages(context, isOn(line, 'json'), found, true);
  return exitCodes.ok;
}

/** If the lab runs, what its apps use is copied into the agents' own Engines, too. */
async function giveToAgents({ context, directory, plan, reporter }: Task, loaded: readonly string[]): Promise<void> {
  const { runCommand, signal } = context;
  const ofApps = appImages(context, directory, plan).map(({ reference }) => reference);
  const images = ofApps.filter((reference) => loaded.includes(reference));
  const world = { runCommand, streams: streamingCommands, cwd: directory, signal };
  const { copied, engines } = await reporter.step({ title: 'Copying the images of apps to the agents' }, (see) =>
    seedAgents(world, { project: plan.name, images, always: true, onProgress: see }),
  );
  if (copied.length > 0) reporter.note(`Copied ${copied.join(', ')} to ${engines.join(', ')}`);
}

/** A file that was saved on a machine with another processor loads without a word, and starts nothing. */
async function warnOfForeign({ engine, reporter }: Task, found: readonly FoundImage[]): Promise<void> {
  const result = await engine.run(['version', '--format', '{{.Server.Arch}}'], { timeoutMs: 10_000 });
  const arch = result.kind === 'ended' ? result.stdout.trim() : '';
  const foreign = found.filter(
    ({ here, platform }) => here !== undefined && platform === undefined && here.arch !== arch,
  );
  if (arch === '' || foreign.length === 0) return;
  const names = foreign.map(({ reference, here }) => `${reference} (${here?.arch ?? ''})`).join(', ');
  reporter.warn(
    `This Engine runs on ${arch}, and these are for another processor: ${names}. Save them on a machine like this one`,
  );
}
