import { createServer, type IncomingMessage, type Server } from 'node:http';
import { proxyTimeouts } from './connect-to-server.ts';
import { answerOurselves, proxyHttp, proxyUpgrade, refuseUpgrade } from './http-proxy.ts';
import type { ServerPool } from './server-pool.ts';

/** A server that is not listening yet, and passes each request on to the pool that is picked for it; 503 without one. */
export function httpService(
  pick: (message: IncomingMessage) => ServerPool | undefined,
  log: (line: string) => void,
): Server {
  // A body may come slowly (an upload), its head may not.
  const server = createServer({ requestTimeout: 0, headersTimeout: 15_000, keepAliveTimeout: 5000 });
  // A virtual host is the app's affair, and so is a client of HTTP/1.0 without one.
  Object.assign(server, { requireHostHeader: false });
  server.setTimeout(proxyTimeouts.silenceMs);
  const report = (pool: ServerPool, error: unknown) => {
    log(`${pool.service().name}: ${error instanceof Error ? error.message : String(error)}`);
  };
  server.on('request', (message, response) => {
    if (!server.listening) response.shouldKeepAlive = false;
    const pool = pick(message);
    if (pool === undefined) {
      answerOurselves(response, 503);
      return;
    }
    proxyHttp(message, response, pool).catch((error: unknown) => {
      report(pool, error);
      response.destroy();
    });
  });
  server.on('upgrade', (message, socket, head) => {
    const pool = pick(message);
    if (pool === undefined) {
      refuseUpgrade(message.socket);
      return;
    }
    proxyUpgrade(message, message.socket, head, pool).catch((error: unknown) => {
      report(pool, error);
      socket.destroy();
    });
  });
  return server;
}
