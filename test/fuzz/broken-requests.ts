import type { Random } from '../engine/invariant/random.ts';
import type { FuzzRequest } from './requests.ts';

/** A request as bytes, with mistakes that an HTTP client would not make. */
export function brokenRequest({ method, target, headers, body }: FuzzRequest, random: Random): Uint8Array {
  const lines = Object.entries({ Host: '127.0.0.1', ...headers }).map(([name, value]) => `${name}: ${value}`);
  const line = random.oneOf([
    `${method} ${target} HTTP/1.1`,
    `${method} ${target} HTTP/1.0`,
    `${method} ${target} HTTP/2.0`,
    `${method} ${target}`,
    `${method}  ${target} HTTP/1.1`,
    `GET \0 HTTP/1.1`,
    `GET /%ff%00 HTTP/1.1`,
    'nonsense',
    '',
  ]);
  const length = random.oneOf([
    `Content-Length: ${body.length}`,
    `Content-Length: ${body.length + 10}`,
    'Content-Length: -1',
    'Content-Length: x',
    `Content-Length: 1\r\nContent-Length: 2`,
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: gzip',
    'X: y',
    'No colon',
  ]);
  const end = random.oneOf(['\r\n', '\r\n', '\n']);
  // A session that was opened so would end whenever the server takes note.
  const content = /scheduler|agent/.test(target) ? Buffer.alloc(0) : body;
  return Buffer.concat([Buffer.from([line, ...lines, length, '', ''].join(end)), content]);
}
