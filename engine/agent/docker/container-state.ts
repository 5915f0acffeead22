import { objectOf, type JsonObject } from '../../../protocol/json.ts';
import type { Json } from '../../../protocol/mesos.ts';
import { DockerError, type DockerCli } from './docker-cli.ts';

/** What `docker inspect` says of a container. */
export interface ContainerState {
  readonly id: string;
  /** Without the slash that Docker puts before it. */
  readonly name: string;
  readonly isRunning: boolean;
  /** False for one that was made, but could not be started. */
  readonly hasStarted: boolean;
  readonly exitCode: number;
  readonly wasOutOfMemory: boolean;
  /** As the Engine's machine numbers it; while it runs. */
  readonly processId?: number;
  /** Of its own network; none with the network of the host. */
  readonly ipAddress?: string;
}

/** An Engine that hangs must not keep us waiting. DOCKER_INSPECT_TIMEOUT of Mesos is 5 s, on machines less busy. */
const inspectTimeoutMs = 15_000;

/** Undefined when there is no such container. @throws DockerError when the Engine does not tell */
export async function containerState(
  cli: DockerCli,
  nameOrId: string,
  signal?: AbortSignal,
): Promise<ContainerState | undefined> {
  return (await containerStates(cli, [nameOrId], signal))[0];
}

/** Those of them that there are. */
async function containerStates(
  cli: DockerCli,
  namesOrIds: readonly string[],
  signal?: AbortSignal,
): Promise<readonly ContainerState[]> {
  if (namesOrIds.length === 0) return [];
  const options = { timeoutMs: inspectTimeoutMs, ...(signal !== undefined && { signal }) };
  try {
    return parseStates(await cli.run(['inspect', '--type=container', ...namesOrIds], options));
  } catch (error) {
    if (!(error instanceof DockerError) || !/no such (?:container|object)/i.test(error.stderr)) throw error;
    if (namesOrIds.length === 1) return [];
    // One of them went in the meantime.
    const each = await Promise.all(namesOrIds.map((one) => containerStates(cli, [one], signal)));
    return each.flat();
  }
}

/** Names that Mesos gives: `mesos-<uuid>`, with the agent's id before the uuid from 0.23 to 1.3, or `.executor` behind it. */
const mesosName = /^mesos-(?:.+\.)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\.executor)?$/;

/**
 * The containers of this Engine that were started by an agent, running and ended. A container that is only called
 * `mesos-master` is none; Mesos would take it for one.
 * @throws DockerError when the Engine does not tell
 */
export async function mesosContainers(
  cli: DockerCli,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<readonly ContainerState[]> {
  const options = { timeoutMs, ...(signal !== undefined && { signal }) };
  const text = await cli.run(['ps', '--all', '--no-trunc', '--format', '{{.ID}} {{.Names}}'], options);
  const ids = text.split('\n').flatMap((line) => {
    const [id, names = ''] = line.trim().split(' ');
    // A container that others link to has several names.
    return id !== undefined && names.split(',').some((name) => mesosName.test(name)) ? [id] : [];
  });
  const states: ContainerState[] = [];
  for (let start = 0; start < ids.length; start += 100) {
    states.push(...(await containerStates(cli, ids.slice(start, start + 100), signal)));
  }
  return states;
}

/** @throws Error when it is not what `docker inspect` prints */
function parseStates(text: string): readonly ContainerState[] {
  const parsed = JSON.parse(text) as Json;
  if (!Array.isArray(parsed)) throw new Error('docker inspect did not print a list');
  return (parsed as readonly Json[]).map(parseState);
}

/** A container that has never started (Docker::Container::create of Mesos asks the same). */
const never = '0001-01-01T00:00:00Z';

function parseState(value: Json): ContainerState {
  const container = objectOf(value);
  const state = objectOf(container['State']);
  const [id, name, pid] = [container['Id'], container['Name'], state['Pid']];
  if (typeof id !== 'string' || typeof name !== 'string') throw new Error('Unable to find Id and Name in container');
  const ipAddress = addressOf(container);
  return {
    id,
    name: name.replace(/^\//, ''),
    isRunning: state['Running'] === true,
    hasStarted: state['StartedAt'] !== never,
    exitCode: typeof state['ExitCode'] === 'number' ? state['ExitCode'] : 0,
    wasOutOfMemory: state['OOMKilled'] === true,
    ...(typeof pid === 'number' && pid > 0 && { processId: pid }),
    ...(ipAddress !== undefined && { ipAddress }),
  };
}

/** That of the network which `--net` named; newer Engines have no other place for it. */
function addressOf(container: JsonObject): string | undefined {
  const mode = objectOf(container['HostConfig'])['NetworkMode'];
  const settings = objectOf(container['NetworkSettings']);
  const network = objectOf(objectOf(settings['Networks'])[typeof mode === 'string' ? mode : '']);
  return [network['IPAddress'], settings['IPAddress']].find(
    (address): address is string => typeof address === 'string' && address !== '',
  );
}
