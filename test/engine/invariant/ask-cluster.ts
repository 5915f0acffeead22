import { request } from 'node:http';
import type { MasterState } from './answers.ts';
import type { SmallCluster } from './small-cluster.ts';

/** Long enough for the slowest honest answer, that of a Marathon that gives up on another one. */
const patienceMs = 20_000;

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Undefined: the connection broke before all of the answer was there. */
function ask(method: string, url: string, body?: unknown): Promise<Answer | undefined> {
  const sent = body === undefined ? '' : JSON.stringify(body);
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(sent) };
  return new Promise((resolve) => {
    const fail = () => {
      resolve(undefined);
    };
    // A connection of its own: nothing of a cluster is kept for the next one.
    const outgoing = request(url, { method, headers, agent: false, timeout: patienceMs }, (message) => {
      let text = '';
      message.setEncoding('utf8').on('data', (part: string) => (text += part));
      message.on('error', fail).on('end', () => {
        resolve({ status: message.statusCode ?? 0, text });
      });
    });
    outgoing
      .on('timeout', () => outgoing.destroy())
      .on('error', fail)
      .on('close', fail);
    outgoing.end(sent);
  });
}

/** JSON of what answers with it; undefined when nobody does, or not so. */
export async function read<Content>(url: string): Promise<Content | undefined> {
  const answer = await ask('GET', url);
  return answer?.status === 200 ? (JSON.parse(answer.text) as Content) : undefined;
}

/** The status that a request is answered with; undefined: the connection broke before. */
export async function send(method: string, url: string, body?: unknown): Promise<number | undefined> {
  const answer = await ask(method, url, body);
  if (answer?.status === 400 || answer?.status === 422) {
    throw new Error(`${method} ${url}: ${answer.status} ${answer.text}`);
  }
  return answer?.status;
}

/** What the leading master says. */
export async function masterState({ masters }: SmallCluster): Promise<MasterState | undefined> {
  const states = await Promise.all(masters.map(({ url }) => read<MasterState>(`${url}/state`)));
  return states.find((state) => state?.leader_info !== undefined && state.leader_info.id === state.id);
}
