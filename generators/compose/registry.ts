import { credentialsInContainer, registryFolder, registryPort } from '../../planning/components/registry.ts';
import { hasRegistryCache, registryCacheService, registryStoreService } from '../../planning/plan/plan-engine.ts';
import type { PlannedComponent, PlannedImage, Setting } from '../../planning/plan/plan.ts';
import { registryCredentialsPath, registryCredentialsVariable } from '../../protocol/registry-credentials.ts';
import { entry, flow, list, map } from '../text/yaml-text.ts';
import {
  commentFor,
  commonEntries,
  dependsOn,
  environmentEntry,
  imageEntries,
  ownHost,
  type Builder,
  type BuilderContext,
  type ComposeService,
} from './compose-service.ts';
import { healthcheck, httpProbe } from './health-check.ts';
import { plainService } from './plain-service.ts';

/** Of the registry, which its gate reads. */
const volumeOf = ({ service }: PlannedComponent) => `${service}-data`;

const secret = 'registry';

/** Where the credentials are: on a machine of its own there is no file of the lab. */
const secretSource = ({ plan }: BuilderContext) =>
  plan.placement === 'one-host'
    ? entry('file', `./${registryCredentialsPath}`)
    : entry('environment', registryCredentialsVariable, "The variable has what is in the lab's file secrets/registry.");

/** What people, agents and the cache know as the registry: it asks whoever pushes for credentials. */
function gateService(component: PlannedComponent, context: BuilderContext): ComposeService {
  const gate = plainService({ ...component, environment: [] }, context, {
    volumes: [`${volumeOf(component)}:${registryFolder}:ro`],
    extra: [
      entry('secrets', list([map([entry('source', secret), entry('target', credentialsInContainer)])])),
      dependsOn([{ name: registryStoreService, condition: 'service_started' }]),
    ],
  });
  return { ...gate, secrets: [entry(secret, map([secretSource(context)]))] };
}

/** The registry itself, without a network. */
function storeService(component: PlannedComponent, image: PlannedImage): ComposeService {
  const volume = volumeOf(component);
  return {
    name: registryStoreService,
    volumes: [{ name: volume }],
    body: [
      ...imageEntries(image, false),
      entry('profiles', flow([component.role])),
      entry('network_mode', 'none'),
      environmentEntry(component.environment, (name) => commentFor(component, name)),
      entry('volumes', list([`${volume}:${registryFolder}`])),
      // The gate's is for both.
      healthcheck(undefined),
      ...commonEntries(component.node, registryStoreService, component.memoryMb),
    ],
  };
}

/**
 * The pull-through cache for the agents' engines: the same image once more, as a registry that proxies refuses pushes
 * (Distribution, recipes/mirror.md).
 */
function cacheService(component: PlannedComponent, image: PlannedImage, { plan }: BuilderContext): ComposeService {
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
      ...imageEntries(image, false),
      entry('profiles', flow([component.role])),
      onMachine && entry('network_mode', 'host'),
      environmentEntry(settings, (name) => commentFor(component, name)),
      entry('volumes', list([`${volume}:${registryFolder}`])),
      healthcheck(httpProbe(image.probe, ownHost(component, plan), port, '/v2/')),
      ...commonEntries(component.node, registryCacheService, component.memoryMb),
    ],
  };
}

/** The registry: its gate, what it stores in, and its cache, where the engines of the agents are the lab's. */
export const registryServices: Builder = (component, context) => {
  const image = component.behind ?? component.image;
  return [
    gateService(component, context),
    storeService(component, image),
    ...(hasRegistryCache(context.plan) ? [cacheService(component, image, context)] : []),
  ];
};
