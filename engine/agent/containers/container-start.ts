import type { ProcessRequest } from '../../../platform/processes/process-request.ts';
import type { WindowSize } from '../../../platform/processes/terminal-process.ts';
import { textAt, valueAt } from '../../../protocol/json.ts';
import { agentDefaults } from '../../../protocol/mesos-defaults.ts';
import type { CommandInfo, ContainerInfo } from '../../../protocol/mesos.ts';
import { HttpError } from '../../http/http-answer.ts';
import { markOf, toProgram } from '../executors/command-executor.ts';
import type { Fetcher } from '../fetch/fetcher.ts';
import { defaultPath } from '../tasks/task-environment.ts';
import { share } from '../tasks/task-sandbox.ts';
import type { Container, ContainerProcess, ContainerRequest } from './container.ts';
import { textOfId, type ContainerId } from './container-id.ts';
import { variablesOf, type Place, type PlacesOptions } from './place.ts';
import { Switchboard } from './switchboard.ts';

export interface ContainersOptions extends PlacesOptions {
  readonly fetcher: Fetcher;
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

function variablesIn(command: CommandInfo | undefined) {
  try {
    return variablesOf(command);
  } catch (error) {
    // Secrets that nobody knows.
    throw new HttpError(400, error instanceof Error ? error.message : String(error));
  }
}

interface Started {
  readonly process: ContainerProcess;
  readonly switchboard?: Switchboard;
}

/** @throws Error whose message is for the client, when it cannot be started */
export async function startContainer(
  { id, request, place, controller }: Container,
  options: ContainersOptions,
): Promise<Started> {
  const { world, fetcher, agent } = options;
  const { command, container } = request;
  const { directory } = place;
  await world.sandboxes.makeFolder(directory);
  await shareFolders(container, directory, options);
  await fetcher.fetch({ command, directory, containerId: textOfId(id), signal: controller.signal });
  controller.signal.throwIfAborted();
  const toRequest = (of: CommandInfo): ProcessRequest => ({
    ...toProgram(of, of.value ?? ''),
    cwd: place.cwd,
    ...(place.user === undefined ? {} : { user: place.user }),
    environment: { ...place.environment, ...markOf(directory) },
    stdoutFile: `${directory}/stdout`,
    stderrFile: `${directory}/stderr`,
    maxOutputBytes: agent.maxOutputBytes ?? 10 * 1024 * 1024,
  });
  const start = (of: CommandInfo) => startProcess(request, toRequest(of), options);
  if (command === undefined || (command.value ?? '') === '') return start(saying('Shell command is not specified'));
  return start(command).catch((error: unknown) => {
    if (!isOfSystem(error)) throw error;
    // Mesos has a program of its own in between, which says so and ends (mesos-containerizer launch).
    return start(saying(`Failed to execute command: ${error.message}`));
  });
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
  { isDebug, container }: ContainerRequest,
  request: ProcessRequest,
  { world, agent }: ContainersOptions,
): Promise<Started> {
  const tty = container?.tty_info;
  if (!isDebug && tty === undefined) {
    const process = await world.processes.start(request);
    return { process: { ...process, commandId: process.id } };
  }
  const size = valueAt(tty, 'window_size') as WindowSize | undefined;
  const terminal = tty === undefined ? {} : { terminal: size === undefined ? {} : { size } };
  const process = await world.processes.startPiped({ ...request, ...terminal });
  const { heartbeatMs = agentDefaults.heartbeatMs } = agent;
  return { process, switchboard: new Switchboard({ process, waitsForListener: isDebug, heartbeatMs }) };
}

/** A program that says why there is none. */
const saying = (text: string): CommandInfo => ({
  shell: false,
  value: '/bin/sh',
  arguments: ['sh', '-c', 'printf "%s\\n" "$0" >&2; exit 1', text],
});

const isOfSystem = (error: unknown): error is Error => error instanceof Error && 'syscall' in error;
