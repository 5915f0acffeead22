import { isIpv4 } from '../../checks/adopt/asker.ts';
import type { FoundAgent, FoundCluster } from '../../checks/adopt/found-cluster.ts';
import { zookeeperHosts } from '../../checks/adopt/zookeeper-hosts.ts';
import { suggestLabel } from '../../planning/rules/check-names.ts';
import { roles as allRoles, type Role } from '../../planning/catalogue/roles.ts';

/** A machine of a cluster that was found, or a part of one: no role stands twice on it. */
export interface FoundMachine {
  readonly name: string;
  readonly address?: string;
  readonly roles: readonly Role[];
  readonly agent?: FoundAgent;
  /** Where its roles are reached from here. */
  readonly urls: Readonly<Partial<Record<Role, string>>>;
}

interface Growing {
  readonly hosts: Set<string>;
  readonly roles: Set<Role>;
  readonly urls: Partial<Record<Role, string>>;
  ip: string | undefined;
  agent: FoundAgent | undefined;
}

interface Part {
  readonly role: Role;
  readonly host: string;
  readonly ip?: string | undefined;
  readonly url?: string;
  readonly agent?: FoundAgent;
}

/** Every part of a cluster, by the machine it is on, as far as names and addresses tell. */
export function machinesOf(found: FoundCluster): readonly FoundMachine[] {
  const addresses = addressBook(found);
  const machines: Growing[] = [];
  const byHost = new Map<string, Growing[]>();
  for (const part of partsOf(found)) {
    const ip = part.ip ?? (isIpv4(part.host) ? part.host : addresses.get(part.host));
    const key = ip ?? part.host;
    const there = byHost.get(key) ?? [];
    let machine = there.find(({ roles }) => !roles.has(part.role));
    if (machine === undefined) {
      machine = { hosts: new Set(), roles: new Set(), urls: {}, ip, agent: undefined };
      machines.push(machine);
      byHost.set(key, [...there, machine]);
    }
    machine.hosts.add(part.host).add(hostnameOf(found, key) ?? part.host);
    machine.roles.add(part.role);
    if (part.url !== undefined) machine.urls[part.role] = part.url;
    machine.agent ??= part.agent;
  }
  return named(machines);
}

function partsOf(found: FoundCluster): readonly Part[] {
  const hostOf = (url: string) => new URL(url).hostname;
  return [
    ...zookeeperHosts(found.zookeeper).map(({ host }): Part => ({ role: 'zookeeper', host })),
    ...found.masters.map(({ url, hostname, ip }): Part => ({
      role: 'mesos-master',
      host: hostname ?? hostOf(url),
      // 0.0.0.0 is what it listens on, not where it is.
      ip: ip === '0.0.0.0' ? undefined : ip,
      url,
    })),
    ...found.agents.map((agent): Part => ({
      role: 'mesos-agent',
      host: agent.hostname,
      ip: agent.ip,
      url: `http://${agent.hostname}:${String(agent.port)}`,
      agent,
    })),
    ...(found.marathon?.urls ?? []).map((url): Part => ({ role: 'marathon', host: hostOf(url), url })),
    ...(found.loadBalancer === undefined
      ? []
      : [{ role: 'marathon-lb', host: hostOf(found.loadBalancer), url: found.loadBalancer } as const]),
  ];
}

/** Which address a name has, by what masters and agents say of themselves. */
function addressBook({ masters, agents }: FoundCluster): ReadonlyMap<string, string> {
  return new Map(
    [...masters, ...agents].flatMap(({ hostname, ip }) =>
      hostname === undefined || ip === undefined || ip === '0.0.0.0' ? [] : [[hostname, ip] as const],
    ),
  );
}

const hostnameOf = ({ masters, agents }: FoundCluster, ip: string) =>
  [...masters, ...agents].find((each) => each.ip === ip && each.hostname !== undefined && !isIpv4(each.hostname))
    ?.hostname;

const shortNames: Readonly<Partial<Record<Role, string>>> = {
  'mesos-master': 'master',
  'mesos-agent': 'agent',
  'marathon-lb': 'load-balancer',
};

/** Names that the machines have, where they can be names of nodes; otherwise after what they do. */
function named(machines: readonly Growing[]): readonly FoundMachine[] {
  const taken = new Set<string>();
  return machines.map(({ hosts, roles, urls, ip, agent }) => {
    const sorted = allRoles.filter((role) => roles.has(role));
    const [first] = sorted;
    const fallback = sorted.length > 1 || first === undefined ? 'node' : (shortNames[first] ?? first);
    const host = [...hosts].find((each) => !isIpv4(each) && each !== 'localhost');
    const label = host === undefined ? '' : suggestLabel(host.split('.', 1)[0] ?? '');
    const name = freeName(/[a-z]/.test(label) && !/^0x/.test(label) ? label : '', fallback, taken);
    taken.add(name);
    return {
      name,
      roles: sorted,
      urls,
      ...(ip === undefined ? {} : { address: ip }),
      ...(agent === undefined ? {} : { agent }),
    };
  });
}

function freeName(label: string, fallback: string, taken: ReadonlySet<string>): string {
  if (label !== '' && !taken.has(label)) return label;
  const base = label === '' ? fallback : `${label.slice(0, 50)}-${fallback}`;
  for (let number = 1; ; number++) {
    const name = label === '' ? `${base}${String(number)}` : `${base}${number === 1 ? '' : String(number)}`;
    if (!taken.has(name)) return name;
  }
}
