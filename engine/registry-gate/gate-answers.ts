import type { IncomingMessage, ServerResponse } from 'node:http';
import { megabytes, type StoredBytes } from './stored-bytes.ts';

/** An answer of the gate itself, in the form of Distribution's (docs/spec/api.md, "Errors"). */
export interface GateAnswer {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where a registry was asked, as its client calls it: what the client is told must lead there, too. */
export function askedAt({ headers }: IncomingMessage): string | undefined {
  const { host } = headers;
  return host !== undefined && /^[\w.:[\]-]+$/.test(host) ? host : undefined;
}

/** What a client has to do to be let in: get a token at /token (Distribution, docs/spec/auth/token.md). */
export function challenge(message: IncomingMessage, details: Readonly<Record<string, string>> = {}): string {
  const host = askedAt(message) ?? 'localhost';
  // Behind something that ends TLS the client asks it that way.
  const scheme = message.headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  const facts = { realm: `${scheme}://${host}/token`, service: host, ...details };
  return `Bearer ${Object.entries(facts)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')}`;
}

export const unauthorized = (message: string, challenged: string): GateAnswer => ({
  ...{ status: 401, code: 'UNAUTHORIZED', message },
  headers: { 'WWW-Authenticate': challenged },
});

/** To a push of somebody who is not known. */
export function pushNeedsLogin(message: IncomingMessage, repository: string, action: string): GateAnswer {
  const host = askedAt(message) ?? 'HOST:PORT';
  const what = action === 'delete' ? 'deleting' : 'a push';
  return unauthorized(
    `${what} needs credentials: docker login ${host}, with user and password of the lab's file secrets/registry`,
    challenge(message, { scope: `repository:${repository}:pull,${action}` }),
  );
}

const limitIs = ({ limit }: StoredBytes) =>
  `the limit of the registry is ${megabytes(limit)} (registry.limitMb in mesos-cluster.yaml); create-mesos-cluster images clean makes room`;

/**
 * To a push for which there is no room. Not 413, after which Docker tries again.
 * @param coming how much it says that it has, in bytes; undefined: it was broken off
 */
export function noRoom(stored: StoredBytes, coming: number | undefined): GateAnswer {
  const has = megabytes(stored.bytes);
  const isFull = stored.bytes >= stored.limit;
  const more = coming === undefined ? 'with what has come of it so far' : `it has ${megabytes(coming)}`;
  const message =
    isFull && coming !== undefined
      ? `the registry is full: ${has} are stored`
      : `this does not fit: ${has} are stored, ${more}`;
  return { status: 403, code: 'DENIED', message: `${message}, and ${limitIs(stored)}` };
}

export const noRegistry = (reason: string): GateAnswer => ({
  ...{ status: 502, code: 'UNAVAILABLE' },
  message: `the registry behind the gate does not answer (${reason}): docker logs of the container registry-store say why`,
});

/** How long a client may go on sending before it reads the answer. */
const drainMs = 10_000;

export const hasBody = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** Sends an answer of the gate, also while the client is still sending: then it is read to the end, so that it reads, too. */
export function sendAnswer(message: IncomingMessage, response: ServerResponse, answer: GateAnswer): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { status, code, message: text, headers = {} } = answer;
  const isSending = !message.complete && hasBody(message);
  const body = `${JSON.stringify({ errors: [{ code, message: text }] })}\n`;
  response.writeHead(status, {
    ...{ 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body) },
    ...{ 'Docker-Distribution-Api-Version': 'registry/2.0' },
    ...headers,
    ...(isSending ? { Connection: 'close' } : {}),
  });
  if (message.method !== 'HEAD') response.write(body);
  if (!isSending) {
    response.end();
    return;
  }
  const end = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, drainMs);
  message.once('end', end).once('close', end).resume();
}
