import type { IncomingMessage } from 'node:http';
import type { Choice } from '../http-service.ts';
import type { ServerPool } from '../server-pool.ts';
import { hostOf, pathOf } from './request-rules.ts';

const nobody: Choice = { answer: { status: 503 } };

const askedByTls = ({ socket }: IncomingMessage): string =>
  'servername' in socket && typeof socket.servername === 'string' ? socket.servername.toLowerCase() : '';

/** The heaviest first, then in the order of ids and ports (config in marathon_lb.py). */
function ofHost(host: string, message: IncomingMessage, pools: readonly ServerPool[]): readonly ServerPool[] {
  const path = pathOf(message.url ?? '/');
  return pools
    .filter((pool) => {
      const { virtualHosts, paths } = pool.service();
      return virtualHosts.includes(host) && (paths.length === 0 || beginsWithOneOf(path, paths));
    })
    .sort((a, b) => b.service().weight - a.service().weight || byName(a, b));
}

/**
 * The service of a Host. Rules of HAProxy's frontend come before its choice of a backend: each service of a host may
 * refuse, or send the client to HTTPS.
 * @param securePort where that is
 */
export function byVirtualHost(message: IncomingMessage, all: readonly ServerPool[], securePort = 443): Choice {
  const pools = ofHost(hostOf(message), message, all);
  const redirects = pools.some((pool) => pool.service().rules.redirectsToHttps === true);
  if (!redirects) return guarded(message, pools);
  const guards = pools.filter((pool) => pool.service().rules.redirectsToHttps !== true);
  const choice = guarded(message, guards);
  if ('answer' in choice && choice.answer.status === 401) return choice;
  const host = (message.headers.host ?? '').replace(/:\d+$/, '');
  const port = securePort === 443 ? '' : `:${securePort}`;
  return { answer: { status: 301, location: `https://${host}${port}${message.url ?? '/'}` } };
}

/** The service of the name that the client asked for by TLS, whatever its Host is. */
export const bySecureVirtualHost = (message: IncomingMessage, all: readonly ServerPool[]): Choice =>
  guarded(message, ofHost(askedByTls(message), message, all));

function guarded(message: IncomingMessage, pools: readonly ServerPool[]): Choice {
  const { authorization } = message.headers;
  for (const pool of pools) {
    const { auth } = pool.service().rules;
    if (auth?.lets(authorization) === false) return { answer: { status: 401, realm: auth.realm } };
  }
  const [pool] = pools;
  return pool === undefined ? nobody : { pool };
}

/** HAProxy's `path_beg`, which takes `-i` before its patterns. */
function beginsWithOneOf(path: string, patterns: readonly string[]): boolean {
  const [flag, ...rest] = patterns;
  if (flag !== '-i') return patterns.some((pattern) => path.startsWith(pattern));
  return rest.some((pattern) => path.toLowerCase().startsWith(pattern.toLowerCase()));
}

/** The first HTTP service of an app; case does not matter. */
export function byAppId(message: IncomingMessage, pools: readonly ServerPool[]): Choice {
  const wanted = String(message.headers['x-marathon-app-id'] ?? '').toLowerCase();
  const pool = pools.find((each) => each.service().mode === 'http' && each.service().appId.toLowerCase() === wanted);
  return pool === undefined ? nobody : { pool };
}

/** In the order of ids and ports. */
export function byName(a: ServerPool, b: ServerPool): number {
  const [first, second] = [a.service(), b.service()];
  if (first.appId !== second.appId) return first.appId < second.appId ? -1 : 1;
  return first.port - second.port;
}
