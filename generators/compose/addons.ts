import { hasRegistryCache, registryCacheService, registryPort } from '../../planning/plan/plan-engine.ts';
import type { PlannedPort, Setting } from '../../planning/plan/plan.ts';
import {
  commonEntries,
  dependsOn,
  environmentEntry,
  healthyServices,
  imageEntries,
  ownHost,
  serviceOf,
  commentFor,
  type Builder,
} from './compose-service.ts';
import { healthcheck, httpProbe } from './health-check.ts';
import { mesosDnsConfigKey, mesosDnsConfigName } from './mesos-dns-config.ts';
import { entry, flow, list, map } from '../text/yaml-text.ts';

/** Chronos: cron for Mesos. Keeps its jobs in ZooKeeper. */
export const chronosServices: Builder = (component, context) => {
  const { plan } = context;
  const port = component.ports[0]?.target ?? 0;
  return [
    {
      name: component.service,
      volumes: [],
      body: serviceOf(component, plan, {
        profiles: ['chronos'],
        dependsOn: dependsOn([...healthyServices(context, 'zookeeper'), ...healthyServices(context, 'mesos-master')]),
        healthcheck: healthcheck(httpProbe(component.image.probe, '127.0.0.1', port, '/ping'), 'slow start'),
      }),
    },
  ];
};

/** Mesos-DNS: names such as `nginx.marathon.mesos` for tasks. */
export const mesosDnsServices: Builder = (component, context) => {
  const { plan } = context;
  const port = component.ports[0]?.target ?? 0;
  return [
    {
      name: component.service,
      volumes: [],
      body: serviceOf(component, plan, {
        profiles: ['mesos-dns'],
        // A machine of its own has no files of the lab when its Engine is asked from elsewhere.
        ...(plan.placement === 'one-host'
          ? { volumes: [`./${mesosDnsConfigName}:/config.json:ro`] }
          : {
              extra: [
                entry('configs', list([map([entry('source', mesosDnsConfigKey), entry('target', '/config.json')])])),
              ],
            }),
        dependsOn: dependsOn([...healthyServices(context, 'zookeeper'), ...healthyServices(context, 'mesos-master')]),
        healthcheck: healthcheck(httpProbe(component.image.probe, ownHost(component, plan), port, '/v1/version')),
      }),
    },
  ];
};

const portNamed = (ports: readonly PlannedPort[], name: string) => ports.find((port) => port.name === name)?.target;

/** What a registry container listens on; only on several hosts it has to be said. */
const listensOn = (host: string, port: number | undefined): readonly Setting[] =>
  port === undefined ? [] : [{ name: 'REGISTRY_HTTP_ADDR', value: `${host}:${port}`, origin: 'derived' }];

/**
 * The registry: one container for images that are pushed, and one that is a pull-through cache for the agents'
 * engines, where those are the lab's, since a registry that proxies refuses pushes (Distribution, recipes/mirror.md).
 */
export const registryServices: Builder = (component, { plan }) => {
  const onHosts = plan.placement === 'machines';
  const host = ownHost(component, plan);
  const ownPort = onHosts ? (portNamed(component.ports, 'http') ?? registryPort) : registryPort;
  const cachePort = onHosts ? (portNamed(component.ports, 'cache') ?? registryPort) : registryPort;
  const comment = (name: string) => commentFor(component, name);
  const volume = `${component.service}-data`;
  const cacheVolume = `${registryCacheService}-data`;
  const upstream = plan.registryMirror ?? 'https://registry-1.docker.io';
  const cacheSettings: readonly Setting[] = [
    { name: 'REGISTRY_PROXY_REMOTEURL', value: upstream, origin: 'derived' },
    ...(onHosts ? listensOn(host, cachePort) : []),
    ...plan.engine.proxy,
  ];
  const own = onHosts
    ? { ...component, environment: [...component.environment, ...listensOn(host, ownPort)] }
    : component;
  const registry = {
    name: component.service,
    volumes: [{ name: volume }],
    body: serviceOf(own, plan, {
      profiles: ['registry'],
      volumes: [`${volume}:/var/lib/registry`],
      healthcheck: healthcheck(httpProbe(component.image.probe, host, ownPort, '/v2/')),
    }),
  };
  if (!hasRegistryCache(plan)) return [registry];
  return [
    registry,
    {
      name: registryCacheService,
      volumes: [{ name: cacheVolume }],
      body: [
        ...imageEntries(component.image, false),
        entry('profiles', flow(['registry'])),
        onHosts && entry('network_mode', 'host'),
        environmentEntry(cacheSettings, comment),
        entry('volumes', list([`${cacheVolume}:/var/lib/registry`])),
        healthcheck(httpProbe(component.image.probe, host, cachePort, '/v2/')),
        ...commonEntries(component.node, 'registry-cache', component.memoryMb),
      ],
    },
  ];
};
