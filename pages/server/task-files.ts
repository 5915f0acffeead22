import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import { executorsIn } from '../../checks/executors-in.ts';
import { HttpError, type HttpAnswer, type Sink } from '../../engine/http/http-answer.ts';
import { requestTo } from '../../following/request-to.ts';
import { listAt, numberAt, textAt, valueAt } from '../../protocol/json.ts';
import type { FileDetails, FilePart } from '../picture/details.ts';
import type { AgentRow } from '../picture/tables.ts';
import type { ClusterPage } from './cluster-page.ts';
import { ask, askJson, type Answered } from './mesos/ask.ts';
import { fromSeconds, given } from './mesos/read-details.ts';

/** Where an agent is reached: `http://host:port` of what the master says, or another address for it. */
export type AgentUrl = (agent: { readonly host: string; readonly port: number }) => string;

/** What files are looked for below: the sandbox of a task, that of an executor, or a component's own log. */
export type Place =
  | { readonly task: string }
  | { readonly agent: string; readonly container: string }
  /** Id of an agent, or `master`. */
  | { readonly log: string };

/** Mesos reads 16 pages at most (FilesProcess::_read). */
const readBytes = 65_536;

/** The server that has a place, and the path of it there. */
interface Found {
  readonly base: string;
  /** Before `/api/v1`, where several agents have one address. */
  readonly process: string;
  readonly path: string;
}

/** Who knows where files are. */
type Components = Pick<ClusterPage, 'task' | 'agent' | 'leader'>;

/** Files of agents and of the master, as their `/files` and LIST_FILES show them. */
export class TaskFiles {
  readonly #page: Components;
  readonly #agentUrl: AgentUrl;
  /** By the place: it stays where it is. */
  readonly #paths = new Map<string, string>();

  constructor(page: Components, agentUrl: AgentUrl) {
    this.#page = page;
    this.#agentUrl = agentUrl;
  }

  /**
   * @param folder below the place; empty: itself
   * @throws HttpError 404, 502
   */
  async list(place: Place, folder: string, signal: AbortSignal): Promise<readonly FileDetails[]> {
    const inside = below(folder);
    const { path, ...server } = await this.#find(place, signal);
    const answer = await browse(server.base, `${path}${inside}`, signal);
    if (answer.status !== 200) throw refusal(answer, folder);
    const files = listAt(answer.json).map(readFile);
    // Where a link leads, the component knows.
    const find = async (file: FileDetails) => {
      if (!file.mode.startsWith('l')) return file;
      const { status } = await readPart(server, `${path}${inside}/${file.name}`, 0, 0, signal);
      return { ...file, isFolder: status === 400 };
    };
    return Promise.all(files.map(find));
  }

  /**
   * Bytes of a file: READ_FILE alone gives them as they are; `/files/read` makes text of them.
   * @param offset where to begin; -1: so that the end is there
   * @throws HttpError 404, 502
   */
  async read(place: Place, file: string, offset: number, signal: AbortSignal): Promise<FilePart> {
    const inside = below(file);
    const { path, ...server } = await this.#find(place, signal);
    const from = async (start: number, length: number) => {
      const answer = await readPart(server, `${path}${inside}`, start, length, signal);
      if (answer.status !== 200) throw refusal(answer, file);
      const data = textAt(answer.json, 'read_file', 'data') ?? '';
      return { data, offset: start, size: numberAt(answer.json, 'read_file', 'size') ?? 0 };
    };
    if (offset >= 0) return from(offset, readBytes);
    const { size } = await from(0, 0);
    return from(Math.max(0, size - readBytes), readBytes);
  }

  /**
   * A file to be kept: whatever it is, the browser shows nothing of it.
   * @throws HttpError 404, 502
   */
  async download(place: Place, file: string, signal: AbortSignal): Promise<HttpAnswer> {
    const inside = below(file);
    const { base, path } = await this.#find(place, signal);
    const name = (file === '' ? path : file).split('/').at(-1) ?? '';
    const url = `${base}/files/download?path=${encodeURIComponent(`${path}${inside}`)}`;
    return new Promise((resolve, reject) => {
      const asked = requestTo(url, { agent: false, signal }, (answer) => {
        const { statusCode: status } = answer;
        if (status !== 200) {
          answer.resume();
          reject(new HttpError(status === 404 ? 404 : 502, `${new URL(base).host} has no file ${file} to be kept`));
          return;
        }
        const length = answer.headers['content-length'];
        const headers = { ...headersFor(name), ...(length === undefined ? {} : { 'Content-Length': length }) };
        resolve({ status, headers, stream: (sink) => void passTo(sink, answer) });
      });
      asked.on('error', (error) => {
        reject(new HttpError(502, error.message));
      });
      asked.end();
    });
  }

  async #find(place: Place, signal: AbortSignal): Promise<Found> {
    if ('log' in place) {
      if (place.log === 'master') return { base: this.#page.leader, process: '', path: '/master/log' };
      return { ...this.#server(place.log), path: '/slave/log' };
    }
    const server = this.#server('task' in place ? this.#agentOf(place.task) : place.agent);
    const key = JSON.stringify(place);
    const path = this.#paths.get(key) ?? (await sandboxOf(place, server, signal));
    this.#paths.set(key, path);
    return { ...server, path };
  }

  #agentOf(taskId: string): string {
    const task = this.#page.task(taskId);
    if (task === undefined) throw new HttpError(404, `The master knows nothing of the task ${taskId} (any more).`);
    return task.agent;
  }

