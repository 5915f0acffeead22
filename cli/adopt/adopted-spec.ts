import { printable } from '../../checks/adopt/asker.ts';
import type { FoundCluster } from '../../checks/adopt/found-cluster.ts';
import { zookeeperHosts, zookeeperPath } from '../../checks/adopt/zookeeper-hosts.ts';
import { checkSpec } from '../../planning/rules/check-spec.ts';
import type { ClusterSpec, NodeSpec } from '../../planning/shape/cluster-spec.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import { majority } from '../../planning/plan/plan-zookeepers.ts';
import { defaultPorts, type Role } from '../../planning/catalogue/roles.ts';
import { commonFlags, differingFlags, nearestSet } from './found-flags.ts';
import { machinesOf, type FoundMachine } from './machines.ts';

/** The spec of a cluster that was found, and what of it could not be said there. */
export interface AdoptedSpec {
  readonly spec: ClusterSpec;
  /** Sentences, each on one line. */
  readonly unknown: readonly string[];
}

/** Describes what was found as a spec that passes every check. */
export async function adoptedSpec(name: string, found: FoundCluster): Promise<AdoptedSpec> {
  const machines = machinesOf(found);
  const plain = withoutFlags(name, found, machines);
  const flags = flagsOf(found, plain);
  const { spec, left } = await pruned(withFlags(plain, flags.flags));
  return { spec, unknown: [...found.unknown, ...portNotes(machines), ...flags.unknown, ...left] };
}

function withoutFlags(name: string, found: FoundCluster, machines: readonly FoundMachine[]): ClusterSpec {
  const urls = (role: Role) =>
    machines.flatMap(({ roles, urls: all }) => (roles.includes(role) ? (all[role] ?? []) : []));
  const leader = found.masters.find(({ leads }) => leads) ?? found.masters[0];
  const quorum = Number(leader?.flags['quorum']);
  const masters = urls('mesos-master');
  const marathonPath = zookeeperPath(found.marathon?.zookeeper);
  const workDir = leader?.flags['work_dir'];
  const services = servicePorts(found);
  const ports = { ...portsOf(found, machines), ...(services === undefined ? {} : { services }) };
  return {
    name,
    placement: 'machines',
    nodes: machines.map(toNode),
    images: { set: nearestSet(found) },
    ...(Object.keys(ports).length === 0 ? {} : { ports }),
    mesos: {
      ...(found.name === undefined || found.name === '' ? {} : { cluster: found.name }),
      ...(Number.isInteger(quorum) && quorum > 0 && quorum !== majority(masters.length) ? { quorum } : {}),
      ...(zookeeperPath(found.zookeeper) === undefined ? {} : { zkPath: zookeeperPath(found.zookeeper) }),
      ...(workDir === undefined || workDir === '' ? {} : { workDir }),
    },
    ...(marathonPath === undefined ? {} : { marathon: { zkPath: marathonPath } }),
    adopted: {
      masters,
      ...(urls('mesos-agent').length === 0 ? {} : { agents: urls('mesos-agent') }),
      ...(urls('marathon').length === 0 ? {} : { marathons: urls('marathon') }),
      ...(found.loadBalancer === undefined ? {} : { loadBalancer: found.loadBalancer }),
      ...(found.zookeeper === undefined ? {} : { zookeeper: found.zookeeper }),
    },
  };
}

function toNode({ name, address, roles, agent }: FoundMachine): NodeSpec {
  return {
    name,
    ...(address === undefined ? {} : { address }),
    roles: [...roles],
    ...(agent === undefined || Object.keys(agent.attributes).length === 0
      ? {}
      : { attributes: { ...agent.attributes } }),
    ...(agent === undefined || agent.resources === '' ? {} : { resources: agent.resources }),
  };
}

const portOf = (url: string) => Number(new URL(url).port || (url.startsWith('https:') ? 443 : 80));
const movable = ['mesos-master', 'mesos-agent', 'marathon', 'marathon-lb'] as const;

/** The port that all of a role have, where it is not the usual one. */
function portsOf(found: FoundCluster, machines: readonly FoundMachine[]): Partial<Record<Role, number>> {
  const ofZookeeper = zookeeperHosts(found.zookeeper).map(({ port }) => port);
  const all = [
    ['zookeeper', ofZookeeper] as const,
    ...movable.map(
      (role) => [role, machines.flatMap(({ urls }) => (urls[role] === undefined ? [] : [portOf(urls[role])]))] as const,
    ),
  ];
  return Object.fromEntries(
    all.flatMap(([role, ports]) => {
      const [first] = ports;
      const isMoved = first !== undefined && first !== defaultPorts[role] && ports.every((port) => port === first);
      return isMoved ? [[role, first]] : [];
    }),
  );
}

