import { HttpError, type HttpAnswer } from '../../engine/http/http-answer.ts';
import { isJsonMediaType } from '../../engine/http/guards.ts';
import type { HttpRequest } from '../../engine/http/http-request.ts';
import { answerBytes } from '../../following/answer-bytes.ts';
import { requestTo } from '../../following/request-to.ts';

const answerMs = 30_000;
/** As much as is read of a Marathon anyway. */
const mostBytes = 64 * 1024 * 1024;

/**
 * Passes a request on to a component, and its answer back as it is.
 * @param url with path and query
 * @throws HttpError 502 when it does not answer, 415 for a body that is not JSON
 */
export async function passOn(url: string, request: HttpRequest): Promise<HttpAnswer> {
  const { method, headers, bytes, signal } = request;
  const body = method === 'GET' || method === 'HEAD' ? undefined : await bytes();
  // A page of others can send a body of another type, or of none, without asking first.
  if (body !== undefined && body.length > 0 && !isJsonMediaType(headers['content-type'])) {
    throw new HttpError(415, 'a change is JSON, and its Content-Type says so');
  }
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      reject(new HttpError(502, `${new URL(url).origin}: ${error.message}`));
    };
    const own = {
      Accept: 'application/json',
      ...(body === undefined || body.length === 0
        ? {}
        : { 'Content-Type': 'application/json', 'Content-Length': body.length }),
    };
    const passed = requestTo(url, { method, agent: false, signal, headers: own }, (answer) => {
      // Whatever it is, it is no page.
      const type = isJsonMediaType(answer.headers['content-type']) ? 'application/json' : 'text/plain; charset=utf-8';
      answerBytes(answer, mostBytes).then((bytes) => {
        resolve({ status: answer.statusCode ?? 502, headers: { 'Content-Type': type }, body: bytes });
      }, fail);
    });
    passed.setTimeout(answerMs, () => passed.destroy(new Error(`no answer within ${answerMs / 1000} s`)));
    passed.on('error', fail);
    passed.end(body);
  });
}
