import { isUserError, UserError } from '../../../errors/user-error.ts';
import { ownIdentity } from '../../../platform/processes/process-identity.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import { cleanUp } from '../../clean-up.ts';
import { plainUp } from '../../port-moves.ts';
import type { StartedLab, StartOptions } from '../../cluster-runtime.ts';
import { chooseComposeFile } from '../compose/compose-file.ts';
import { composeUp, progressOf, removeOrphanVolumes, type ComposeProject } from '../compose/compose-project.ts';
import { lastLines, type ComposeEngine } from '../docker-engine.ts';
import { movedFrom, removeDockerRecord, writeDockerRecord, type DockerRecord } from '../lab/docker-record.ts';
import type { DockerWorld } from '../docker-world.ts';
import { knownLab, runningLab } from '../lab/find-lab.ts';
import { inFolder, labContainers, ofLab, type LabContainer } from '../lab/lab-containers.ts';
import { podParts } from '../agents/pod-parts.ts';
import { checkPublishedPorts, holderOf, portsOf } from './published-ports.ts';
import { removeLabFrom } from '../lab/remove-lab.ts';
import { agentsToRenew, renewAgents } from '../agents/renew-agents.ts';
import { agentsThatGo, retireAgents } from '../agents/retire-agents.ts';
import { leaveNetwork } from './changed-network.ts';
import { hasLostNetwork } from './lost-network.ts';
import { putInPlace } from './put-in-place.ts';
import { startFailure } from './start-failure.ts';
import { handedOver, watchContainers } from './watch-containers.ts';
import { watchProbes } from './watch-probes.ts';

/** As ClusterRuntime.start. */
export async function startLab(
  world: DockerWorld,
  engine: ComposeEngine,
  directory: string,
  options: StartOptions,
): Promise<StartedLab> {
  const { files } = world;
  const { plan, settings, tell } = options;
  const before = await knownLab(world, engine, directory);
  const former = movedFrom(files, directory, before.record);
  const renewal = await whyRenewed(engine, before.containers, former, options.signal);
  if (renewal !== undefined) tell.note(renewal);
  const isFresh = before.containers.length === 0 && before.record === undefined;
  const chosen = chooseComposeFile(directory, plan, settings.length > 0, world);
  putInPlace(world, directory, chosen, options);
  let record: DockerRecord = {
    ...{ format: 1, name: plan.name, phase: 'starting', isFresh, process: ownIdentity() },
    // Until what cannot change in place is gone: else an up after a broken one would not know of it.
    ...{ plan: before.record?.plan ?? plan, directory: former ?? directory },
    ...{ composeFile: chosen.path.slice(directory.length + 1), settings },
  };
  // First: whoever comes after a kill finds by it what has to go.
  writeDockerRecord(files, directory, record);
  const project = { engine, name: plan.name, directory, file: chosen.path, isRenewed: renewal !== undefined };
  const watching = new AbortController();
  const broken = watchContainers(engine, plan.name, watching.signal);
  const keep = () => {
    watching.abort();
    writeDockerRecord(files, directory, { ...record, phase: 'kept' });
    return Promise.resolve();
  };
  const abandon = async () => {
    watching.abort();
    if (isFresh) {
      await removeLabFrom(engine, plan.name, world.clock);
      removeDockerRecord(files, directory);
    } else {
      writeDockerRecord(files, directory, { ...record, phase: 'kept' });
      tell.warn('What was there before is left, with the changes so far: up goes on with them, down ends it');
    }
  };
  try {
    if (before.record !== undefined) {
      await endUnchangeable(world, project, { ...before, plan: before.record.plan }, options);
      options.signal.throwIfAborted();
      record = { ...record, plan };
      writeDockerRecord(files, directory, record);
    }
    await bringUp(world, project, options, { broken, isFresh });
    // All of them bear this folder now.
    record = { ...record, directory };
    if (!isFresh) await removeOrphanVolumes(project);
    const containers = await labContainers(engine, inFolder(directory));
    return {
      ...runningLab(world, engine, directory, { plan, containers, settings }),
      watch: handedOver(broken, watching),
      keep,
      abandon,
    };
  } catch (error) {
    if (options.retain) {
      await keep();
      tell.warn('What was started is left (--retain): create-mesos-cluster down ends it');
    } else {
      await cleanUp(tell, abandon);
    }
    throw error;
  }
}

