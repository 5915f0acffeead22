import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { TlsOptions } from 'node:tls';
import { proxyTimeouts } from './connect-to-server.ts';
import { proxyHttp, proxyUpgrade } from './http-proxy.ts';
import { answerOurselves, refuseUpgrade, type OwnAnswer } from './own-answer.ts';
import type { ServerPool } from './server-pool.ts';

/** Who answers a request. */
export type Choice = { readonly pool: ServerPool } | { readonly answer: OwnAnswer };

interface ServiceOptions {
  readonly choose: (message: IncomingMessage) => Choice;
  readonly log: (line: string) => void;
  /** Default: it speaks no TLS. */
  readonly tls?: TlsOptions;
}

/** A server that is not listening yet, and passes each request on to the pool that is chosen for it. */
export function httpService({ choose, log, tls }: ServiceOptions): Server {
  // A body may come slowly (an upload), its head may not. A virtual host is the app's affair, and so is a client of
  // HTTP/1.0 without one.
  const options = { requestTimeout: 0, headersTimeout: 15_000, keepAliveTimeout: 5000, requireHostHeader: false };
  const server = tls === undefined ? createServer(options) : createSecureServer({ ...options, ...tls });
  server.setTimeout(proxyTimeouts.silenceMs);
  const report = (pool: ServerPool, error: unknown) => {
    log(`${pool.service().name}: ${error instanceof Error ? error.message : String(error)}`);
  };
  server.on('request', (message, response) => {
    if (!server.listening) response.shouldKeepAlive = false;
    const choice = choose(message);
    if ('answer' in choice) {
      answerOurselves(response, choice.answer);
      return;
    }
    proxyHttp(message, response, choice.pool).catch((error: unknown) => {
      report(choice.pool, error);
      response.destroy();
    });
  });
  server.on('upgrade', (message, socket, head) => {
    const choice = choose(message);
    if ('answer' in choice) {
      refuseUpgrade(message.socket, choice.answer);
      return;
    }
    proxyUpgrade(message, message.socket, head, choice.pool).catch((error: unknown) => {
      report(choice.pool, error);
      socket.destroy();
    });
  });
  return server;
}
