import type { WindowSize } from '../../../platform/processes/terminal-process.ts';
import { textAt, valueAt } from '../../../protocol/json.ts';
import { agentDefaults } from '../../../protocol/mesos-defaults.ts';
import type { CommandInfo, ContainerInfo } from '../../../protocol/mesos.ts';
import { HttpError } from '../../http/http-answer.ts';
import { launchFailure, markOf, toProgram, toTaskEnd } from '../executors/command-executor.ts';
import type { Executor, RunningTask, TaskLaunch } from '../executors/executor.ts';
import type { Fetcher } from '../fetch/fetcher.ts';
import { defaultPath } from '../tasks/task-environment.ts';
import { share } from '../tasks/task-sandbox.ts';
import type { Container, ContainerProcess, ContainerRequest } from './container.ts';
import type { ContainerRecords } from './container-records.ts';
import { isRoot, textOfId, type ContainerId } from './container-id.ts';
import { findOwned, isOfDocker, placeOfOwned, variablesOf, type Place, type PlacesOptions } from './place.ts';
import { Switchboard } from './switchboard.ts';

export interface ContainersOptions extends PlacesOptions {
  readonly fetcher: Fetcher;
  /** Runs the commands of those that nobody looks into. */
  readonly commands: Executor;
  readonly records: ContainerRecords;
}

/**
 * Where a container is to be, and what it sees there.
 * @param parent missing for one by itself
 * @throws HttpError 400
 */
export function placeFor(
  { value }: ContainerId,
  { command, container, isDebug }: ContainerRequest,
  parent: Place | undefined,
  { agent }: ContainersOptions,
): Place {
  if (container?.type === 'DOCKER') throw new HttpError(400, 'The provided ContainerInfo is not supported');
  if (valueAt(container, 'mesos', 'image') !== undefined) {
    throw new HttpError(400, 'An image in a container needs an image provider, which this agent has not');
  }
  const directory = `${parent?.directory ?? agent.workDir}/containers/${value}`;
  const user = command?.user ?? parent?.user;
  const own = { directory, cwd: directory, environment: { PATH: defaultPath, MESOS_SANDBOX: directory } };
  const base = isDebug && parent !== undefined ? { ...parent, directory } : own;
  return {
    ...base,
    environment: { ...base.environment, ...variablesIn(command) },
    ...(user !== undefined && { user }),
  };
}

/** What a container in another one has of that. @throws HttpError 400 */
export function parentPlace(id: ContainerId, live: ReadonlyMap<string, Container>, options: PlacesOptions): Place {
  const key = textOfId(id);
  const parent = live.get(key);
  if (parent?.isDestroyed === true) throw new HttpError(400, `Parent container ${key} is in 'DESTROYING' state`);
  if (parent !== undefined) return parent.place;
  const owned = findOwned(options.table, id);
  if (owned === undefined) throw new HttpError(400, `Parent container ${key} does not exist`);
  // src/slave/containerizer/docker.cpp
  if (isOfDocker(owned)) throw new HttpError(400, 'Nested containers are not supported');
  return placeOfOwned(owned, options);
}

function variablesIn(command: CommandInfo | undefined) {
  try {
    return variablesOf(command);
  } catch (error) {
    // Secrets that nobody knows.
    throw new HttpError(400, error instanceof Error ? error.message : String(error));
  }
}

export interface Started {
  readonly process: ContainerProcess;
  readonly switchboard?: Switchboard;
}

/** @throws Error whose message is for the client, when it cannot be started */
export async function startContainer(container: Container, options: ContainersOptions): Promise<Started> {
  const { world, fetcher } = options;
  const { id, request, place, controller } = container;
  const { command } = request;
  const { directory } = place;
  await world.sandboxes.makeFolder(directory);
  await shareFolders(request.container, directory, options);
  await fetcher.fetch({ command, directory, containerId: textOfId(id), signal: controller.signal });
  controller.signal.throwIfAborted();
  const start = (of: CommandInfo) => startProcess(container, of, options);
  if (command === undefined || (command.value ?? '') === '') return start(saying('Shell command is not specified'));
  return start(command).catch((error: unknown) => {
    const { cause } = error instanceof Error ? error : {};
    if (!isOfSystem(cause)) throw error;
    // Mesos has a program of its own in between, which says so and ends (mesos-containerizer launch).
    return start(saying(`Failed to execute command: ${cause.message}`));
  });
}

