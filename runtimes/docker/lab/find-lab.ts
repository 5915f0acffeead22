import { targetFromPlan } from '../../../checks/cluster-target.ts';
import { isUserError, UserError } from '../../../errors/user-error.ts';
import { isRunning } from '../../../platform/processes/process-identity.ts';
import { shellWord } from '../../../platform/processes/shell-words.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import type { FoundLab, LabPart, RunningLab, StartOptions } from '../../cluster-runtime.ts';
import type { LabRecord } from '../../lab-record.ts';
import { chooseComposeFile, writeChosen } from '../compose/compose-file.ts';
import { composeChanges, type ComposeProject } from '../compose/compose-project.ts';
import type { ComposeEngine } from '../docker-engine.ts';
import { dockerRecordPath, movedFrom, ownFolders, readDockerRecord, type DockerRecord } from './docker-record.ts';
import type { DockerWorld } from '../docker-world.ts';
import { fullDiskOf } from './full-disk.ts';
import { inFolder, labContainers, ofLab, type LabContainer, isDoneWithout } from './lab-containers.ts';
import { isUp } from './control-containers.ts';
import { podParts } from '../agents/pod-parts.ts';
import { watchContainers } from '../start/watch-containers.ts';

/** Everything that Docker and our own record know of a lab's folder. */
export interface KnownLab {
  readonly record: DockerRecord | undefined;
  /** Of this folder, or of the one that it was moved from, whatever the lab was called then. */
  readonly containers: readonly LabContainer[];
}

/**
 * What there is of a lab: by the folder that its containers bear, so that a lab of the same name in another folder is
 * not taken for it.
 * @throws UserError when there is a record and Docker does not answer; without one there is nothing to ask for
 */
export async function knownLab(world: DockerWorld, engine: ComposeEngine, directory: string): Promise<KnownLab> {
  const record = readDockerRecord(world.files, directory);
  const folders = ownFolders(world.files, directory);
  try {
    const found = await Promise.all(folders.map((folder) => labContainers(engine, inFolder(folder))));
    return { record, containers: found.flat() };
  } catch (error) {
    if (record !== undefined && !world.signal.aborted) throw withOwner(error, world, directory);
    if (world.signal.aborted) throw error;
    return { record, containers: [] };
  }
}

/** Who may not talk to the Engine learns whose lab it is: what runs of it runs on. */
function withOwner(error: unknown, { files }: DockerWorld, directory: string): unknown {
  if (!isUserError(error)) return error;
  const [first, ...more] = error.problems;
  const owner = files.ownerOf(dockerRecordPath(directory));
  if (first.code !== 'MACHINE_DOCKER_PERMISSION' || owner === undefined) return error;
  const message = `${first.message}, on which ${owner} started this lab; nothing was done, what runs of it runs on`;
  const asOwner = `sudo -u ${owner} create-mesos-cluster VERB --lab ${shellWord(directory)}`;
  return new UserError({ ...first, message, fix: `${first.fix ?? ''}; or let ${owner} do it: ${asOwner}` }, ...more);
}

/** As ClusterRuntime.find. */
export async function findLab(world: DockerWorld, engine: ComposeEngine, directory: string): Promise<FoundLab> {
  const { record, containers } = await knownLab(world, engine, directory);
  if (record === undefined && containers.length === 0) return { kind: 'nothing' };
  if (record?.phase === 'starting' && record.isFresh && !isRunning(record.process)) return { kind: 'remains' };
  // What an up did not have to change bears the file of the one before it.
  const isOfRecord =
    record !== undefined &&
    (containers.length === 0 ||
      containers.some((each) => each.composeFile === `${each.directory}/${record.composeFile}`));
  const plan = isOfRecord ? record.plan : await readablePlan(world, directory, record);
  if (isUserError(plan)) return { kind: 'unplanned', parts: containers, problem: plan };
  const lab = runningLab(world, engine, directory, {
    plan,
    containers,
    settings: isOfRecord ? record.settings : [],
  });
  const runs = containers.some(isUp);
  return { kind: runs ? 'running' : 'stopped', lab };
}

