import type { Component, EngineWorld } from '../component.ts';
import { textAnswer, type HttpAnswer } from '../http/http-answer.ts';
import type { HttpRequest } from '../http/http-request.ts';
import { listen } from '../http/http-server.ts';
import { route, router } from '../http/router.ts';
import { followMarathon, type FeedTiming } from './marathon-feed.ts';
import { serviceManager, type ServiceManager } from './service-manager.ts';
import { serviceTable } from './service-table.ts';
import { configurationText, statisticsCsv, statisticsPage } from './statistics.ts';

export interface LoadBalancerOptions {
  /** Address to bind, for the statistics and for the service ports. */
  readonly host: string;
  /** 9090, as marathon-lb's; 0: one that is free. */
  readonly statsPort: number;
  /** Only these are opened, both ends included. */
  readonly servicePorts: { readonly first: number; readonly last: number };
  /** A service port is listened on so many above it; default 0. `servicePorts` are as apps name them. */
  readonly servicePortOffset?: number;
  /** `http://127.0.0.1:8080`; several are tried in turn. */
  readonly marathonUrls: readonly string[];
  /** Apps with one of these in their label HAPROXY_GROUP are served. */
  readonly groups: readonly string[];
  /** Addresses of agents by hostname, for hostnames that do not resolve on this machine. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** Other names that the statistics may be asked by. */
  readonly names?: readonly string[];
  /** For tests. */
  readonly timing?: Partial<FeedTiming>;
}

const html = { 'Content-Type': 'text/html; charset=utf-8' };

/**
 * Starts a load balancer with the outside of marathon-lb: it follows Marathon and serves the service ports of apps by
 * their labels (`HAPROXY_GROUP`, `HAPROXY_{n}_GROUP`, `_MODE`, `_PORT`, `_VHOST`, `_ENABLED`).
 * @throws the system's error when the statistics port cannot be had; a service port that cannot is only logged
 */
export async function startLoadBalancer(options: LoadBalancerOptions, world: EngineWorld): Promise<Component> {
  const { host, groups, hosts = {}, servicePortOffset: offset = 0 } = options;
  const servicePorts = { first: options.servicePorts.first + offset, last: options.servicePorts.last + offset };
  const manager = serviceManager({ host, servicePorts, log: world.log });
  const server = await listen({
    host,
    port: options.statsPort,
    log: world.log,
    names: options.names ?? [],
    handler: statisticsRoutes(manager, host),
  });
  const feed = followMarathon({
    marathonUrls: options.marathonUrls,
    log: world.log,
    ...(options.timing === undefined ? {} : { timing: options.timing }),
    onApps: (apps) => {
      const table = serviceTable(apps, { groups, hosts, wasServing: manager.isServing });
      void manager.apply(table.map((service) => ({ ...service, port: service.port + offset })));
    },
  });
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await feed.stop();
    await Promise.all([manager.close(), server.close()]);
  };
  return { url: server.url, stop: () => (stopped ??= stop()) };
}

function statisticsRoutes(manager: ServiceManager, host: string) {
  const pools = () => manager.listeners().map(({ pool }) => pool);
  const statistics = ({ query }: HttpRequest): HttpAnswer => {
    // HAProxy's options stand behind semicolons: `?stats;csv`.
    const isCsv = [...query.keys()].some((key) => key.split(';').includes('csv'));
    if (isCsv) return textAnswer(200, statisticsCsv(pools()), { 'Cache-Control': 'no-cache' });
    return textAnswer(200, statisticsPage(pools()), { ...html, 'Cache-Control': 'no-cache' });
  };
  return router([
    route('GET', '/_haproxy_health_check', () =>
      textAnswer(200, '<html><body><h1>200 OK</h1>\nService ready.\n</body></html>\n', html),
    ),
    route('GET', '/_haproxy_getconfig', () => textAnswer(200, configurationText(pools(), host))),
    route('GET', '/haproxy', statistics),
    route('GET', '/', statistics),
  ]);
}