/** Goes on with the process of a container that a former agent left; undefined when nothing is left of it. */
export async function attachContainer(
  container: Container,
  { commands }: ContainersOptions,
): Promise<ContainerProcess | undefined> {
  const { command } = container.request;
  const running = command && (await commands.attach?.(launchOf(container, command)));
  return running && toProcess(running);
}

/** The only volumes that are not refused: folders of the parent's sandbox. */
async function shareFolders(container: ContainerInfo | undefined, directory: string, { world }: ContainersOptions) {
  const parent = directory.slice(0, directory.lastIndexOf('/containers/'));
  for (const volume of container?.volumes ?? []) {
    const path = textAt(volume, 'source', 'sandbox_path', 'path') ?? '';
    await share(`${parent}/${path}`, directory, textAt(volume, 'container_path') ?? '', world.sandboxes);
  }
}

async function startProcess(
  container: Container,
  command: CommandInfo,
  { world, agent, commands }: ContainersOptions,
): Promise<Started> {
  const { request, place } = container;
  const tty = request.container?.tty_info;
  if (!request.isDebug && tty === undefined) {
    return { process: toProcess(await commands.launch(launchOf(container, command))) };
  }
  const { directory, cwd, user, environment } = place;
  const size = valueAt(tty, 'window_size') as WindowSize | undefined;
  const process = await world.processes
    .startPiped({
      ...toProgram(command, command.value ?? ''),
      cwd,
      ...(user === undefined ? {} : { user }),
      environment: { ...environment, ...markOf(directory) },
      stdoutFile: `${directory}/stdout`,
      stderrFile: `${directory}/stderr`,
      maxOutputBytes: agent.maxOutputBytes ?? 10 * 1024 * 1024,
      ...(tty !== undefined && { terminal: size === undefined ? {} : { size } }),
    })
    .catch((error: unknown) => {
      throw launchFailure(error);
    });
  const { heartbeatMs = agentDefaults.heartbeatMs } = agent;
  const { id, commandId, ended } = process;
  return {
    process: { id, shownId: commandId, commandId: () => Promise.resolve(commandId), ended: ended.then(toTaskEnd) },
    switchboard: new Switchboard({ process, waitsForListener: request.isDebug, heartbeatMs }),
  };
}

/** A container as if it were a task: so its command is run. */
function launchOf({ id, place, controller, isCheckpointed }: Container, command: CommandInfo): TaskLaunch {
  const key = textOfId(id);
  const { environment: _, ...rest } = command;
  const { directory, environment, user } = place;
  return {
    task: {
      ...{ name: key, task_id: { value: key }, agent_id: { value: '' }, resources: [] },
      command: { ...rest, ...(user !== undefined && { user }) },
    },
    ...{ directory, environment, containerId: key, signal: controller.signal },
    isCheckpointed,
    hasNoExecutor: isRoot(id),
  };
}

const toProcess = ({ processId = 0, commandId, ended, letGo }: RunningTask): ContainerProcess => ({
  ...{ id: processId, shownId: processId, ended },
  commandId: commandId ?? (() => Promise.resolve(processId)),
  ...(letGo !== undefined && { letGo }),
});

/** A program that says why there is none. */
const saying = (text: string): CommandInfo => ({
  shell: false,
  value: '/bin/sh',
  arguments: ['sh', '-c', 'printf "%s\\n" "$0" >&2; exit 1', text],
});

const isOfSystem = (error: unknown): error is Error => error instanceof Error && 'syscall' in error;
