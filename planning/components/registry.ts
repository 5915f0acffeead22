import type { Component, ComponentSetting, Reason } from './component.ts';
import { listenAddress } from './listen-address.ts';
import { registryDoc } from './sources.ts';

/** What the registry image listens on, unless it is told otherwise, and its gate in its place. */
export const registryPort = 5000;

/** Where the image stores, and where its socket is, which only its gate has beside it. */
export const registryFolder = '/var/lib/registry';
const socket = `${registryFolder}/registry.sock`;

/** Where the gate's container has the credentials. */
export const credentialsInContainer = '/run/secrets/registry';

/** Of what is stored, in MB: a lab that is left running does not fill the disk. */
export const defaultLimitMb = 10_000;
export const mostLimitMb = 1_000_000_000;

const gateDoc = 'create-mesos-cluster, docs/registry.md';

const settings: readonly ComponentSetting[] = [
  {
    name: 'REGISTRY_STORAGE_DELETE_ENABLED',
    value: () => true,
    why: 'Images can be removed again.',
    source: registryDoc,
  },
  {
    name: 'REGISTRY_HTTP_NET',
    value: () => 'unix',
    why: 'The registry has no port and no network: its gate, which asks for credentials, is the only way to it.',
    source: registryDoc,
    comment: 'No port: only the gate, which has this volume too, reaches it.',
  },
  {
    name: 'REGISTRY_HTTP_ADDR',
    value: () => socket,
    why: "The registry's socket, in its volume; the cache's own address and port, only on several hosts.",
    source: registryDoc,
  },
  {
    name: 'REGISTRY_HTTP_RELATIVEURLS',
    value: () => true,
    why: 'Where an upload goes on is then right for whoever asks, by whatever name.',
    source: registryDoc,
  },
];

/** Images that are pushed, behind a gate; beside it a container of the same image is a pull-through cache (plan-engine.ts). */
export const registry: Component<'registry'> = {
  role: 'registry',
  title: ['registry', 'registries'],
  summary: "one for your images, which asks for a password to push, and a cache for the agents'",
  ports: [
    { name: 'http', usual: registryPort },
    { name: 'cache', usual: registryPort + 1, onMachines: true },
  ],
  // The gate, and twice the image: 22 MB each were measured at rest.
  memory: { limit: 256, usual: 105 },
  image: { reference: 'registry:2', probe: 'wget' },
  gate: 'registry-gate',
  probe: { path: '/-/healthy' },
  page: { title: 'The private registry' },
  settings,
  arguments: [
    {
      name: '--at',
      value: (context) => [listenAddress(context)],
      why: 'What the gate of the registry listens on: of a container all, of a machine its own address.',
      source: gateDoc,
    },
    {
      name: '--registry-socket',
      value: () => [socket],
      why: 'Where the registry behind the gate is.',
      source: gateDoc,
    },
    {
      name: '--push-credentials',
      value: () => [credentialsInContainer],
      why: 'Who may push: the file secrets/registry of the lab, which no generated file contains.',
      source: gateDoc,
    },
    {
      name: '--storage',
      value: () => [registryFolder],
      why: 'What the limit is of: the volume of the registry, which the gate can only read.',
      source: gateDoc,
    },
    {
      name: '--limit-mb',
      value: ({ registryLimitMb }) => [String(registryLimitMb)],
      why: '`registry.limitMb` of the spec: a lab that is left running does not fill the disk.',
      source: gateDoc,
    },
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
