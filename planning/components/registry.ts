import type { Component, ComponentSetting, Reason } from './component.ts';
import { registryDoc } from './sources.ts';

/** What the registry image listens on, unless it is told otherwise. */
export const registryPort = 5000;

const listensOn: ComponentSetting = {
  name: 'REGISTRY_HTTP_ADDR',
  value: ({ placement, host, port = registryPort }) => (placement === 'machines' ? `${host}:${port}` : undefined),
  why: "Only on several hosts, where registry and cache are on the node's own address: the registry's port, and the next one for the cache.",
  source: registryDoc,
  comment: 'Listens on this address only.',
};

/** Images that are pushed; beside it a container of the same image is a pull-through cache (plan-engine.ts). */
export const registry: Component<'registry'> = {
  role: 'registry',
  title: ['registry', 'registries'],
  summary: "one for your images, and a cache for the agents'",
  ports: [
    { name: 'http', usual: registryPort },
    { name: 'cache', usual: registryPort + 1, onMachines: true },
  ],
  // Both of its containers: 22 MB each were measured at rest.
  memory: { limit: 256, usual: 60 },
  image: { reference: 'registry:2', probe: 'wget' },
  probe: { path: '/v2/' },
  page: { title: 'The private registry' },
  settings: [
    {
      name: 'REGISTRY_STORAGE_DELETE_ENABLED',
      value: () => true,
      why: 'Images can be removed again.',
      source: registryDoc,
    },
    listensOn,
  ],
};

/** Of the cache alone. */
export const cacheReasons: Readonly<Record<string, Reason>> = {
  REGISTRY_PROXY_REMOTEURL: {
    why: ({ registryMirror }) =>
      registryMirror === undefined
        ? "Docker Hub; agents' engines ask the cache first, so an image is fetched once for all of them."
        : '`registryMirror` of the spec: the cache in the lab asks the one in the house.',
    source: 'Distribution, docs/recipes/mirror.md',
    comment:
      'Makes this registry a pull-through cache. Such a one takes no pushes, and ends when its upstream does not answer at its start.',
  },
};
