import type { ErrorCode } from '../../errors/catalogue.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';

/** A way to break a spec: one rule of one code. */
export interface Mutation {
  /** What is wrong afterwards. */
  readonly title: string;
  readonly code: ErrorCode;
  /** The broken spec as data, whatever its shape; undefined where the spec has nothing to break. */
  readonly apply: (spec: ClusterSpec) => unknown;
}

type Node = NonNullable<ClusterSpec['nodes']>[number];

const onHosts = (spec: ClusterSpec): boolean => spec.placement === 'machines' && spec.nodes !== undefined;
const isCounted = (spec: ClusterSpec): boolean => spec.counts !== undefined;

/** Changes the first node. */
function withNode(spec: ClusterSpec, change: (node: Node) => object): unknown {
  const [first, ...rest] = spec.nodes ?? [];
  return first === undefined ? undefined : { ...spec, nodes: [{ ...first, ...change(first) }, ...rest] };
}

/** Makes the second node equal to the first in one key. */
function sharing(spec: ClusterSpec, key: 'name' | 'address'): unknown {
  const [first, second, ...rest] = spec.nodes ?? [];
  if (first?.[key] === undefined || second === undefined) return undefined;
  return { ...spec, nodes: [first, { ...second, [key]: first[key] }, ...rest] };
}

const address = (title: string, value: string): Mutation => ({
  title,
  code: 'SPEC_ADDRESS',
  apply: (spec) => (onHosts(spec) ? withNode(spec, () => ({ address: value })) : undefined),
});

const whole = (title: string, code: ErrorCode, change: object): Mutation => ({
  title,
  code,
  apply: (spec) => ({ ...spec, ...change }),
});

const counts = (title: string, code: ErrorCode, change: object): Mutation => ({
  title,
  code,
  apply: (spec) => (isCounted(spec) ? { ...spec, counts: { ...spec.counts, ...change } } : undefined),
});

const flag = (title: string, program: 'master' | 'agent', name: string, value: unknown): Mutation => ({
  title,
  code: 'SPEC_FLAG',
  apply: (spec) => ({
    ...spec,
    mesos: {
      ...spec.mesos,
      [program]: { ...spec.mesos?.[program], flags: { ...spec.mesos?.[program]?.flags, [name]: value } },
    },
  }),
});

const agentSetting = (code: ErrorCode, key: 'attributes' | 'resources', value: unknown): Mutation => ({
  title: `${key} ${JSON.stringify(value)}`,
  code,
  apply: (spec) => ({ ...spec, mesos: { ...spec.mesos, agent: { ...spec.mesos?.agent, [key]: value } } }),
});

