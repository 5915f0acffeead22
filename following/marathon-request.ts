import type { IncomingMessage } from 'node:http';
import { answerBytes } from './answer-bytes.ts';
import { requestTo } from './request-to.ts';

export interface MarathonRequest {
  readonly url: string;
  readonly accept: string;
  readonly signal: AbortSignal;
  /** For the head of the answer, and between two parts of it. */
  readonly silenceMs: number;
}

const maxAnswerBytes = 64 * 1024 * 1024;

/** @throws Error when the answer is not 200, or does not come in time */
export function openMarathon({ url, accept, signal, silenceMs }: MarathonRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = requestTo(url, { agent: false, signal, headers: { Accept: accept, Connection: 'close' } });
    request.setTimeout(silenceMs, () => request.destroy(new Error(`${url} is silent for ${silenceMs / 1000} s`)));
    request.on('error', reject);
    request.once('response', (answer) => {
      if (answer.statusCode === 200) {
        answer.on('error', () => undefined);
        resolve(answer);
        return;
      }
      answer.resume();
      request.destroy();
      reject(new Error(`${url} answers ${answer.statusCode ?? 0}`));
    });
    request.end();
  });
}

/** @throws Error also when it is too large or no JSON */
export async function readMarathon(request: MarathonRequest): Promise<unknown> {
  const answer = await openMarathon(request);
  return JSON.parse((await answerBytes(answer, maxAnswerBytes, request.url)).toString('utf8')) as unknown;
}
