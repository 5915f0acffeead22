import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { addressOf } from '../http/client-address.ts';
import { connectForClient, connectToServer, proxyTimeouts, type Connection } from './connect-to-server.ts';
import { requestHeaders, responseHeaders, type RequestFacts } from './http-headers.ts';
import { answerOurselves, refuseUpgrade } from './own-answer.ts';
import { byRules, rewrittenLocation, type Rewritten } from './rules/request-rules.ts';
import { askedCookie } from './rules/sticky-cookie.ts';
import { startCounting, type Asker, type ServerPool } from './server-pool.ts';
import { tunnel } from './tcp-proxy.ts';

function factsOf(client: Socket, host: string | undefined, upgrade: boolean): RequestFacts {
  const port = client.localPort ?? 0;
  return {
    clientAddress: addressOf(client),
    port,
    isSecure: client instanceof TLSSocket,
    host,
    ownHost: `${client.localAddress ?? 'localhost'}:${port}`,
    upgrade,
  };
}

const askerOf = ({ socket, headers }: IncomingMessage): Asker => ({
  address: addressOf(socket),
  cookie: askedCookie(headers.cookie),
});

/**
 * Passes one HTTP request on to a server of the pool and its answer back, both as they come. Each request goes to a
 * server of its own, over a connection of its own, however long the client keeps its connection
 * (`option http-server-close` in marathon-lb's haproxy.cfg).
 */
export async function proxyHttp(message: IncomingMessage, response: ServerResponse, pool: ServerPool): Promise<void> {
  const asked = byRules(message, pool.service());
  if ('status' in asked) {
    answerOurselves(response, asked);
    return;
  }
  const gone = new AbortController();
  response.once('close', () => {
    gone.abort();
  });
  response.on('error', () => undefined);
  message.on('error', () => undefined);
  const connection = await connectToServer(pool, askerOf(message), gone.signal);
  if (connection === undefined) answerOurselves(response, { status: 503 });
  else forward(message, response, { pool, connection, asked });
}

interface Way {
  readonly pool: ServerPool;
  readonly connection: Connection;
  readonly asked: Rewritten;
}

function forward(message: IncomingMessage, response: ServerResponse, way: Way): void {
  const { socket, server } = way.connection;
  const ended = startCounting(server);
  let timedOut = false;
  const outgoing = httpRequest({
    createConnection: () => socket,
    method: message.method,
    path: way.asked.target,
    setHost: false,
    headers: requestHeaders(message.rawHeaders, factsOf(message.socket, way.asked.host, false)),
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
    passBack(incoming, response, answerHeaders(message, incoming, way));
  });
  // An upgrade that nobody asked for, since we removed the header: the server is mistaken.
  outgoing.once('upgrade', () => outgoing.destroy());
  outgoing.on('error', () => {
    // A server that has answered may hang up on the rest of the request.
    if (!isComplete) answerOurselves(response, { status: timedOut ? 504 : 502 });
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

function answerHeaders(message: IncomingMessage, incoming: IncomingMessage, { pool, connection }: Way): string[] {
  const service = pool.service();
  const { cookie } = connection.server;
  return responseHeaders(incoming.rawHeaders, {
    location: (location) => rewrittenLocation(location, service),
    usesHsts: service.rules.usesHsts === true,
    newCookie: cookie === askedCookie(message.headers.cookie) ? undefined : cookie,
  });
}

function passBack(incoming: IncomingMessage, response: ServerResponse, headers: string[]): void {
  response.sendDate = false;
  response.writeHead(incoming.statusCode ?? 502, incoming.statusMessage, headers);
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
  const asked = byRules(message, pool.service());
  if ('status' in asked) {
    refuseUpgrade(client, asked);
    return;
  }
  const connection = await connectForClient(client, pool, askerOf(message));
  if (connection === undefined) {
    refuseUpgrade(client, { status: 503 });
    return;
  }
  const headers = requestHeaders(message.rawHeaders, factsOf(client, asked.host, true));
  const lines = [`${message.method ?? 'GET'} ${asked.target} HTTP/1.1`];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    lines.push(`${headers[index] ?? ''}: ${headers[index + 1] ?? ''}`);
  }
  connection.socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
  if (head.length > 0) connection.socket.write(head);
  tunnel(client, connection);
}
