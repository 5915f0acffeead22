import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIPv6 } from 'node:net';
import { HttpError } from '../../engine/http/http-answer.ts';
import { listAt, numberAt, parseJson, textAt } from '../../protocol/json.ts';
import type { ClusterPage } from './cluster-page.ts';

/** Where an agent is reached: `http://host:port` of what the master says, or another address for it. */
export type AgentUrl = (agent: { readonly host: string; readonly port: number }) => string;

interface Ask {
  readonly url: string;
  readonly signal: AbortSignal;
}

const answerMs = 5000;
/** The agent's `/state` has all of its tasks. */
const mostBytes = 64 * 1024 * 1024;
/** Pages are 64 KiB at most (Mesos: FilesProcess::_read, 16 pages). */
const readBytes = 65_536;
const mostBytesOfCharacter = 4;

/** @throws HttpError 502 */
function ask({ url, signal }: Ask): Promise<{ readonly status: number; readonly json: unknown }> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      reject(new HttpError(502, why));
    };
    const request = url.startsWith('https:') ? httpsRequest : httpRequest;
    const asked = request(url, { agent: false, signal }, (answer) => {
      const parts: Buffer[] = [];
      let size = 0;
      answer.on('data', (part: Buffer) => {
        size += part.length;
        if (size > mostBytes) answer.destroy(new Error(`${url} answers more than ${mostBytes} bytes`));
        else parts.push(part);
      });
      answer.on('error', (error) => {
        fail(error.message);
      });
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, json: parseJson(Buffer.concat(parts).toString('utf8')) });
      });
    });
    asked.setTimeout(answerMs, () => asked.destroy(new Error(`${url} does not answer within ${answerMs / 1000} s`)));
    asked.on('error', (error) => {
      fail(error.message);
    });
    asked.end();
  });
}

/** A file in the sandbox of a task. */
export interface TaskFile {
  readonly name: string;
  readonly size: number;
  readonly isFolder: boolean;
}

/** A part of a file, as text. */
export interface FilePart {
  readonly data: string;
  readonly offset: number;
  /** Where the next part begins. */
  readonly next: number;
}

/** Where tasks are. */
type Tasks = Pick<ClusterPage, 'task' | 'agentOf'>;

/** The sandboxes of tasks, as Mesos's own page finds them: by the agent's `/state`, `/files/browse` and `/files/read`. */
export class TaskFiles {
  readonly #page: Tasks;
  readonly #agentUrl: AgentUrl;
  /** By the task: it stays where it is. */
  readonly #sandboxes = new Map<string, string>();

  constructor(page: Tasks, agentUrl: AgentUrl) {
    this.#page = page;
    this.#agentUrl = agentUrl;
  }

  /**
   * @param folder below the sandbox; empty: itself
   * @throws HttpError 404, 502
   */
  async list(taskId: string, folder: string, signal: AbortSignal): Promise<readonly TaskFile[]> {
    const path = `${await this.#sandbox(taskId, signal)}${below(folder)}`;
    const { status, json } = await ask({ url: `${this.#base(taskId)}/files/browse?${query({ path })}`, signal });
    if (status !== 200) throw new HttpError(404, `the agent shows no folder ${folder}`);
    return listAt(json).map((each) => ({
      name: (textAt(each, 'path') ?? '').split('/').at(-1) ?? '',
      size: numberAt(each, 'size') ?? 0,
      isFolder: (textAt(each, 'mode') ?? '').startsWith('d'),
    }));
  }

  /**
   * @param offset where to begin; -1: no content, and the length of the file
   * @throws HttpError 404, 502
   */
  async read(taskId: string, file: string, offset: number, signal: AbortSignal): Promise<FilePart> {
    const path = `${await this.#sandbox(taskId, signal)}${below(file)}`;
    const readPart = async (from: number, length: number) => {
      const search = query({ path, offset: String(from), length: String(length) });
      const { status, json } = await ask({ url: `${this.#base(taskId)}/files/read?${search}`, signal });
      if (status !== 200) throw new HttpError(404, `the agent shows no file ${file}`);
      return { data: textAt(json, 'data') ?? '', offset: numberAt(json, 'offset') ?? 0 };
    };
    const part = await readPart(offset, readBytes);
    if (!part.data.includes('\uFFFD')) return { ...part, next: part.offset + Buffer.byteLength(part.data) };
    // What is no text is told in other bytes than it has: how many were read is known of those that are there for sure.
    const { offset: size } = await readPart(-1, 0);
    const length = Math.min(readBytes, Math.max(0, size - offset));
    const again = await readPart(offset, length);
    const told = Buffer.byteLength(again.data);
    // The agent leaves out a character that is cut at the end.
    const isText = told <= length && told > length - mostBytesOfCharacter;
    return { ...again, next: offset + (isText ? told : length) };
  }

  #base(taskId: string): string {
    const task = this.#page.task(taskId);
    if (task === undefined) throw new HttpError(404, `no task ${taskId} is known (any more)`);
    const agent = this.#page.agentOf(task);
    if (agent === undefined) throw new HttpError(404, `the agent of ${taskId} is gone, and its sandbox with it`);
    // Agents say themselves where they are: it is nothing but a host, so that nothing else of a URL comes from them.
    if (!isHost(agent.host)) throw new HttpError(502, `the host of the agent is none: ${agent.host}`);
    return this.#agentUrl(agent);
  }

  async #sandbox(taskId: string, signal: AbortSignal): Promise<string> {
    const known = this.#sandboxes.get(taskId);
    if (known !== undefined) return known;
    const { json } = await ask({ url: `${this.#base(taskId)}/state`, signal });
    const directory = sandboxIn(json, taskId);
    if (directory === undefined) throw new HttpError(404, `its agent shows no sandbox of ${taskId}`);
    this.#sandboxes.set(taskId, directory);
    return directory;
  }
}

const isHost = (host: string) => /^[\w.-]+$/.test(host) || isIPv6(host);

const query = (fields: Readonly<Record<string, string>>) => new URLSearchParams(fields).toString();

/** The agent itself keeps everybody inside of what it shows; that nobody climbs out of one sandbox is seen to here. */
function below(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw new HttpError(400, 'a path in a sandbox has no ..');
  return parts.map((part) => `/${part}`).join('');
}

/** Command tasks have an executor of the task's own name; others are among the tasks of their executor. */
function sandboxIn(state: unknown, taskId: string): string | undefined {
  const frameworks = [...listAt(state, 'frameworks'), ...listAt(state, 'completed_frameworks')];
  const executors = frameworks.flatMap((each) => [
    ...listAt(each, 'executors'),
    ...listAt(each, 'completed_executors'),
  ]);
  const tasks = ['tasks', 'queued_tasks', 'completed_tasks'];
  const executor = executors.find(
    (each) =>
      textAt(each, 'id') === taskId ||
      tasks.some((list) => listAt(each, list).some((task) => textAt(task, 'id') === taskId)),
  );
  return textAt(executor, 'directory');
}
