import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { connectForClient, connectToServer, proxyTimeouts, type Connection } from './connect-to-server.ts';
import { requestHeaders, responseHeaders, type RequestFacts } from './http-headers.ts';
import { startCounting, type ServerPool } from './server-pool.ts';
import { tunnel } from './tcp-proxy.ts';

/** What HAProxy itself answers (its built-in error pages, in short). */
const ownAnswers = {
  502: ['502 Bad Gateway', 'The server returned an invalid or incomplete response.'],
  503: ['503 Service Unavailable', 'No server is available to handle this request.'],
  504: ['504 Gateway Time-out', "The server didn't respond in time."],
} as const;

const page = (status: keyof typeof ownAnswers) =>
  `<html><body><h1>${ownAnswers[status][0]}</h1>\n${ownAnswers[status][1]}\n</body></html>\n`;

/** An answer of our own, unless another one has begun. */
export function answerOurselves(response: ServerResponse, status: keyof typeof ownAnswers): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'Content-Type': 'text/html', 'Cache-Control': 'no-cache', Connection: 'close' });
  response.end(page(status));
}

function factsOf(client: Socket, pool: ServerPool, upgrade: boolean): RequestFacts {
  const servicePort = pool.service().port;
  return {
    clientAddress: (client.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, ''),
    servicePort,
    ownHost: `${client.localAddress ?? 'localhost'}:${servicePort}`,
    upgrade,
  };
}

/**
 * Passes one HTTP request on to a server of the pool and its answer back, both as they come. Each request goes to the
 * next server in turn, over a connection of its own, however long the client keeps its connection
 * (`option http-server-close` in marathon-lb's haproxy.cfg).
 */
export async function proxyHttp(message: IncomingMessage, response: ServerResponse, pool: ServerPool): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => {
    gone.abort();
  });
  response.on('error', () => undefined);
  message.on('error', () => undefined);
  const connection = await connectToServer(pool, gone.signal);
  if (connection === undefined) answerOurselves(response, 503);
  else forward(message, response, pool, connection);
}

function forward(message: IncomingMessage, response: ServerResponse, pool: ServerPool, connection: Connection): void {
  const { socket, server } = connection;
  const ended = startCounting(server);
  let timedOut = false;
  const outgoing = httpRequest({
    createConnection: () => socket,
    method: message.method,
    path: message.url,
    setHost: false,
    headers: requestHeaders(message.rawHeaders, factsOf(message.socket, pool, false)),
  });
  let isComplete = false;
  outgoing.setTimeout(proxyTimeouts.silenceMs, () => {
    timedOut = true;
    outgoing.destroy();
  });
  outgoing.once('response', (incoming) => {
    const status = incoming.statusCode ?? 502;
    const digit = Math.floor(status / 100);
    if (digit >= 1 && digit <= 5) server.counters.answers[digit as 1 | 2 | 3 | 4 | 5]++;
    incoming.once('end', () => {
      isComplete = true;
    });
    passBack(incoming, response);
  });
  // An upgrade that nobody asked for, since we removed the header: the server is mistaken.
  outgoing.once('upgrade', () => outgoing.destroy());
  outgoing.on('error', () => {
    // A server that has answered may hang up on the rest of the request.
    if (!isComplete) answerOurselves(response, timedOut ? 504 : 502);
  });
  outgoing.once('close', () => {
    server.counters.bytesIn += socket.bytesWritten;
    server.counters.bytesOut += socket.bytesRead;
    socket.destroy();
    ended();
  });
  response.once('close', () => outgoing.destroy());
  response.once('finish', () => message.unpipe(outgoing).resume());
  if (response.destroyed) outgoing.destroy();
  message.pipe(outgoing);
}

function passBack(incoming: IncomingMessage, response: ServerResponse): void {
  response.sendDate = false;
  response.writeHead(incoming.statusCode ?? 502, incoming.statusMessage, responseHeaders(incoming.rawHeaders));
  // The first bytes of an event stream must not wait for the next ones.
  response.flushHeaders();
  incoming.once('error', () => response.destroy());
  incoming.pipe(response);
}

/** Passes a connection that asks for another protocol (WebSocket) on; from then on bytes go through as they are. */
export async function proxyUpgrade(
  message: IncomingMessage,
  client: Socket,
  head: Buffer,
  pool: ServerPool,
): Promise<void> {
  const connection = await connectForClient(client, pool);
  if (connection === undefined) {
    refuseUpgrade(client);
    return;
  }
  const headers = requestHeaders(message.rawHeaders, factsOf(client, pool, true));
  const lines = [`${message.method ?? 'GET'} ${message.url ?? '/'} HTTP/1.1`];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    lines.push(`${headers[index] ?? ''}: ${headers[index + 1] ?? ''}`);
  }
  connection.socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
  if (head.length > 0) connection.socket.write(head);
  tunnel(client, connection);
}

/** For who asks for another protocol where there is no server. */
export function refuseUpgrade(client: Socket): void {
  const body = page(503);
  client.end(
    `HTTP/1.1 ${ownAnswers[503][0]}\r\nContent-Type: text/html\r\nContent-Length: ${body.length}\r\n` +
      `Connection: close\r\n\r\n${body}`,
  );
}
