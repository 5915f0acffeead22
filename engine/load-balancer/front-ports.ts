import type { IncomingMessage } from 'node:http';
import { httpService } from './http-service.ts';
import { openPort } from './service-listener.ts';
import type { ServerPool } from './server-pool.ts';

/** Ports that all HTTP services share, as marathon-lb has them. */
export interface FrontPorts {
  /** Services by `Host`, as their labels HAPROXY_{n}_VHOST and _PATH say: 80 in marathon-lb. */
  readonly virtualHosts?: number;
  /** Services by the header `X-Marathon-App-Id`: 9091 in marathon-lb. */
  readonly appIds?: number;
}

interface FrontOptions {
  readonly host: string;
  readonly ports: FrontPorts;
  readonly pools: () => readonly ServerPool[];
  readonly log: (line: string) => void;
}

/**
 * Opens the shared ports. One that cannot be had is only logged: the service ports serve all the same.
 * @returns what closes them
 */
export async function openFrontPorts({ host, ports, pools, log }: FrontOptions): Promise<() => Promise<void>> {
  const fronts = [
    { port: ports.virtualHosts, name: 'virtual hosts', pick: byVirtualHost },
    { port: ports.appIds, name: 'X-Marathon-App-Id', pick: byAppId },
  ];
  const opened = fronts.map(async ({ port, name, pick }) => {
    if (port === undefined) return undefined;
    try {
      const front = await openPort(
        httpService((message) => pick(message, pools()), log),
        { host, port, log },
      );
      log(`port ${port}: ${name}`);
      return front;
    } catch (error) {
      log(`port ${port} (${name}) is not served: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  });
  const listeners = await Promise.all(opened);
  return async () => {
    await Promise.all(listeners.flatMap((each) => each?.close() ?? []));
  };
}

/** The port of a Host does not count. */
const hostOf = (message: IncomingMessage) => (message.headers.host ?? '').toLowerCase().replace(/:\d+$/, '');

/** The heaviest first, then in the order of ids and ports (config in marathon_lb.py). */
function byVirtualHost(message: IncomingMessage, pools: readonly ServerPool[]): ServerPool | undefined {
  const host = hostOf(message);
  const path = (message.url ?? '/').replace(/[?#].*$/s, '');
  return [...pools]
    .sort((a, b) => b.service().weight - a.service().weight || byName(a, b))
    .find((pool) => {
      const { virtualHosts, paths } = pool.service();
      return virtualHosts.includes(host) && (paths.length === 0 || beginsWithOneOf(path, paths));
    });
}

/** HAProxy's `path_beg`, which takes `-i` before its patterns. */
function beginsWithOneOf(path: string, patterns: readonly string[]): boolean {
  const [flag, ...rest] = patterns;
  if (flag !== '-i') return patterns.some((pattern) => path.startsWith(pattern));
  return rest.some((pattern) => path.toLowerCase().startsWith(pattern.toLowerCase()));
}

/** The first HTTP service of an app; case does not matter. */
function byAppId(message: IncomingMessage, pools: readonly ServerPool[]): ServerPool | undefined {
  const wanted = String(message.headers['x-marathon-app-id'] ?? '').toLowerCase();
  return pools.find((pool) => pool.service().mode === 'http' && pool.service().appId.toLowerCase() === wanted);
}

function byName(a: ServerPool, b: ServerPool): number {
  const [first, second] = [a.service(), b.service()];
  if (first.appId !== second.appId) return first.appId < second.appId ? -1 : 1;
  return first.port - second.port;
}
