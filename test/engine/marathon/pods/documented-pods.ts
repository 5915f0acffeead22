/*
 * Pods with the fields of each example in Marathon's documentation (pods.md, persistent-volumes.md, multirole.md,
 * resource-limits.md, secrets.md, native-docker-private-registry.md, and pod.json of its API).
 */

interface DocumentedPod {
  /** What the example is there to show. */
  readonly shows: string;
  readonly definition: { readonly id: string; readonly [field: string]: unknown };
  /** The places of what is not honoured here: of container networks, other volumes than shared folders, and secrets. */
  readonly refused: readonly string[];
}

const resources = { cpus: 0.1, mem: 32 };
const allResources = { cpus: 0.01, mem: 32, disk: 0, gpus: 0 };
const sleeps = (name: string, more: object = {}) => ({
  ...{ name, exec: { command: { shell: 'sleep 1000' } }, resources },
  ...more,
});
const scaling = { kind: 'fixed', instances: 1 };
const host = [{ mode: 'host' }];
const overlay = [{ mode: 'container', name: 'overlay' }];
const scheduling = {
  backoff: { backoff: 1, backoffFactor: 1.15, maxLaunchDelay: 3600 },
  upgrade: { minimumHealthCapacity: 1, maximumOverCapacity: 1 },
  killSelection: 'Youngest_First',
  unreachableStrategy: { inactiveAfterSeconds: 900, expungeAfterSeconds: 604_800 },
};
const executorResources = { cpus: 0.1, mem: 32, disk: 10 };
const image = { kind: 'DOCKER', id: 'nginx' };
const web = { name: 'web', containerPort: 80, protocol: ['http'] };
const persistent = { name: 'data', persistent: { type: 'root', size: 10, constraints: [] } };
const mount = (name: string, mountPath: string, more: object = {}) => ({
  volumeMounts: [{ name, mountPath, ...more }],
});

