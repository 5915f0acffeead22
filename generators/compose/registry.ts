import { registryPort } from '../../planning/components/registry.ts';
import { hasRegistryCache, registryCacheService } from '../../planning/plan/plan-engine.ts';
import type { PlannedComponent, Setting } from '../../planning/plan/plan.ts';
import { entry, flow, list } from '../text/yaml-text.ts';
import {
  commentFor,
  commonEntries,
  environmentEntry,
  imageEntries,
  type Builder,
  type BuilderContext,
  type ComposeService,
} from './compose-service.ts';
import { componentCheck, plainService } from './plain-service.ts';

/**
 * The pull-through cache for the agents' engines: the same image once more, as a registry that proxies refuses pushes
 * (Distribution, recipes/mirror.md).
 */
function cacheService(component: PlannedComponent, { plan }: BuilderContext): ComposeService {
  const onMachine = plan.placement === 'machines';
  const volume = `${registryCacheService}-data`;
  const port = component.ports.find(({ name }) => name === 'cache')?.target ?? registryPort;
  const settings: readonly Setting[] = [
    {
      name: 'REGISTRY_PROXY_REMOTEURL',
      value: plan.registryMirror ?? 'https://registry-1.docker.io',
      origin: 'derived',
    },
    ...(onMachine
      ? [{ name: 'REGISTRY_HTTP_ADDR', value: `${component.host}:${port}`, origin: 'derived' } as const]
      : []),
    ...plan.engine.proxy,
  ];
  return {
    name: registryCacheService,
    volumes: [{ name: volume }],
    body: [
      ...imageEntries(component.image, false),
      entry('profiles', flow([component.role])),
      onMachine && entry('network_mode', 'host'),
      environmentEntry(settings, (name) => commentFor(component, name)),
      entry('volumes', list([`${volume}:/var/lib/registry`])),
      componentCheck({ ...component, ports: [{ name: 'cache', target: port }] }, plan),
      ...commonEntries(component.node, registryCacheService, component.memoryMb),
    ],
  };
}

/** The registry: a container for images that are pushed, and its cache, where the engines of the agents are the lab's. */
export const registryServices: Builder = (component, context) => {
  const volume = `${component.service}-data`;
  const service = plainService(component, context, {
    namedVolumes: [{ name: volume }],
    volumes: [`${volume}:/var/lib/registry`],
  });
  return hasRegistryCache(context.plan) ? [service, cacheService(component, context)] : [service];
};