/** The ports that Marathon gives to services by itself, and its load balancer listens on. */
function servicePorts({ marathon }: FoundCluster): string | undefined {
  const [first, last] = ['local_port_min', 'local_port_max'].map((name) => Number(marathon?.flags[name]));
  if (first === undefined || last === undefined || !(first >= 1 && last >= first && last <= 65_535)) return undefined;
  return `${String(first)}-${String(last)}`;
}

function portNotes(machines: readonly FoundMachine[]): readonly string[] {
  const differ = movable.filter(
    (role) => new Set(machines.flatMap(({ urls }) => (urls[role] === undefined ? [] : [portOf(urls[role])]))).size > 1,
  );
  const unnamed = machines.filter(({ address }) => address === undefined).map(({ name }) => name);
  return [
    ...differ.map((role) => `The ports of ${role} differ from machine to machine; adopted has them.`),
    ...(unnamed.length === 0
      ? []
      : [`The addresses of these nodes are not to be known: ${unnamed.slice(0, 20).join(', ')}.`]),
  ];
}

interface Flags {
  readonly master: Readonly<Record<string, string>>;
  readonly agent: Readonly<Record<string, string>>;
  readonly marathon: Readonly<Record<string, string>>;
}

function flagsOf(
  found: FoundCluster,
  plain: ClusterSpec,
): { readonly flags: Flags; readonly unknown: readonly string[] } {
  const plan = planCluster(plain);
  const leader = found.masters.find(({ leads }) => leads) ?? found.masters[0];
  const agents = commonFlags(found.agents);
  const master = differingFlags('mesos-master', leader?.flags ?? {}, plan);
  const agent = differingFlags('mesos-agent', agents.common, plan);
  const marathon = differingFlags('marathon', withoutServicePorts(found.marathon?.flags ?? {}), plan);
  const personal = new Set(['hostname', 'ip', 'port', 'advertise_ip', 'advertise_port', 'attributes', 'resources']);
  const differing = agents.differing.filter((name) => !personal.has(name));
  const note = (program: string, names: readonly string[]) =>
    names.length === 0
      ? []
      : [`Flags of ${program} that are not in our table of ${plan.imageSet}: ${names.slice(0, 40).join(', ')}.`];
  return {
    flags: { master: master.flags, agent: agent.flags, marathon: marathon.flags },
    unknown: [
      ...note('the master', master.unknown),
      ...note('the agents', agent.unknown),
      ...(differing.length === 0
        ? []
        : [`Flags in which the agents differ were left out: ${differing.slice(0, 40).join(', ')}.`]),
    ],
  };
}

/** They stand under ports.services; and its page under adopted. */
const elsewhere: ReadonlySet<string> = new Set([
  'local_port_min',
  'local_port_max',
  'webui_url',
  'mesos_leader_ui_url',
]);
const withoutServicePorts = (flags: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(flags).filter(([name]) => !elsewhere.has(name)));

function withFlags(spec: ClusterSpec, { master, agent, marathon }: Flags): ClusterSpec {
  const some = (flags: Readonly<Record<string, string>>) => Object.keys(flags).length > 0;
  return {
    ...spec,
    mesos: {
      ...spec.mesos,
      ...(some(master) ? { master: { flags: master } } : {}),
      ...(some(agent) ? { agent: { flags: agent } } : {}),
    },
    ...(some(marathon) ? { marathon: { ...spec.marathon, flags: marathon } } : {}),
  };
}

const mostRounds = 5;

/** Takes out what our checks refuse, be it strange or hostile, and says so. */
async function pruned(spec: ClusterSpec): Promise<{ readonly spec: ClusterSpec; readonly left: readonly string[] }> {
  const left: string[] = [];
  let current = spec;
  for (let round = 0; round < mostRounds; round++) {
    const problems = (await checkSpec(current)).filter(({ severity }) => severity === 'error');
    if (problems.length === 0) return { spec: current, left };
    for (const { path, message, found } of problems) {
      left.push(printable(`Left out: ${path.join('.')} (${message}${found === undefined ? '' : `: ${found}`}).`));
      current = without(current, path.slice(0, path[0] === 'nodes' ? 3 : path.length)) as ClusterSpec;
    }
  }
  const [first] = await checkSpec(current);
  throw new Error(
    `the spec of an adopted cluster is refused: ${first?.message ?? ''} (${first?.path.join('.') ?? ''})`,
  );
}

function without(tree: unknown, [head, ...rest]: readonly (string | number)[]): unknown {
  if (head === undefined || typeof tree !== 'object' || tree === null) return tree;
  if (Array.isArray(tree)) return tree.map((item: unknown, index) => (index === head ? without(item, rest) : item));
  const entries = Object.entries(tree);
  return Object.fromEntries(
    rest.length === 0
      ? entries.filter(([key]) => key !== String(head))
      : entries.map(([key, value]) => [key, key === String(head) ? without(value, rest) : value]),
  );
}
