import type { ClusterSpec } from '../shape/cluster-spec.ts';
import { dockerEngine } from '../components/docker-engine.ts';
import { registryPort } from '../components/registry.ts';
import { dockerRelease } from './agent-docker-api.ts';
import { planImage } from './plan-image.ts';
import type { Plan, PlannedComponent, Setting } from './plan.ts';
import type { ResolvedSpec } from './resolve-spec.ts';

/** Service name of the registry itself, which only its gate reaches. */
export const registryStoreService = 'registry-store';

/** And of its cache: a registry that is one refuses pushes, so there are two. */
export const registryCacheService = 'registry-cache';

/** On one host whose own Engine starts the tasks there is nobody to pull through it: that Engine is not the lab's. */
export const hasRegistryCache = ({ placement, agentDocker }: Pick<Plan, 'placement' | 'agentDocker'>): boolean =>
  placement === 'machines' || agentDocker === 'dind';

const insecure = (url: string): boolean => url.startsWith('http://');
const hostOf = (url: string): string => url.replace(/^https?:\/\//, '').replace(/\/.*$/, '');

/** Where the engines find the registry add-on: the private registry, and the pull-through cache beside it. */
function registryHosts(
  resolved: ResolvedSpec,
  components: readonly PlannedComponent[],
): readonly { kind: 'private' | 'cache'; host: string }[] {
  const registry = components.find(({ role }) => role === 'registry');
  if (registry === undefined) return [];
  const port = (name: string) => registry.ports.find((candidate) => candidate.name === name)?.target;
  const cachePort = port('cache');
  const own = { kind: 'private', host: `${registry.host}:${port('http') ?? registryPort}` } as const;
  if (!hasRegistryCache(resolved)) return [own];
  const cache = cachePort === undefined ? `${registryCacheService}:${registryPort}` : `${registry.host}:${cachePort}`;
  return [own, { kind: 'cache', host: cache }];
}

/** Mirrors and plain-HTTP registries that the agents' engines use (dockerd's --registry-mirror, --insecure-registry). */
function registryArguments(
  spec: ClusterSpec,
  resolved: ResolvedSpec,
  components: readonly PlannedComponent[],
): readonly string[] {
  const ours = registryHosts(resolved, components);
  const cache = ours.find(({ kind }) => kind === 'cache');
  // With both, the cache in the lab asks the mirror in the house: see the compose builder of the registry.
  const mirror = cache ? `http://${cache.host}` : spec.registryMirror;
  const insecureHosts = new Set([
    ...ours.map(({ host }) => host),
    ...(mirror !== undefined && insecure(mirror) ? [hostOf(mirror)] : []),
  ]);
  return [
    ...(mirror === undefined ? [] : [`--registry-mirror=${mirror}`]),
    ...[...insecureHosts].map((host) => `--insecure-registry=${host}`),
  ];
}

/** Proxy variables; what belongs to the lab is never asked of the proxy. */
function proxySettings(
  { proxy, registryMirror }: ClusterSpec,
  resolved: ResolvedSpec,
  components: readonly PlannedComponent[],
): readonly Setting[] {
  if (proxy?.http === undefined && proxy?.https === undefined) return [];
  const registries = registryHosts(resolved, components).map(({ host }) => host.replace(/:\d+$/, ''));
  const mirror = registryMirror === undefined ? [] : [hostOf(registryMirror).replace(/:\d+$/, '')];
  const without = [...new Set(['localhost', '127.0.0.1', ...registries, ...mirror, ...(proxy.noProxy ?? [])])].join(
    ',',
  );
  return [
    ...(proxy.http === undefined ? [] : [{ name: 'HTTP_PROXY', value: proxy.http, origin: 'spec' as const }]),
    ...(proxy.https === undefined ? [] : [{ name: 'HTTPS_PROXY', value: proxy.https, origin: 'spec' as const }]),
    { name: 'NO_PROXY', value: without, origin: 'derived' },
  ];
}

/** The Docker engine of the agents: its image, its arguments and its proxy. */
export function planEngine(
  spec: ClusterSpec,
  resolved: ResolvedSpec,
  components: readonly PlannedComponent[],
): Plan['engine'] {
  const image = planImage(spec, resolved.imageSet, 'docker-engine');
  const release = dockerRelease(image.reference);
  return {
    image,
    ...(release === undefined ? {} : { release }),
    usualMemoryMb: dockerEngine.usualMemoryMb,
    arguments: registryArguments(spec, resolved, components),
    proxy: proxySettings(spec, resolved, components),
  };
}
