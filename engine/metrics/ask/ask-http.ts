import { Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import { answerBytes } from '../../../following/answer-bytes.ts';
import { requestTo } from '../../../following/request-to.ts';

export interface Question {
  readonly url: string;
  /** Asks for this name there: simulated agents share a port. */
  readonly host?: string;
  /** As JSON, by POST. */
  readonly body?: string;
}

/** @throws Error when there is no answer in time, or none with 200 */
export type Ask = (question: Question, signal: AbortSignal) => Promise<string>;

/** The state of 10,000 agents has some 10 MB. */
const mostBytes = 64 * 1024 * 1024;

/** Asks over connections that stay open from one time to the next. */
export function askHttp(timeoutMs: number): { readonly ask: Ask; readonly close: () => void } {
  const connections = new Agent({ keepAlive: true });
  const once = (question: Question, signal: AbortSignal) => answerTo(question, connections, timeoutMs, signal);
  return {
    ask: async (question, signal) => {
      try {
        return await once(question, signal);
      } catch (error) {
        // It closed a connection that had been idle at the moment we used it (Node.js, http, request.reusedSocket).
        if (!(error instanceof StaleConnection)) throw error;
        return once(question, signal);
      }
    },
    close: () => {
      connections.destroy();
    },
  };
}

class StaleConnection extends Error {}

/** With a timer and a listener of its own: signals made for each of a thousand questions cost more than the questions. */
async function answerTo(question: Question, agent: Agent, timeoutMs: number, signal: AbortSignal): Promise<string> {
  const { url, host, body } = question;
  signal.throwIfAborted();
  const headers = {
    Accept: 'application/json',
    ...(host === undefined ? {} : { Host: host }),
    ...(body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
  };
  const asked = requestTo(url, { method: body === undefined ? 'GET' : 'POST', agent, headers });
  const giveUp = () => {
    asked.destroy(new Error(`${url} did not answer in time`));
  };
  const timer = setTimeout(giveUp, timeoutMs);
  signal.addEventListener('abort', giveUp);
  try {
    const answer = await answered(asked, body);
    const text = (await answerBytes(answer, mostBytes, url)).toString('utf8');
    if (answer.statusCode !== 200) throw new Error(`${url} answers ${answer.statusCode ?? 0}`);
    return text;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

function answered(asked: ClientRequest, body: string | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asked.on('response', resolve);
    asked.on('error', (error: NodeJS.ErrnoException) => {
      reject(asked.reusedSocket && error.code === 'ECONNRESET' ? new StaleConnection() : error);
    });
    asked.end(body);
  });
}