/** Ends what cannot become what the plan says where it is: agents that are others or gone, and the network. */
async function endUnchangeable(
  { clock }: DockerWorld,
  project: ComposeProject,
  before: { readonly plan: Plan; readonly containers: readonly LabContainer[] },
  options: StartOptions,
): Promise<void> {
  const { plan, tell } = options;
  const { engine } = project;
  const renewed = agentsToRenew(before.plan, plan);
  if (renewed.length > 0)
    tell.note(`${renewed.join(', ')} become new agents: Mesos lets none change its port, resources or attributes`);
  const renewing = before.containers.filter(({ id, state }) => renewed.includes(id) && state === 'running');
  const going = agentsThatGo(before.plan, plan, before.containers);
  await retireAgents(engine, [...renewing, ...going], { clock, tell });
  await renewAgents(project, renewed, before.containers);
  await leaveNetwork(engine, clock, before.plan, options);
}

/** Why all containers are made anew, in words. @param former the folder that the lab was moved from */
async function whyRenewed(
  engine: ComposeEngine,
  containers: readonly LabContainer[],
  former: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (containers.some((each) => each.directory === former))
    return `The lab was moved here from ${former ?? ''}: its containers are made anew`;
  const isLost = await hasLostNetwork(engine, containers, signal);
  return isLost
    ? 'The network of the lab is gone, as after docker network prune: its containers are made anew, with their volumes'
    : undefined;
}

/**
 * Runs Compose until everything was started, or something broke.
 * @param state `broken` resolves when a container ended for good
 */
async function bringUp(
  world: DockerWorld,
  project: ComposeProject,
  options: StartOptions,
  { broken, isFresh }: { readonly broken: Promise<UserError>; readonly isFresh: boolean },
): Promise<void> {
  const { plan, timeoutMs, tell, signal } = options;
  const count = containerCount(plan);
  const enough = new AbortController();
  const until = world.clock.now() + timeoutMs;
  const either = AbortSignal.any([signal, enough.signal]);
  const said: string[] = [];
  const title = `${isFresh ? 'Starting' : 'Changing what differs in'} ${count} container${count === 1 ? '' : 's'}`;
  await tell.step({ title, deadlineMs: timeoutMs }, async (see) => {
    const waiting = new Set<string>();
    const onLine = progressReader(project, count, { said, waiting, see });
    const composing = composeUp(project, { signal: either, timeoutMs, onLine });
    const probes = watchProbes(project, waiting, { clock: world.clock, signal: either });
    const failure = await Promise.race([broken, probes, composing.then(() => undefined)]);
    enough.abort();
    const result = await composing;
    signal.throwIfAborted();
    if (failure !== undefined) throw failure;
    if (result.kind === 'ended' && result.exitCode === 0) return;
    // Compose that is ended says `canceled` and fails.
    if (result.kind === 'stopped' || world.clock.now() >= until) throw tooSlow(timeoutMs, said);
    throw await startFailure(project, said.join('\n'), (port) => portTaken(port, project, world, options), signal);
  });
}

/** The registry add-on has one more where it has a cache. */
const containerCount = (plan: Plan): number =>
  plan.nodes.reduce((count, { components }) => count + components.length, 0) +
  podParts(plan).length +
  (plan.addons.includes('registry') && plan.agentDocker === 'dind' ? 1 : 0);

/** Keeps what Compose says and which services it waits for, and tells of it how far it is. */
function progressReader(
  project: ComposeProject,
  count: number,
  to: { readonly said: string[]; readonly waiting: Set<string>; readonly see: (text: string) => void },
) {
  const { said, waiting, see } = to;
  const started = new Set<string>();
  return (line: string) => {
    said.push(line);
    const progress = progressOf(line, project);
    if (progress === undefined) return;
    const { service, state } = progress;
    if (state === 'Started' || state === 'Running') started.add(service);
    if (state === 'Waiting') waiting.add(service);
    if (state === 'Healthy') waiting.delete(service);
    const rest = waiting.size === 0 ? '' : `, waiting for ${[...waiting].join(', ')}`;
    see(`${started.size} of ${count} started${rest}`);
  };
}

function tooSlow(timeoutMs: number, said: readonly string[]): UserError {
  return new UserError({
    code: 'NOT_READY',
    message: `Docker has not started everything within ${timeoutMs / 1000} s`,
    found: lastLines(said.join('\n'), 5),
    fix: '--timeout SECONDS waits longer; --retain leaves what was started, to look at it',
  });
}

/** Another program was faster than Compose, or has a port in a way that only Docker minds. */
async function portTaken(
  port: number,
  { engine, name }: ComposeProject,
  world: DockerWorld,
  { plan, upWith = plainUp }: StartOptions,
): Promise<UserError> {
  try {
    await checkPublishedPorts(plan, { ...world, engine }, await portsOf(engine, ofLab(name)), upWith);
  } catch (error) {
    if (isUserError(error)) return error;
    throw error;
  }
  return new UserError({
    code: 'MACHINE_PORT_TAKEN',
    message: `a port that the lab needs is taken: ${port}`,
    found: await holderOf(port, { ...world, engine }),
    fix: `end that; or move all ports: ${upWith([`--port-offset ${plan.portOffset + 100}`])}`,
  });
}