/**
 * What the spec of a lab says; while it has problems, what it said at the last start. Its problems, if there was none: they
 * must not be in the way of whoever wants to end what runs.
 */
export async function readablePlan(
  world: Pick<DockerWorld, 'planOf'>,
  directory: string,
  record: LabRecord | undefined,
): Promise<Plan | UserError> {
  try {
    return await world.planOf(directory);
  } catch (error) {
    if (!isUserError(error)) throw error;
    return record?.plan ?? error;
  }
}

/** A lab whose containers are there. */
export function runningLab(
  world: DockerWorld,
  engine: ComposeEngine,
  directory: string,
  of: { readonly plan: Plan; readonly containers: readonly LabContainer[]; readonly settings: readonly unknown[] },
): RunningLab {
  const { plan, containers, settings } = of;
  const former = movedFrom(world.files, directory, readDockerRecord(world.files, directory));
  return {
    runtime: 'docker',
    plan,
    target: targetFromPlan(plan),
    parts: [...containers, ...missingParts(plan, containers)],
    doneWithout: containers.filter(isDoneWithout).map(({ id }) => id),
    settings,
    differences: (options) => differences(world, engine, directory, options),
    ...(former !== undefined && containers.some((each) => each.directory === former) ? { movedFrom: former } : {}),
    fullDisk: (signal) => fullDiskOf(engine, containers, { freeSpace: world.freeSpace, signal }),
    watch: (signal) => watchContainers(engine, plan.name, signal),
  };
}

/** Components, and the rest of agents' pods, that have no container at all. */
function missingParts(plan: Plan, containers: readonly LabContainer[]): readonly LabPart[] {
  const parts = plan.nodes.flatMap(({ components }) =>
    components.map(({ service: id, role, node }) => ({ id, role, node })),
  );
  return [...parts, ...podParts(plan)]
    .filter((part) => !containers.some(({ id }) => id === part.id))
    .map((part) => ({ ...part, state: 'missing', detail: 'no container' }));
}

/** What a start would change, asked of Compose. */
async function differences(
  world: DockerWorld,
  engine: ComposeEngine,
  directory: string,
  { plan, settings }: Pick<StartOptions, 'plan' | 'settings'>,
): Promise<readonly string[]> {
  const { files } = world;
  const { path, text } = chooseComposeFile(directory, plan, settings.length > 0, world);
  // Only to be compared: nothing of the run is touched.
  const file = text === undefined ? path : `${path}.draft`;
  writeChosen(files, directory, { path: file, ...(text === undefined ? {} : { text }) });
  const isRenewed = movedFrom(files, directory, readDockerRecord(files, directory)) !== undefined;
  const changes = await composeChanges({ engine, name: plan.name, directory, file, isRenewed }).finally(() => {
    if (text !== undefined) files.removeFile(file);
  });
  return changes.map(({ service, change }) => `${service} is ${change}`);
}

/**
 * Compose tells projects apart by their names alone: a lab of the same name in another folder would be taken over.
 * @throws UserError SPEC_DUPLICATE
 */
export async function refuseOtherLab({ engine, name, directory }: ComposeProject, world: DockerWorld): Promise<void> {
  const own = ownFolders(world.files, directory);
  const other = (await labContainers(engine, ofLab(name))).find((each) => !own.includes(each.directory));
  if (other === undefined) return;
  throw new UserError({
    code: 'SPEC_DUPLICATE',
    message: `The containers of a lab called ${name} belong to another folder; nothing was done`,
    place: { kind: 'path', path: directory },
    found: other.directory,
    fix: `End that lab (create-mesos-cluster down ${name}), or give this one another name in mesos-cluster.yaml`,
  });
}
