import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net';
import { Life } from '../lives/life.ts';
import { proxyTimeouts } from './connect-to-server.ts';
import { proxyHttp, proxyUpgrade } from './http-proxy.ts';
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
  const sockets = new Set<Socket>();
  const { port, mode } = pool.service();
  const server = mode === 'http' ? httpService(pool, log) : tcpService(pool, log);
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
    pool,
    drain,
    drained,
    close: () => {
      drain();
      for (const socket of sockets) socket.destroy();
      return drained;
    },
  };
}

function httpService(pool: ServerPool, log: (line: string) => void): HttpServer {
  // A body may come slowly (an upload), its head may not.
  const server = createHttpServer({ requestTimeout: 0, headersTimeout: 15_000, keepAliveTimeout: 5000 });
  // A virtual host is the app's affair, and so is a client of HTTP/1.0 without one.
  Object.assign(server, { requireHostHeader: false });
  server.setTimeout(proxyTimeouts.silenceMs);
  const report = (error: unknown) => {
    log(`${pool.service().name}: ${error instanceof Error ? error.message : String(error)}`);
  };
  server.on('request', (message, response) => {
    if (!server.listening) response.shouldKeepAlive = false;
    proxyHttp(message, response, pool).catch((error: unknown) => {
      report(error);
      response.destroy();
    });
  });
  server.on('upgrade', (message, socket, head) => {
    proxyUpgrade(message, message.socket, head, pool).catch((error: unknown) => {
      report(error);
      socket.destroy();
    });
  });
  return server;
}

function tcpService(pool: ServerPool, log: (line: string) => void): TcpServer {
  return createTcpServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) => {
    proxyTcp(socket, pool).catch((error: unknown) => {
      log(`${pool.service().name}: ${error instanceof Error ? error.message : String(error)}`);
      socket.destroy();
    });
  });
}
