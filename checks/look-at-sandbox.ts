import type { TaskSeen } from './app-definition.ts';
import { describeAnswer, UnreachableError } from './cluster-client.ts';
import type { Cluster } from './cluster-target.ts';
import { executorsIn } from './executors-in.ts';
import { excerpt } from './excerpt.ts';
import { listAt, numberAt, textAt } from '../protocol/json.ts';
import type { AgentSeen } from './look-at-masters.ts';
import type { Seen } from './poll-until.ts';

/** Pages are 64 KiB at most (Mesos: FilesProcess::_read, 16 pages). */
const readBytes = 65_536;
/** With the stack that glog shows of a program that aborts. */
const tailBytes = 16_384;

const failed = (seen: string): Seen => ({ ok: false, seen });

/** Whose sandbox it is. */
type Owner = Pick<TaskSeen, 'id' | 'agentId'>;

/** Of a file of any length no more is looked at. */
const mostPages = 64;

/**
 * Whether a file in the sandbox of a task shows a text, read as Mesos's own pages read it: the agent's `/state` tells the
 * sandbox, `/files/read` its content.
 * @throws Error when one of them does not answer so
 */
export async function lookAtSandbox(
  cluster: Cluster,
  leader: string,
  task: Owner,
  { path = 'stdout', wanted }: { readonly path?: string; readonly wanted: string },
  signal: AbortSignal,
): Promise<Seen> {
  const { url, directory } = await findSandbox(cluster, leader, task, signal);
  const data = await readPages(cluster, url, `${directory}/${path}`, signal);
  if (!data.includes(wanted)) return failed(`${path} in the sandbox of ${task.id} shows "${excerpt(data)}"`);
  const times = data.split(wanted).length - 1;
  return { ok: true, seen: `${path} of ${task.id} at ${url} shows "${wanted}" (${times} times)` };
}

async function readPages(cluster: Cluster, url: string, path: string, signal: AbortSignal): Promise<string> {
  let text = '';
  for (let page = 0, offset = 0; page < mostPages; page++) {
    const { data } = await readFile(cluster, url, path, offset, signal);
    text += data;
    offset += Buffer.byteLength(data);
    if (Buffer.byteLength(data) < readBytes) break;
  }
  return text;
}

/**
 * What a task wrote last to standard error; also one that has ended.
 * @throws Error when its agent does not show it (any more)
 */
export async function endOfStderr(cluster: Cluster, leader: string, task: Owner, signal: AbortSignal): Promise<string> {
  const { url, directory } = await findSandbox(cluster, leader, task, signal);
  const path = `${directory}/stderr`;
  const { offset: size } = await readFile(cluster, url, path, -1, signal);
  return (await readFile(cluster, url, path, Math.max(0, size - tailBytes), signal)).data;
}

async function findSandbox(
  cluster: Cluster,
  leader: string,
  task: Owner,
  signal: AbortSignal,
): Promise<{ readonly url: string; readonly directory: string }> {
  // One of fifty thousand; a master that knows no such filter answers with all.
  const slaves = await cluster.client.ask(`${leader}/slaves?slave_id=${encodeURIComponent(task.agentId)}`, signal);
  const found = listAt(slaves.json, 'slaves').find((each) => textAt(each, 'id') === task.agentId);
  if (found === undefined) throw new Error(`the master does not know the agent ${task.agentId} of ${task.id}`);
  const agent = {
    hostname: textAt(found, 'hostname') ?? '',
    port: numberAt(found, 'port') ?? 5051,
    pid: textAt(found, 'pid') ?? '',
  };
  const { url, state } = await askAgentState(cluster, agent, signal);
  if (textAt(state, 'id') !== task.agentId) {
    throw new Error(`${url} is the agent ${textAt(state, 'id') ?? 'without id'}, not ${task.agentId}`);
  }
  const directory = sandboxOf(state, task.id);
  if (directory === undefined) throw new Error(`${url}/state shows no sandbox of ${task.id}`);
  return { url, directory };
}

/** @param offset where to begin; -1: no content, and the length of the file as offset */
async function readFile(
  { client }: Cluster,
  url: string,
  path: string,
  offset: number,
  signal: AbortSignal,
): Promise<{ readonly data: string; readonly offset: number }> {
  const query = new URLSearchParams({ path, offset: String(offset), length: String(readBytes) });
  const answer = await client.ask(`${url}/files/read?${query.toString()}`, signal);
  const data = textAt(answer.json, 'data');
  if (answer.status !== 200 || data === undefined)
    throw new Error(`${url}/files/read answers ${describeAnswer(answer)}`);
  return { data, offset: numberAt(answer.json, 'offset') ?? 0 };
}

/** By the agent's hostname; where this machine does not know that, by the address in its pid. */
async function askAgentState(
  { client }: Cluster,
  { hostname, port, pid }: Pick<AgentSeen, 'hostname' | 'port' | 'pid'>,
  signal: AbortSignal,
): Promise<{ readonly url: string; readonly state: unknown }> {
  const address = /@(.+)$/.exec(pid)?.[1];
  const names = [`${hostname}:${port}`, ...(address === undefined ? [] : [address])];
  const faults: string[] = [];
  for (const name of new Set(names)) {
    const url = client.urlFor(name);
    try {
      const answer = await client.ask(`${url}/state`, signal);
      if (answer.status === 200) return { url, state: answer.json };
      faults.push(`${url}/state answers ${describeAnswer(answer)}`);
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      faults.push(error.message);
    }
  }
  throw new Error(`the agent of the task does not answer: ${faults.join('; ')}`);
}

/** Command tasks have an executor of the task's own name; others are among the tasks of their executor. */
function sandboxOf(state: unknown, taskId: string): string | undefined {
  const executor = executorsIn(state).find(
    (each) =>
      textAt(each, 'id') === taskId ||
      [...listAt(each, 'tasks'), ...listAt(each, 'queued_tasks')].some((task) => textAt(task, 'id') === taskId),
  );
  return textAt(executor, 'directory');
}
