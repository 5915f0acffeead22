import { connect } from 'node:net';
import { get, type RequestOptions } from 'node:http';
import { listAt, objectOf, textAt } from '../../../protocol/json.ts';
import type { ContainerInfo, Json, TaskInfo } from '../../../protocol/mesos.ts';
import type { RunningTask } from '../executors/executor.ts';
import { portMappingsOf } from './port-mappings.ts';

/** One look at a task, from outside or by a command beside it (HealthCheck and CheckInfo of mesos.proto). */
export type Probe =
  | { readonly kind: 'COMMAND'; readonly shellCommand: string }
  | ({ readonly kind: 'HTTP'; readonly scheme: string; readonly path: string } & Target)
  | ({ readonly kind: 'TCP' } & Target);

interface Target {
  readonly port: number;
  /** The port is one inside of the container, which no port of the agent leads to. */
  readonly isInContainer: boolean;
}

/** What was seen: an exit code, a status of HTTP, or whether somebody listens. Undefined: nothing in time. */
export type Seen = number | boolean | undefined;

/** @param check with its type and its command, http or tcp */
export function parseProbe(check: Json | undefined, command: Json | undefined, task: TaskInfo): Probe | undefined {
  const { type, http, tcp } = objectOf(check);
  switch (type) {
    case 'COMMAND':
      return { kind: type, shellCommand: shellCommandOf(command) };
    case 'HTTP': {
      const [scheme, path] = [textAt(http, 'scheme') ?? 'http', textAt(http, 'path') ?? '/'];
      return { kind: type, scheme, path, ...targetOf(http, task) };
    }
    case 'TCP':
      return { kind: type, ...targetOf(tcp, task) };
    default:
      return undefined;
  }
}

function targetOf(target: Json | undefined, { container }: TaskInfo): Target {
  const { port } = objectOf(target);
  const inside = typeof port === 'number' ? port : 0;
  const mapping = portMappingsOf(container).find(({ container_port }) => container_port === inside);
  const isApart = ['BRIDGE', 'USER'].includes(container?.docker?.network ?? 'HOST') || isOnNetwork(container);
  return { port: mapping?.host_port ?? inside, isInContainer: mapping === undefined && isApart };
}

/** Of type MESOS, on one that has a name. */
const isOnNetwork = ({ docker, network_infos: networks = [] }: Partial<ContainerInfo> = {}) =>
  docker === undefined && networks.some((each) => textAt(each, 'name') !== undefined);

/** Where a probe finds the task. @param agent where it finds what has the agent's network */
export const hostOf = (probe: Probe, { ipAddress }: RunningTask, agent: { readonly host: string }): string =>
  probe.kind !== 'COMMAND' && probe.isInContainer ? (ipAddress ?? agent.host) : agent.host;

const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** A CommandInfo as one text for a shell, with its variables. */
function shellCommandOf(command: Json | undefined): string {
  const value = textAt(command, 'value') ?? '';
  const isShell = objectOf(command)['shell'] !== false;
  const words = listAt(command, 'arguments').map(String).slice(1);
  const variables = listAt(command, 'environment', 'variables').map(
    (each) => `export ${textAt(each, 'name') ?? ''}=${quoted(textAt(each, 'value') ?? '')}; `,
  );
  return variables.join('') + (isShell ? value : `exec ${[value, ...words].map(quoted).join(' ')}`);
}

/** @param host where the task's ports are. Never rejects. */
export async function runProbe(probe: Probe, host: string, running: RunningTask, timeoutMs: number): Promise<Seen> {
  try {
    switch (probe.kind) {
      case 'COMMAND':
        // Nothing to run it in: a simulated container passes, as its message says what it is.
        return running.check === undefined ? 0 : await running.check(probe.shellCommand, timeoutMs);
      case 'HTTP':
        return await probeHttp(probe, { host, port: probe.port, path: encodeURI(probe.path) }, timeoutMs);
      case 'TCP':
        return await probeTcp(host, probe.port, timeoutMs);
    }
  } catch {
    // A check that cannot even be made, such as of port 99999.
    return undefined;
  }
}

async function probeHttp({ scheme }: { readonly scheme: string }, target: RequestOptions, timeoutMs: number) {
  // As curl -k, which Mesos's checker is.
  const secure = { ...target, rejectUnauthorized: false };
  const send = scheme === 'https' ? (await import('node:https')).get : get;
  return new Promise<number | undefined>((resolve) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const request = send({ ...secure, agent: false, signal }, (response) => {
      response.destroy();
      resolve(response.statusCode);
    });
    request.on('error', () => {
      resolve(undefined);
    });
  });
}

function probeTcp(host: string, port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs });
    const end = (succeeded: boolean) => () => {
      socket.destroy();
      resolve(succeeded);
    };
    socket.on('connect', end(true)).on('timeout', end(false)).on('error', end(false));
  });
}