export const documentedPods: readonly DocumentedPod[] = [
  {
    shows: 'that starts quickly',
    definition: { id: '/quick', scaling, containers: [sleeps('one')], networks: host },
    refused: [],
  },
  {
    shows: 'of a private image',
    definition: {
      ...{ id: '/private', scaling, secrets: { pull: { source: '/config' } } },
      containers: [sleeps('one', { image: { ...image, pullConfig: { secret: 'pull' } } })],
    },
    refused: ['/secrets', '/containers(0)/image/pullConfig'],
  },
  {
    shows: 'of an image',
    definition: {
      ...{ id: '/image', networks: host },
      containers: [{ name: 'one', exec: { command: { shell: 'env && sleep 10000' } }, resources, image }],
    },
    refused: [],
  },
  {
    shows: 'with all parameters',
    definition: {
      ...{ id: '/all', labels: { of: 'pod' }, environment: { POD: 'pod' }, secrets: {}, executorResources },
      containers: ['one', 'two'].map((name, index) =>
        sleeps(name, {
          ...{ image, environment: { OWN: name }, labels: { of: name }, ...mount('shared', `mount${index}`) },
          endpoints: [{ name: `port-${name}`, containerPort: 8080 + index, hostPort: 0, protocol: ['tcp'] }],
          healthCheck: { http: { endpoint: `port-${name}`, path: '/ping', scheme: 'HTTP' }, timeoutSeconds: 3 },
          artifacts: [{ uri: 'http://files.example/server.py', extract: false, executable: true, cache: true }],
        }),
      ),
      volumes: [{ name: 'shared' }],
      networks: [{ ...overlay[0], labels: { of: 'network' } }],
      scaling: { ...scaling, maxInstances: null },
      scheduling: { ...scheduling, placement: { constraints: [], acceptedResourceRoles: [] } },
    },
    refused: ['/networks(0)/mode'],
  },
  {
    shows: 'of several containers',
    definition: {
      ...{ id: '/several', version: '2017-01-03T18:21:19.31Z', networks: host, scheduling, executorResources },
      containers: ['one', 'two', 'three'].map((name) => sleeps(name, { resources: allResources })),
      scaling: { kind: 'fixed', instances: 3, maxInstances: null },
    },
    refused: [],
  },
  {
    shows: 'with a volume for a while',
    definition: {
      ...{ id: '/volume', version: '2017-01-03T17:36:39.389Z', networks: host, scaling, scheduling, executorResources },
      containers: [
        sleeps('writer', {
          exec: { command: { shell: 'while true; do echo now $(date) > ./mine/clock; sleep 1; done' } },
          ...mount('v1', 'mine'),
        }),
        sleeps('reader', {
          exec: { command: { shell: 'while true; do cat ./etc/clock; sleep 1; done' } },
          ...mount('v1', 'etc'),
        }),
      ],
      volumes: [{ name: 'v1' }],
    },
    refused: [],
  },
  {
    shows: 'in a network of containers',
    definition: { id: '/overlay', scaling, containers: [sleeps('one')], networks: overlay },
    refused: ['/networks(0)/mode'],
  },
  {
    shows: 'with an endpoint',
    definition: {
      ...{ id: '/endpoint', networks: [{ mode: 'container' }] },
      containers: [{ name: 'one', resources, image, endpoints: [web] }],
    },
    refused: ['/networks(0)/mode'],
  },
  {
    shows: 'with a health check',
    definition: {
      ...{ id: '/checked', networks: [{ mode: 'container' }] },
      containers: [
        { name: 'one', resources, image, endpoints: [web], healthCheck: { http: { endpoint: 'web', path: '/' } } },
      ],
    },
    refused: ['/networks(0)/mode'],
  },
  {
    shows: 'that is complete',
    definition: {
      ...{ id: '/complete', networks: overlay, scaling, volumes: [{ name: 'etc', host: '/etc' }] },
      containers: [
        {
          ...{ name: 'one', resources, image: { ...image, forcePull: false }, user: 'root' },
          ...mount('etc', '/mnt/etc', { readOnly: true }),
          lifecycle: { killGracePeriodSeconds: 60 },
        },
      ],
    },
    refused: ['/networks(0)/mode', '/volumes(0)/host', '/containers(0)/volumeMounts(0)/readOnly'],
  },
  {
    shows: 'of a private registry',
    definition: {
      ...{ id: '/registry', scaling, networks: overlay, secrets: { pull: { source: '/pod/pull' } } },
      containers: [
        sleeps('one', {
          ...{ image: { ...image, pullConfig: { secret: 'pull' } }, endpoints: [web] },
          healthCheck: { http: { endpoint: 'web', path: '/ping' } },
        }),
      ],
    },
    refused: ['/secrets', '/networks(0)/mode', '/containers(0)/image/pullConfig'],
  },
  {
    shows: 'with a volume that stays',
    definition: {
      ...{ id: '/stays', scaling, volumes: [persistent] },
      containers: [sleeps('one', { endpoints: [{ name: 'web', hostPort: 0 }], ...mount('data', 'data') })],
      scheduling: { unreachableStrategy: 'disabled', upgrade: { minimumHealthCapacity: 0, maximumOverCapacity: 0 } },
    },
    refused: [],
  },
  {
    shows: 'with limits of resources',
    definition: {
      id: '/limits',
      containers: [sleeps('one', { resourceLimits: { cpus: 'unlimited' }, endpoints: [] })],
    },
    refused: ['/containers(0)/resourceLimits'],
  },
  {
    shows: 'whose containers share a cgroup',
    definition: { id: '/shared', legacySharedCgroups: true, containers: [sleeps('one')] },
    refused: ['/legacySharedCgroups'],
  },
  {
    shows: 'with a secret',
    definition: {
      ...{ id: '/secret', secrets: { own: { source: '/own' } }, volumes: [{ name: 'file', secret: 'own' }] },
      ...{ environment: { OWN: { secret: 'own' } }, containers: [sleeps('one', mount('file', 'file'))] },
    },
    refused: ['/secrets', '/environment', '/volumes(0)'],
  },
];
