import { Agent, type IncomingMessage } from 'node:http';
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
  const once = async (question: Question, signal: AbortSignal): Promise<string> => {
    const answer = await send(question, connections, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
    const text = (await answerBytes(answer, mostBytes, question.url)).toString('utf8');
    if (answer.statusCode !== 200) throw new Error(`${question.url} answers ${answer.statusCode ?? 0}`);
    return text;
  };
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

function send({ url, host, body }: Question, agent: Agent, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = {
      Accept: 'application/json',
      ...(host === undefined ? {} : { Host: host }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
    };
    const asked = requestTo(url, { method: body === undefined ? 'GET' : 'POST', agent, headers, signal }, resolve);
    asked.on('error', (error: NodeJS.ErrnoException) => {
      reject(asked.reusedSocket && error.code === 'ECONNRESET' ? new StaleConnection() : error);
    });
    asked.end(body);
  });
}
