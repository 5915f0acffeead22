import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { HttpError, type HttpAnswer } from '../../engine/http/http-answer.ts';
import type { HttpRequest } from '../../engine/http/http-request.ts';

const answerMs = 30_000;

/**
 * Passes a request on to a component, and its answer back as it is.
 * @param url with path and query
 * @throws HttpError 502 when it does not answer
 */
export async function passOn(url: string, { method, headers, bytes, signal }: HttpRequest): Promise<HttpAnswer> {
  const body = method === 'GET' || method === 'HEAD' ? undefined : await bytes();
  return new Promise((resolve, reject) => {
    const own = {
      Accept: 'application/json',
      ...(body === undefined || body.length === 0
        ? {}
        : { 'Content-Type': headers['content-type'] ?? 'application/json', 'Content-Length': body.length }),
    };
    const request = url.startsWith('https:') ? httpsRequest : httpRequest;
    const passed = request(url, { method, agent: false, signal, headers: own }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', (error) => {
        reject(new HttpError(502, error.message));
      });
      answer.on('end', () => {
        const type = answer.headers['content-type'] ?? 'application/json';
        const answered = { 'Content-Type': type, 'Cache-Control': 'no-store' };
        resolve({ status: answer.statusCode ?? 502, headers: answered, body: Buffer.concat(parts) });
      });
    });
    passed.setTimeout(answerMs, () => passed.destroy(new Error(`no answer within ${answerMs / 1000} s`)));
    passed.on('error', (error) => {
      reject(new HttpError(502, `${new URL(url).origin}: ${error.message}`));
    });
    passed.end(body);
  });
}
