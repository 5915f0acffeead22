import type { Component, EngineWorld } from '../component.ts';
import { listen } from '../http/http-server.ts';
import { administrationRoutes } from './administration-routes.ts';
import { openFrontPorts, type FrontPorts } from './front-ports.ts';
import type { MarathonApp } from './marathon-app.ts';
import { followMarathon, type FeedTiming } from './marathon-feed.ts';
import { labelComplaints } from './rules/label-complaints.ts';
import { hostAddresses, type LookUp } from './host-addresses.ts';
import { serviceManager } from './service-manager.ts';
import { serviceTable } from './service-table.ts';

export interface LoadBalancerOptions {
  /** Address to bind, for the statistics and for the service ports. */
  readonly host: string;
  /** 9090, as marathon-lb's; 0: one that is free. */
  readonly statsPort: number;
  /** Only these are opened, both ends included. */
  readonly servicePorts: { readonly first: number; readonly last: number };
  /** A service port is listened on so many above it; default 0. `servicePorts` are as apps name them. */
  readonly servicePortOffset?: number;
  /** Ports that HTTP services share; default none. */
  readonly frontPorts?: FrontPorts;
  /** `http://127.0.0.1:8080`; several are tried in turn. */
  readonly marathonUrls: readonly string[];
  /** Apps with one of these in their label HAPROXY_GROUP are served. */
  readonly groups: readonly string[];
  /** Addresses of agents by hostname, for hostnames that do not resolve on this machine. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** Other names that the statistics may be asked by. */
  readonly names?: readonly string[];
  /** Whether the maps of virtual hosts and apps are served; default true. */
  readonly hasMaps?: boolean;
  /** For tests. */
  readonly lookUp?: LookUp;
  /** For tests. */
  readonly timing?: Partial<FeedTiming>;
}

/**
 * Starts a load balancer with the outside of marathon-lb: it follows Marathon and serves the service ports of apps by
 * their labels. Which of these are honoured is in protocol/marathon/load-balancer-labels.ts; others are logged.
 * @throws the system's error when the statistics port cannot be had; a service port that cannot is only logged
 */
export async function startLoadBalancer(options: LoadBalancerOptions, world: EngineWorld): Promise<Component> {
  const { host, groups, hosts = {}, servicePortOffset: offset = 0 } = options;
  const servicePorts = { first: options.servicePorts.first + offset, last: options.servicePorts.last + offset };
  const manager = serviceManager({ host, servicePorts, log: world.log });
  const pools = () => manager.listeners().map(({ pool }) => pool);
  let known: readonly MarathonApp[] = [];
  const addressesOf = hostAddresses(options.lookUp);
  const tableOf = (apps: readonly MarathonApp[], addresses: Readonly<Record<string, string>> = {}) =>
    serviceTable(apps, { groups, hosts, addresses, wasServing: manager.isServing });
  const { virtualHosts, secureVirtualHosts } = options.frontPorts ?? {};
  const hasVirtualHosts = virtualHosts !== undefined || secureVirtualHosts !== undefined;
  const complain = labelComplaints({ groups, facts: { hasVirtualHosts }, log: world.log });
  const applyNow = async () => {
    const apps = known;
    const names = new Set(tableOf(apps).flatMap(({ servers }) => servers.map(({ host: name }) => name)));
    const table = tableOf(apps, await addressesOf(names));
    // Another reading may have come meanwhile, which is applied by itself.
    if (apps === known) await manager.apply(table.map((service) => ({ ...service, port: service.port + offset })));
  };
  const apply = () => void applyNow();
  const server = await listen({
    host,
    port: options.statsPort,
    log: world.log,
    names: options.names ?? [],
    handler: administrationRoutes({
      ...{ pools, host, hasMaps: options.hasMaps ?? true },
      ...{ reapply: apply, reread: () => void feed.reread() },
    }),
  });
  const closeFronts = await openFrontPorts({ host, ports: options.frontPorts ?? {}, pools, log: world.log });
  const feed = followMarathon({
    marathonUrls: options.marathonUrls,
    log: world.log,
    isAnyServed: (apps) => tableOf(apps).length > 0,
    ...(options.timing === undefined ? {} : { timing: options.timing }),
    onApps: (apps) => {
      known = apps;
      complain(apps);
      apply();
    },
  });
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await feed.stop();
    await Promise.all([manager.close(), server.close(), closeFronts()]);
  };
  return { url: server.url, stop: () => (stopped ??= stop()) };
}
