import { connect, type Socket } from 'node:net';
import type { Asker, Server, ServerPool } from './server-pool.ts';

/** Waits of a proxied connection, in milliseconds. */
export const proxyTimeouts = {
  /** `timeout connect 3s` in marathon-lb's haproxy.cfg. */
  connectMs: 3000,
  /** A request or an answer that makes no progress. marathon-lb has 30 s, too short for slow event streams. */
  silenceMs: 300_000,
  /** `timeout tunnel 3600s`: TCP services, and HTTP connections after an upgrade. */
  tunnelMs: 3_600_000,
} as const;

export interface Connection {
  readonly socket: Socket;
  readonly server: Server;
}

/** How many servers are tried for one request (`retries 3` and `option redispatch`). */
const attempts = 4;

/**
 * Connects to the next server in turn; when one refuses or does not answer, to the one after it. Nothing of a request
 * has been sent before the connection stands, so trying another server is safe for every method.
 * @returns undefined when no server takes the connection, or the signal aborted
 */
export async function connectToServer(
  pool: ServerPool,
  asker: Asker,
  signal: AbortSignal,
): Promise<Connection | undefined> {
  const tried = new Set<Server>();
  for (let attempt = 0; attempt < attempts && !signal.aborted; attempt++) {
    const server = pool.next(tried, asker);
    if (server === undefined) return undefined;
    tried.add(server);
    const socket = await tryToConnect(server, signal);
    if (socket !== undefined) return { socket, server };
    server.counters.connectErrors++;
  }
  return undefined;
}

/** The same for a client that may leave meanwhile. */
export async function connectForClient(
  client: Socket,
  pool: ServerPool,
  asker: Asker,
): Promise<Connection | undefined> {
  const gone = new AbortController();
  const leave = () => {
    gone.abort();
  };
  client.on('error', leave);
  client.once('close', leave);
  const connection = await connectToServer(pool, asker, gone.signal);
  client.off('close', leave);
  return connection;
}

function tryToConnect({ address }: Server, signal: AbortSignal): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: address.host, port: address.port, allowHalfOpen: true, noDelay: true });
    const timer = setTimeout(() => {
      finish(undefined);
    }, proxyTimeouts.connectMs);
    const give = () => {
      finish(undefined);
    };
    const finish = (result: Socket | undefined) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', give);
      socket.off('error', give);
      // Whoever takes the socket over adds its own listener; an error in between must not end the process.
      socket.on('error', () => undefined);
      if (result === undefined) socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => {
      finish(socket);
    });
    socket.once('error', give);
    signal.addEventListener('abort', give);
    if (signal.aborted) give();
  });
}
