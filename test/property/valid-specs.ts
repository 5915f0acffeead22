import fc from 'fast-check';
import { resolveSpec } from '../../planning/plan/resolve-spec.ts';
import type { ClusterSpec, NodeSpec } from '../../planning/shape/cluster-spec.ts';
import {
  addons,
  imageParts,
  imageSetNames,
  roles,
  vagrantProviders,
  type Role,
} from '../../planning/catalogue/roles.ts';
import { allFlags } from './valid-flags.ts';
import { attributes, images, resources, text } from './valid-values.ts';

/* Specs without a mistake, of every kind and with every feature: what check-spec.ts has to accept. */

const odd = fc.constantFrom(1, 3, 5);
const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/).filter((name) => name !== 'localhost');
/** Names that are no other node's with the name of a role at its end. */
const nodeName = label.map((name) => `n-${name}-x`);
const pick = fc.constantFrom;

/** Leaves keys without a value out, as exactOptionalPropertyTypes wants it. */
function compact<Shape extends object>(shape: Shape): { [Key in keyof Shape]: Exclude<Shape[Key], undefined> } {
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined)) as never;
}

const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });

const ports = fc
  .record({
    moved: fc.subarray([...roles]),
    by: fc.integer({ min: 0, max: 50 }),
    offset: maybe(fc.integer({ min: 0, max: 900 })),
    services: maybe(fc.tuple(fc.integer({ min: 40_000, max: 50_000 }), fc.integer({ min: 0, max: 30 }))),
  })
  .map(({ moved, by, offset, services }) => ({
    // A thousand ports for each role: moved ones meet neither each other nor the usual ones.
    ...Object.fromEntries(moved.map((role) => [role, 11_000 + roles.indexOf(role) * 1000 + by])),
    ...(offset === undefined ? {} : { offset }),
    ...(services === undefined ? {} : { services: `${String(services[0])}-${String(services[0] + services[1])}` }),
  }));

const proxy = fc
  .record({
    http: maybe(pick('http://proxy.example:3128', 'http://10.0.0.5')),
    https: maybe(pick('https://proxy.example', 'http://[2001:db8::1]:8080')),
    noProxy: maybe(fc.subarray(['.example', 'host.example', '10.0.0.0/8', '192.168.1.1', '*'])),
  })
  .map(compact);

/** What every kind of spec may have. */
function commonOf(imageSet: ClusterSpec['images']) {
  return fc.record({
    name: label,
    images: fc.constant(imageSet),
    ports: maybe(ports),
    timing: maybe(pick('standard', 'fast')),
    registryMirror: maybe(pick('http://mirror.example:5000', 'https://mirror.example')),
    proxy: maybe(proxy),
    addons: maybe(fc.subarray([...addons])),
    mesos: fc
      .record({
        cluster: maybe(text),
        zkPath: maybe(pick('/mesos', '/labs/a.b/mesos')),
        workDir: maybe(pick('/var/lib/mesos', '/srv/mesos')),
        master: maybe(fc.record({ flags: allFlags('mesos-master', imageSet?.set ?? 'clusterd') })),
        agent: fc
          .record({
            flags: maybe(allFlags('mesos-agent', imageSet?.set ?? 'clusterd')),
            attributes: maybe(attributes),
            resources: maybe(resources),
          })
          .map(compact),
      })
      .map(compact),
    marathon: fc
      .record({
        zkPath: maybe(pick('/marathon', '/labs/marathon')),
        flags: maybe(allFlags('marathon', imageSet?.set ?? 'clusterd')),
      })
      .map(compact),
  });
}

const onDocker = fc
  .record({ agentDocker: maybe(pick('dind', 'socket')), bind: maybe(pick('127.0.0.1', '0.0.0.0', '::1', '10.0.0.9')) })
  .map(compact);

const counted = fc
  .record({
    preset: maybe(pick('single', 'ha')),
    zookeepers: odd,
    masters: odd,
    agents: fc.integer({ min: 0, max: 6 }),
    marathons: fc.integer({ min: 1, max: 3 }),
    loadBalancers: fc.integer({ min: 0, max: 1 }),
  })
  .map(({ preset, ...counts }) => compact({ preset, counts }));

