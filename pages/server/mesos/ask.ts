import { HttpError } from '../../../engine/http/http-answer.ts';
import { answerBytes } from '../../../following/answer-bytes.ts';
import { requestTo } from '../../../following/request-to.ts';
import { parseJson } from '../../../protocol/json.ts';

interface Ask {
  readonly url: string;
  /** A call of the v1 API, which is sent; missing: it is a GET. */
  readonly call?: object;
  readonly signal?: AbortSignal;
}

export interface Answered {
  readonly status: number;
  readonly json: unknown;
  readonly text: string;
}

const answerMs = 5000;
/** An agent's `/state` has all of its tasks, GET_FRAMEWORKS of a master all offers. */
const mostBytes = 64 * 1024 * 1024;

/**
 * Asks a master or an agent.
 * @throws HttpError 502 when it does not answer
 */
export function ask({ url, call, signal }: Ask): Promise<Answered> {
  const body = call === undefined ? undefined : JSON.stringify(call);
  const headers = {
    Accept: 'application/json',
    ...(body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
  };
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      reject(new HttpError(502, `${new URL(url).host}: ${error.message}`));
    };
    const options = { method: body === undefined ? 'GET' : 'POST', agent: false, headers };
    const asked = requestTo(url, { ...options, ...(signal === undefined ? {} : { signal }) }, (answer) => {
      answerBytes(answer, mostBytes).then((bytes) => {
        const text = bytes.toString('utf8');
        resolve({ status: answer.statusCode ?? 0, json: parseJson(text), text });
      }, fail);
    });
    asked.setTimeout(answerMs, () => asked.destroy(new Error(`no answer within ${answerMs / 1000} s`)));
    asked.on('error', fail);
    asked.end(body);
  });
}

/**
 * The JSON of an answer that is 200.
 * @throws HttpError 502
 */
export async function askJson(question: Ask): Promise<unknown> {
  const { status, json } = await ask(question);
  if (status === 200) return json;
  throw new HttpError(502, `${new URL(question.url).host} answers ${status}`);
}

/** Questions that are asked again within this time have the same answer: several pages cost what one does. */
const sharedMs = 1000;

/** Asks once for all who ask at about the same time. */
export class SharedQuestions {
  readonly #asked = new Map<string, Promise<unknown>>();

  ask(url: string, call?: object): Promise<unknown> {
    const key = call === undefined ? url : `${url} ${JSON.stringify(call)}`;
    const known = this.#asked.get(key);
    if (known !== undefined) return known;
    const forget = () => setTimeout(() => this.#asked.delete(key), sharedMs).unref();
    const answer = askJson(call === undefined ? { url } : { url, call });
    this.#asked.set(key, answer);
    answer.then(forget, forget);
    return answer;
  }
}