  #server(id: string): Omit<Found, 'path'> {
    const agent = this.#page.agent(id);
    if (agent === undefined) {
      throw new HttpError(404, `The agent ${id} is not in the cluster (any more): nobody has its files.`);
    }
    return agentServer(agent, this.#agentUrl);
  }
}

/**
 * Where an agent is asked.
 * @throws HttpError 502
 */
export function agentServer(agent: AgentRow, agentUrl: AgentUrl): Omit<Found, 'path'> {
  // Agents say themselves where they are: it is nothing but a host, so that nothing else of a URL comes from them.
  if (!/^[\w.-]+$/.test(agent.host) && !isIPv6(agent.host)) {
    throw new HttpError(502, `the host of the agent is none: ${agent.host}`);
  }
  const url = agentUrl(agent);
  const process = `/${agent.process ?? 'slave(1)'}`;
  // Only where agents share a port are their files below their own process.
  return {
    base: agent.process === undefined ? url : `${url}${process}`,
    process: agent.process === undefined ? process : '',
  };
}

function readFile(file: unknown): FileDetails {
  const mode = textAt(file, 'mode') ?? '';
  return {
    name: (textAt(file, 'path') ?? '').split('/').at(-1) ?? '',
    size: numberAt(file, 'size') ?? 0,
    isFolder: mode.startsWith('d'),
    mode,
    owner: textAt(file, 'uid') ?? '',
    ...given('changedAt', fromSeconds(numberAt(file, 'mtime'))),
  };
}

/** Of a folder it is 400. */
function readPart(
  { base, process }: Omit<Found, 'path'>,
  path: string,
  offset: number,
  length: number,
  signal: AbortSignal,
): Promise<Answered> {
  const call = { type: 'READ_FILE', read_file: { path, offset, length } };
  return ask({ url: `${base}${process}/api/v1`, call, signal });
}

const browse = (base: string, path: string, signal: AbortSignal) =>
  ask({ url: `${base}/files/browse?path=${encodeURIComponent(path)}`, signal });

function refusal({ status, text }: Answered, what: string): HttpError {
  const why = text.trim() === '' ? `it has no ${what === '' ? 'such place' : what} (any more)` : text.trim();
  return new HttpError(status >= 400 && status < 500 ? 404 : 502, `The component says ${status}: ${why}`);
}

/** The component itself keeps everybody inside of what it shows; that nobody climbs out of one place is seen to here. */
function below(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw new HttpError(400, 'a path in a sandbox has no ..');
  return parts.map((part) => `/${part}`).join('');
}

/** By the agent's `/state`, as Mesos's own page does. @throws HttpError 404, 502 */
async function sandboxOf(
  place: Exclude<Place, { readonly log: string }>,
  { base, process }: Omit<Found, 'path'>,
  signal: AbortSignal,
): Promise<string> {
  const state = await askJson({ url: `${base}${process}/state`, signal });
  const isIt = (executor: unknown) =>
    'task' in place
      ? textAt(executor, 'id') === place.task || taskIn(executor, place.task) !== undefined
      : textAt(executor, 'container') === place.container;
  const executor = executorsIn(state).find(isIt);
  const directory = textAt(executor, 'directory');
  if (directory === undefined) throw new HttpError(404, 'Its agent has nothing of it (any more).');
  if (!('task' in place) || textAt(executor, 'type') !== 'DEFAULT') return directory;
  // Tasks of a group have sandboxes of their own, below that of their executor.
  const statuses = listAt(taskIn(executor, place.task), 'statuses');
  const containers = statuses.flatMap((each) => textAt(each, 'container_status', 'container_id', 'value') ?? []);
  for (const folder of [`tasks/${place.task}`, ...containers.slice(-1).map((id) => `containers/${id}`)]) {
    if ((await browse(base, `${directory}/${folder}`, signal)).status === 200) return `${directory}/${folder}`;
  }
  return directory;
}

const taskIn = (executor: unknown, id: string) =>
  ['tasks', 'queued_tasks', 'completed_tasks']
    .flatMap((list) => listAt(executor, list))
    .find((task) => valueAt(task, 'id') === id);

/** Names are whatever tasks call their files: what is no plain letter is told in the way of RFC 5987. */
function headersFor(name: string): Readonly<Record<string, string>> {
  const plain = name.replaceAll(/[^\w.-]/g, '_');
  const exact = encodeURIComponent(name).replaceAll(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return {
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': `attachment; filename="${plain}"; filename*=UTF-8''${exact}`,
  };
}

/** As fast as who takes it. */
async function passTo(sink: Sink, answer: IncomingMessage): Promise<void> {
  try {
    for await (const part of answer as AsyncIterable<Buffer>) {
      if (!sink.write(part)) return;
      await sink.drained();
    }
  } catch {
    // It is shorter than it was said to be: the browser says so.
  } finally {
    answer.destroy();
    sink.end();
  }
}
