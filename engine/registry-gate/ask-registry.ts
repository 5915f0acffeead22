import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { addressOf } from '../http/client-address.ts';
import { requestHeaders } from '../load-balancer/http-headers.ts';
import { askedAt, hasBody } from './gate-answers.ts';

export interface Behind {
  /** The socket that the registry listens on. */
  readonly socketPath: string;
  readonly log: (line: string) => void;
}

/** What only the gate is to know; and how long a body is, where it may be ended before. */
const isKept = (name: string, mayEnd: boolean) =>
  name !== 'authorization' && !(mayEnd && (name === 'content-length' || name === 'transfer-encoding'));

/**
 * Asks the registry what a client asks, without the body.
 * @param isBounded whether the body may be ended before its end: then it is sent in chunks
 */
export function askRegistry(message: IncomingMessage, { socketPath }: Behind, isBounded: boolean): ClientRequest {
  const { rawHeaders, socket, headers } = message;
  const mayEnd = isBounded && hasBody(message);
  const kept = rawHeaders.filter((_, index) => isKept((rawHeaders[index - (index % 2)] ?? '').toLowerCase(), mayEnd));
  const facts = {
    clientAddress: addressOf(socket),
    port: socket.localPort ?? 0,
    isSecure: headers['x-forwarded-proto'] === 'https',
    ownHost: askedAt(message) ?? 'localhost',
    upgrade: false,
  };
  return httpRequest({
    ...{ socketPath, method: message.method, path: message.url, setHost: false, agent: false },
    headers: requestHeaders(mayEnd ? [...kept, 'Transfer-Encoding', 'chunked'] : kept, facts),
  });
}

/**
 * Has the registry forget an upload that was ended in its middle: what came of it would lie there for a week
 * (Distribution, storage.maintenance.uploadpurging).
 * @param location where the registry says that it goes on; undefined: it has forgotten it already
 * @param then called when it has
 */
export function forgetUpload(location: string | undefined, { socketPath, log }: Behind, then: () => void): void {
  if (location === undefined || !/\/blobs\/uploads\/[^/?]/.test(location)) return;
  const { pathname, search } = new URL(location, 'http://registry');
  const path = pathname + search;
  const asked = httpRequest({ socketPath, method: 'DELETE', path, agent: false, headers: { Host: 'registry' } });
  asked.on('response', (answer) => answer.resume().once('end', then));
  asked.on('error', (error) => {
    log(`What came of the upload is left in the registry: ${error.message}`);
  });
  asked.end();
}