/** Nodes with the given numbers of central roles, spread over them, and agents. */
const nodes = fc
  .record({
    names: fc.uniqueArray(nodeName, { minLength: 5, maxLength: 8 }),
    zookeepers: odd,
    masters: odd,
    ids: fc.uniqueArray(fc.integer({ min: 1, max: 255 }), { minLength: 8, maxLength: 8 }),
    given: fc.boolean(),
    extra: fc.array(fc.subarray<Role>(['mesos-agent', 'marathon', 'chronos', 'mesos-dns', 'registry', 'autoscaler']), {
      minLength: 8,
      maxLength: 8,
    }),
    balancer: fc.boolean(),
    settings: fc.array(fc.record({ attributes: maybe(attributes), resources: maybe(resources) }), {
      minLength: 8,
      maxLength: 8,
    }),
  })
  .map(({ names, zookeepers, masters, ids, given, extra, balancer, settings }): NodeSpec[] =>
    names.map((name, index) => {
      const wanted = new Set<Role>(extra[index]);
      if (index < zookeepers) wanted.add('zookeeper');
      if (index >= names.length - masters) wanted.add('mesos-master');
      if (index === 0)
        ['mesos-agent', 'marathon', ...(balancer ? ['marathon-lb'] : [])].forEach((role) => wanted.add(role as Role));
      if (wanted.size === 0) wanted.add('mesos-agent');
      return compact({
        name,
        roles: [...wanted],
        zookeeperId: given && wanted.has('zookeeper') ? ids[index] : undefined,
        ...(wanted.has('mesos-agent') ? settings[index] : {}),
      });
    }),
  );

/** A service of its own is the registry's cache: one on one host. */
const oneRegistry = (list: readonly NodeSpec[]): NodeSpec[] => {
  const first = list.findIndex((node) => node.roles.includes('registry'));
  return list.map((node, index) =>
    index === first ? node : { ...node, roles: withoutEmpty(node.roles.filter((role) => role !== 'registry')) },
  );
};
const withoutEmpty = (list: readonly Role[]): Role[] => (list.length === 0 ? ['mesos-agent'] : [...list]);

/** Engines by the number of their node: none is that of two. */
const endpoint = pick(
  (index: number) => `ssh://admin@host${String(index)}.example`,
  (index: number) => `unix:///run/${String(index)}/docker.sock`,
  (index: number) => `tcp://10.0.0.${String(index + 1)}:2376`,
  (index: number) => `context:lab${String(index)}`,
);

/** A virtual machine or not, and addresses that its provider allows. */
const machines = fc
  .record({
    provider: maybe(pick(...vagrantProviders)),
    withVagrant: fc.boolean(),
    start: fc.integer({ min: 11, max: 200 }),
    cpus: maybe(fc.integer({ min: 1, max: 8 })),
    memoryMb: maybe(fc.integer({ min: 512, max: 8192 })),
    box: maybe(pick('bento/debian-12', 'local-box')),
    nativeConfig: maybe(fc.boolean()),
    docker: maybe(endpoint),
  })
  .map(({ withVagrant, start, provider, cpus, memoryMb, box, nativeConfig, docker }) => ({
    address: (index: number) => `192.168.58.${String(start + index)}`,
    docker,
    rest: compact({
      vagrant: withVagrant ? compact({ provider, cpus, memoryMb, box }) : undefined,
      nativeConfig,
    }),
  }));

const onOneHost = fc.oneof(
  counted,
  nodes.map((list) => ({ nodes: oneRegistry(list) })),
);

const onHosts = fc.oneof(
  pick('three-vm', 'two-host', 'three-master').map((preset) => ({ preset })),
  fc.tuple(nodes, machines).map(([list, { address, docker, rest }]) => ({
    placement: 'machines' as const,
    nodes: list.map((node, index) => compact({ ...node, address: address(index), docker: docker?.(index) })),
    ...rest,
  })),
);

const shape = fc.oneof(
  fc.tuple(onOneHost, onDocker).map(([one, two]) => ({ ...one, ...two })),
  onHosts,
);

/** Any valid spec. */
export const validSpec: fc.Arbitrary<ClusterSpec> = images(imageSetNames, imageParts).chain((imageSet) =>
  fc.tuple(commonOf(imageSet), shape).map(([common, rest]) => settled({ ...compact(common), ...rest })),
);

/** What is right by itself, and not together with the rest. */
function settled(spec: ClusterSpec): ClusterSpec {
  const { mesos, ports, nodes: given, ...rest } = spec;
  const { docker_kill_orphans: _, ...flags } = mesos?.agent?.flags ?? {};
  const { 'marathon-lb': __, offset: ___, ...movable } = ports ?? {};
  const hosts = rest.placement === 'machines' || !['single', 'ha', undefined].includes(rest.preset);
  // Agents that share a machine cannot all have the same ports.
  const withoutPorts = <Settings extends { resources?: string | undefined }>(settings: Settings): Settings =>
    rest.agentDocker === 'socket' && settings.resources !== undefined
      ? { ...settings, resources: settings.resources.replace(/;ports:.*/, '') }
      : settings;
  // A port of a role that nobody has moves nothing.
  const present: ReadonlySet<string> = new Set(resolveSpec(spec).nodes.flatMap(({ roles: own }) => own));
  const moved = Object.entries((hosts ? movable : ports) ?? {}).filter(
    ([key]) => key === 'offset' || key === 'services' || present.has(key),
  );
  return {
    ...rest,
    ...(ports && { ports: Object.fromEntries(moved) }),
    ...(given && { nodes: given.map(withoutPorts) }),
    mesos: { ...mesos, agent: withoutPorts({ ...mesos?.agent, flags }) },
  };
}