/** Every rule that a spec can break by one change. */
export const mutations: readonly Mutation[] = [
  whole('an unknown key', 'SPEC_UNKNOWN_KEY', { timming: 'fast' }),
  whole('a word that is not allowed', 'SPEC_TYPE', { timing: 'slow' }),
  whole('a list where a text should be', 'SPEC_TYPE', { bind: ['127.0.0.1'] }),
  whole('a number where a map should be', 'SPEC_TYPE', { mesos: 3 }),
  whole('a name with a space', 'SPEC_NAME', { name: 'my lab' }),
  whole('a name that is a command', 'SPEC_NAME', { name: '$(reboot)' }),
  whole('a name with a line break', 'SPEC_NAME', { name: 'a\nb' }),
  whole('a path as a name', 'SPEC_NAME', { name: '../lab' }),
  whole('an add-on twice', 'SPEC_DUPLICATE', { addons: ['registry', 'registry'] }),
  whole('a port that does not exist', 'SPEC_PORT', { ports: { marathon: 70_000 } }),
  whole('a port offset below 0', 'SPEC_PORT', { ports: { offset: -1 } }),
  whole('a range of ports backwards', 'SPEC_PORT', { ports: { services: '10020-10000' } }),
  whole('a range of ports that is no range', 'SPEC_PORT', { ports: { services: '10000' } }),
  whole('a word of every JavaScript object', 'SPEC_TYPE', { timing: 'constructor' }),
  whole('an image in capitals', 'SPEC_IMAGE', { images: { overrides: { marathon: { image: 'Not An Image' } } } }),
  whole('a platform without a processor', 'SPEC_IMAGE', { images: { overrides: { marathon: { platform: 'linux' } } } }),
  whole('an empty command', 'SPEC_IMAGE', { images: { overrides: { marathon: { command: [] } } } }),
  whole('a mirror without a scheme', 'SPEC_VALUE', { registryMirror: 'mirror.example:5000' }),
  whole('a proxy with a password', 'SPEC_VALUE', { proxy: { http: 'http://user:secret@proxy.example:3128' } }),
  whole('a bind address that is a name', 'SPEC_ADDRESS', { bind: 'localhost' }),
  {
    title: 'a relative work directory',
    code: 'SPEC_PATH',
    apply: (spec) => ({ ...spec, mesos: { ...spec.mesos, workDir: '../mesos' } }),
  },
  {
    title: 'a work directory of the system',
    code: 'SPEC_PATH',
    apply: (spec) => ({ ...spec, mesos: { ...spec.mesos, workDir: '/etc/mesos' } }),
  },
  {
    title: 'a work directory below /tmp',
    code: 'SPEC_PATH',
    apply: (spec) => ({ ...spec, mesos: { ...spec.mesos, workDir: '/tmp/mesos' } }),
  },
  {
    title: 'the root of ZooKeeper',
    code: 'SPEC_PATH',
    apply: (spec) => ({ ...spec, mesos: { ...spec.mesos, zkPath: '/' } }),
  },
  {
    title: 'one znode for Mesos and Marathon',
    code: 'SPEC_PATH',
    apply: (spec) => ({
      ...spec,
      mesos: { ...spec.mesos, zkPath: '/a' },
      marathon: { ...spec.marathon, zkPath: '/a' },
    }),
  },
  {
    title: 'a quorum that does not fit',
    code: 'SPEC_QUORUM',
    apply: (spec) => ({ ...spec, mesos: { ...spec.mesos, quorum: 9 } }),
  },
  {
    title: 'a cluster name with a line break',
    code: 'SPEC_VALUE',
    apply: (spec) => ({ ...spec, mesos: { ...spec.mesos, cluster: 'a\nMESOS_QUORUM: 5' } }),
  },
  counts('two masters', 'SPEC_QUORUM', { masters: 2 }),
  counts('four ZooKeepers', 'SPEC_QUORUM', { zookeepers: 4 }),
  counts('no ZooKeeper', 'SPEC_ROLES', { zookeepers: 0 }),
  counts('no master', 'SPEC_ROLES', { masters: 0, agents: 1 }),
  counts('a load balancer without Marathon', 'SPEC_ROLES', { marathons: 0, loadBalancers: 1 }),
  counts('two load balancers on one host', 'SPEC_COMBINATION', { loadBalancers: 2 }),
  counts('half an agent', 'SPEC_TYPE', { agents: 1.5 }),
  agentSetting('SPEC_ATTRIBUTES', 'attributes', 'rack'),
  agentSetting('SPEC_ATTRIBUTES', 'attributes', { rack: 'a;b' }),
  agentSetting('SPEC_RESOURCES', 'resources', 'cpus:abc'),
  agentSetting('SPEC_RESOURCES', 'resources', 'cpus:2;mem'),
  agentSetting('SPEC_RESOURCES', 'resources', 'ports:[5-1]'),
  agentSetting('SPEC_RESOURCES', 'resources', 'mem:1e99'),
  flag('a flag that does not exist', 'master', 'qourum_size', 1),
  flag('a flag with dashes', 'master', '--offer_timeout', '1mins'),
  flag('a duration without a unit', 'master', 'offer_timeout', 5),
  flag('a flag of another program', 'master', 'executor_registration_timeout', '5mins'),
  flag('a flag that the plan owns', 'agent', 'work_dir', '/var/lib/x'),
  flag('a switch that is neither on nor off', 'agent', 'strict', 'maybe'),
  {
    title: 'a flag that Marathon does not have',
    code: 'SPEC_FLAG',
    apply: (spec) => ({ ...spec, marathon: { ...spec.marathon, flags: { mesos_uzer: 'root' } } }),
  },
  { title: 'two nodes of one name', code: 'SPEC_DUPLICATE', apply: (spec) => sharing(spec, 'name') },
  { title: 'two nodes of one address', code: 'SPEC_DUPLICATE', apply: (spec) => sharing(spec, 'address') },
  {
    title: 'a ZooKeeper id of 256',
    code: 'SPEC_ID',
    apply: (spec) => withNode(spec, () => ({ zookeeperId: 256 })),
  },
  {
    title: 'a role twice',
    code: 'SPEC_ROLES',
    apply: (spec) => withNode(spec, ({ roles }) => ({ roles: [...roles, roles[0]] })),
  },
  { title: 'a node without roles', code: 'SPEC_ROLES', apply: (spec) => withNode(spec, () => ({ roles: [] })) },
  {
    title: 'nodes and counts',
    code: 'SPEC_COMBINATION',
    apply: (spec) => (spec.nodes ? { ...spec, counts: { agents: 2 } } : undefined),
  },
  {
    title: 'an Engine of its own for agents of several hosts',
    code: 'SPEC_COMBINATION',
    apply: (spec) => (onHosts(spec) ? { ...spec, agentDocker: 'dind' } : undefined),
  },
  {
    title: 'virtual machines on one host',
    code: 'SPEC_COMBINATION',
    apply: (spec) => (isCounted(spec) ? { ...spec, vagrant: {} } : undefined),
  },
  {
    title: 'a Docker port without TLS',
    code: 'SPEC_VALUE',
    apply: (spec) => (onHosts(spec) ? withNode(spec, () => ({ docker: 'tcp://10.0.0.1:2375' })) : undefined),
  },
  {
    title: 'a box that is Ruby',
    code: 'SPEC_VALUE',
    apply: (spec) => (spec.vagrant ? { ...spec, vagrant: { ...spec.vagrant, box: "a'; system('id') #" } } : undefined),
  },
  address('an address of the loopback', '127.0.0.1'),
  address('no address at all', '0.0.0.0'),
  address('a multicast address', '224.0.0.5'),
  address('the broadcast address', '255.255.255.255'),
  address('a name instead of an address', 'node1.example'),
  address('an address with a number too large', '10.0.0.256'),
];
