import { UserError, type Problem } from '../../errors/user-error.ts';
import type { ClusterRuntime, Lab, LogRequest, OnLogLine, StartOptions } from '../cluster-runtime.ts';
import type { Removal } from '../labs-facet.ts';
import { explainingFailures } from '../../lab/write-failure.ts';
import { stateFolder } from '../../lab/lab-layout.ts';
import { composeFileName } from './compose/compose-file.ts';
import { dockerDoctor } from './doctor/docker-doctor.ts';
import { dockerEngine, type ComposeEngine, type DockerEngine } from './docker-engine.ts';
import { removeDockerRecord } from './lab/docker-record.ts';
import type { DockerWorld } from './docker-world.ts';
import { findLab, knownLab, refuseOtherLab } from './lab/find-lab.ts';
import { getImages, neededImages } from './images/get-images.ts';
import { liteInstead } from './images/lite-instead.ts';
import { intoAgents, localImages } from './images/local-images.ts';
import { enginesOfPods, warmEngines } from './images/warm-engines.ts';
import { cleanRegistry } from './registry/clean-registry.ts';
import { registryStore } from './registry/registry-store.ts';
import { keepImages } from './images/kept-images.ts';
import { ofLab, type LabContainer } from './lab/lab-containers.ts';
import type { DockerFacts, DockerProblem } from './preflight/docker-facts.ts';
import { inspectDocker } from './preflight/inspect-docker.ts';
import { refusals } from './preflight/refusals.ts';
import { refuseTakenNetwork } from './preflight/taken-network.ts';
import { checkPublishedPorts, portsOf } from './start/published-ports.ts';
import { dockerLabs } from './lab/docker-labs.ts';
import { removedText, removeLabFrom } from './lab/remove-lab.ts';
import { showLogs } from './lab/show-logs.ts';
import { startLab } from './start/start-lab.ts';
import { masterAddresses } from './agents/partition.ts';
import { controlContainers } from './lab/control-containers.ts';
import { partsNamed } from './lab/control-parts.ts';

/** Real containers, on the Docker Engine of this machine, with Docker Compose. */
export function dockerRuntime(world: DockerWorld): ClusterRuntime {
  const engine = dockerEngine(world);
  // Asked before the choice, and again when it fell on Docker: three processes each time.
  let inspection: Promise<DockerFacts | DockerProblem> | undefined;
  const inspect = () => (inspection ??= inspectDocker(world));
  return {
    name: 'docker',
    // Real images start Java twice.
    times: { readyMs: 300_000, appsMs: 300_000, intervalMs: 100 },
    refusal: (lab, verb) => (verb === 'up' ? whyNotUp(world, lab, inspect) : Promise.resolve(undefined)),
    find: ({ directory }) => findLab(world, engine, directory),
    prepare: async (lab, options) => prepare(world, engine, lab, await inspect(), options),
    start: ({ directory }, options) => startLab(world, engine, directory, options),
    remove: (lab) => remove(world, engine, lab),
    control: async (lab, action, names, signal) => {
      const { project, containers } = await projectOf(world, engine, lab);
      const chosen = names.length === 0 ? [] : partsNamed(containers, names, action);
      const masters = () => masterAddresses(engine, containers, signal);
      await controlContainers(project, chosen, { action, signal, all: containers, masters });
    },
    logs: (lab, request, onLine) => logs(world, engine, lab, request, onLine),
    exec: async (lab, id, words, signal) => {
      const { containers } = await projectOf(world, engine, lab);
      const container = containers.find((each) => each.id === id);
      if (container === undefined) throw unknownPart(id, containers);
      return exec(engine, container, words, world.hasTerminal(), signal);
    },
    doctor: async (question) => dockerDoctor(world, await inspect(), question),
    images: {
      ...localImages(world),
      warm: async ({ plan, directory, ...told }, images) => {
        const { containers } = await projectOf(world, engine, { directory });
        const shared = { name: 'this machine', run: engine.run };
        return warmEngines(
          plan.agentDocker === 'dind' ? enginesOfPods(engine, containers, told) : [shared],
          images,
          told,
        );
      },
      clean: async ({ plan, directory, ...told }) => {
        const { containers } = await projectOf(world, engine, { directory });
        return cleanRegistry(registryStore(engine, containers, plan), told);
      },
      // With `agentDocker: socket` all use the machine's Engine.
      loadIntoAgents: async (request, images, see) =>
        request.plan.agentDocker === 'dind'
          ? intoAgents(world, request, { images, onProgress: see })
          : { engines: [], copied: [], notHere: [] },
    },
    labs: dockerLabs(world, engine),
    instead: (failed) => liteInstead(world, failed),
  };
}

