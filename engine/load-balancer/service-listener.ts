import type { Server as HttpServer } from 'node:http';
import { createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net';
import { Life } from '../lives/life.ts';
import { httpService } from './http-service.ts';
import type { ServerPool } from './server-pool.ts';
import { proxyTcp } from './tcp-proxy.ts';

/** The open port of one service. */
export interface ServiceListener {
  readonly pool: ServerPool;
  /** Takes nothing new from now on; what runs goes on to its end. */
  readonly drain: () => void;
  /** Resolves when the port is closed and the last connection has ended. */
  readonly drained: Promise<void>;
  /** Ends everything. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the port of a pool's service.
 * @throws the system's error when the port cannot be had (`EADDRINUSE`, `EACCES`)
 */
export async function openService(
  pool: ServerPool,
  host: string,
  log: (line: string) => void,
): Promise<ServiceListener> {
  const { port, mode } = pool.service();
  const server = mode === 'http' ? httpService({ choose: () => ({ pool }), log }) : tcpService(pool, log);
  return { pool, ...(await openPort(server, { host, port, log })) };
}

/**
 * Listens, and knows what goes on there.
 * @throws the system's error when the port cannot be had
 */
export async function openPort(
  server: HttpServer | TcpServer,
  { host, port, log }: { readonly host: string; readonly port: number; readonly log: (line: string) => void },
): Promise<Omit<ServiceListener, 'pool'>> {
  const sockets = new Set<Socket>();
  Life.current()?.own(server);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  server.on('error', (error) => {
    log(`service port ${port}: ${error.message}`);
  });
  const drained = new Promise<void>((resolve) => {
    server.once('close', resolve);
  });
  const drain = () => {
    // Also ends the kept-alive connections on which nothing runs.
    if (server.listening) server.close();
  };
  return {
    drain,
    drained,
    close: () => {
      drain();
      for (const socket of sockets) socket.destroy();
      return drained;
    },
  };
}

function tcpService(pool: ServerPool, log: (line: string) => void): TcpServer {
  return createTcpServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) => {
    proxyTcp(socket, pool).catch((error: unknown) => {
      log(`${pool.service().name}: ${error instanceof Error ? error.message : String(error)}`);
      socket.destroy();
    });
  });
}