async function whyNotUp(
  world: DockerWorld,
  { directory }: Lab,
  inspect: () => Promise<DockerFacts | DockerProblem>,
): Promise<Problem | undefined> {
  if (world.files.kindOf(`${directory}/${composeFileName}`) === undefined) {
    return {
      code: 'USAGE_NOT_A_LAB',
      message: `the lab has no ${composeFileName}`,
      fix: 'create-mesos-cluster generate writes it',
    };
  }
  const facts = await inspect();
  return facts.kind === 'problem' ? facts : undefined;
}

/** Refuses what cannot run before a single byte is pulled. */
async function prepare(
  world: DockerWorld,
  engine: ComposeEngine,
  lab: Lab,
  facts: DockerFacts | DockerProblem,
  options: StartOptions,
): Promise<void> {
  const { plan, force, upWith, tell, signal } = options;
  if (facts.kind === 'problem') throw new UserError(facts);
  if (facts.isRemote || facts.context !== 'default') tell.note(`Docker: context ${facts.context}, ${facts.endpoint}`);
  for (const { isWarning, ...problem } of refusals(facts, plan)) {
    if (!isWarning && !force) throw new UserError({ ...problem, fix: `${problem.fix}; or --force, which tries it` });
    tell.warn(`${problem.message}: ${problem.found}`);
  }
  const { directory } = lab;
  await refuseOtherLab({ engine, name: plan.name, directory, file: '' }, world);
  // Those that its containers have already are its own.
  if (!facts.isRemote) {
    const own = await portsOf(engine, ofLab(plan.name));
    await checkPublishedPorts(plan, { ...world, engine }, own, upWith);
  }
  await refuseTakenNetwork(engine, plan, upWith, signal);
  await getImages(neededImages(plan), { ...world, engine, directory, tell, signal });
}

/** The names under which something of this folder may be there: it may have been renamed since. */
async function remove(world: DockerWorld, engine: ComposeEngine, { directory }: Lab): Promise<Removal | undefined> {
  const { record, containers } = await knownLab(world, engine, directory);
  const names = new Set([...containers.map(({ lab }) => lab), ...(record === undefined ? [] : [record.name])]);
  if (names.size === 0) return undefined;
  const removed: string[] = [];
  const left: string[] = [];
  for (const name of names) {
    await refuseOtherLab({ engine, name, directory, file: '' }, world);
    const counts = await removeLabFrom(engine, name, world.clock);
    removed.push(removedText(counts));
    left.push(...counts.left);
  }
  explainingFailures(directory, 'Its containers are gone', () => {
    removeDockerRecord(world.files, directory);
    world.files.removeEmptyFolder(`${directory}/${stateFolder}`);
  });
  return {
    removed: removed.filter((text) => text !== '').join('; '),
    kept: [...(await keepImages(engine, containers)), ...left],
  };
}

/** The project of a lab that is there. */
async function projectOf(world: DockerWorld, engine: ComposeEngine, { directory }: Lab) {
  const { record, containers } = await knownLab(world, engine, directory);
  const [first] = containers;
  if (first === undefined) {
    throw new UserError({ code: 'LAB_NOT_RUNNING', message: 'This lab does not run', fix: 'Start it: npm run up' });
  }
  const file = record === undefined ? first.composeFile : `${directory}/${record.composeFile}`;
  return { project: { engine, name: first.lab, directory, file }, containers };
}

async function logs(
  world: DockerWorld,
  engine: ComposeEngine,
  { directory }: Lab,
  request: LogRequest,
  onLine: OnLogLine,
): Promise<boolean> {
  const { containers } = await knownLab(world, engine, directory);
  const [first] = containers;
  if (first === undefined || request.ids.some((id) => !containers.some((each) => each.id === id))) return false;
  await showLogs(engine, first.lab, request, onLine);
  return true;
}

/** With a terminal where the user has one, so that a shell works as usual. */
export async function exec(
  engine: DockerEngine,
  { containerId }: LabContainer,
  words: readonly string[],
  hasTerminal: boolean,
  signal: AbortSignal,
): Promise<number> {
  const flags = ['--interactive', ...(hasTerminal ? ['--tty'] : [])];
  const result = await engine.attach(['exec', ...flags, containerId, ...words], signal);
  signal.throwIfAborted();
  if (result.kind === 'ended') return result.exitCode;
  throw new UserError({ code: 'COMMAND_FAILED', message: 'docker exec was ended by a signal' });
}

export function unknownPart(id: string, containers: readonly LabContainer[]): UserError {
  return new UserError({
    code: 'USAGE_UNKNOWN_NAME',
    message: `the lab has no container called ${id}`,
    found: id,
    allowed: containers.map((each) => each.id).join(', '),
  });
}
