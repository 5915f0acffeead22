import type { Plan, PlannedComponent, PlannedNode, PlannedPort } from '../../../planning/plan/plan.ts';

/** A port of another machine that something on this one connects to. */
export interface NeededPort {
  readonly port: number;
  /** Who listens there, in words: `ZooKeeper`, `ZooKeeper elections`, `Mesos master`. */
  readonly what: string;
}

/** What a node has to reach of another one. */
export interface Link {
  readonly from: string;
  readonly to: string;
  /** IPv4, of `to`. */
  readonly address: string;
  readonly ports: readonly NeededPort[];
}

interface Client {
  /** Of the listening component. */
  readonly role: string;
  readonly port: PlannedPort['name'];
  readonly what: string;
  /** Roles that connect there. */
  readonly from: readonly string[];
}

/**
 * Who connects to whom. Masters and agents send each other messages over connections of their own in both directions
 * (libprocess), members of a ZooKeeper ensemble and Marathons talk among themselves, and masters call frameworks.
 */
const clients: readonly Client[] = [
  {
    role: 'zookeeper',
    port: 'client',
    what: 'ZooKeeper',
    from: ['mesos-master', 'mesos-agent', 'marathon', 'chronos'],
  },
  { role: 'zookeeper', port: 'peer', what: 'ZooKeeper members', from: ['zookeeper'] },
  { role: 'zookeeper', port: 'election', what: 'ZooKeeper elections', from: ['zookeeper'] },
  {
    role: 'mesos-master',
    port: 'http',
    what: 'Mesos master',
    from: ['mesos-master', 'mesos-agent', 'marathon', 'chronos'],
  },
  { role: 'mesos-agent', port: 'http', what: 'Mesos agent', from: ['mesos-master'] },
  { role: 'marathon', port: 'http', what: 'Marathon', from: ['marathon', 'marathon-lb'] },
  { role: 'marathon', port: 'libprocess', what: 'Marathon messages', from: ['mesos-master'] },
  { role: 'chronos', port: 'libprocess', what: 'Chronos messages', from: ['mesos-master'] },
];

/** Every way between two machines of a lab that something will use, in the order of the nodes. */
export function neededLinks({ nodes }: Plan): readonly Link[] {
  return nodes.flatMap((from) =>
    nodes.flatMap((to): readonly Link[] => {
      const { name, address } = to;
      if (name === from.name || address === undefined || address === from.address) return [];
      const ports = portsBetween(from, to);
      return ports.length === 0 ? [] : [{ from: from.name, to: name, address, ports }];
    }),
  );
}

function portsBetween({ components }: PlannedNode, to: PlannedNode): readonly NeededPort[] {
  const roles = new Set<string>(components.map(({ role }) => role));
  return to.components.flatMap((component) =>
    clients
      .filter(({ role, from }) => role === component.role && from.some((each) => roles.has(each)))
      .flatMap(({ port, what }) => portsCalled(component, port).map((target) => ({ port: target, what }))),
  );
}

const portsCalled = ({ ports }: PlannedComponent, called: string): readonly number[] =>
  ports.filter(({ name }) => name === called).map(({ target }) => target);

/** Up to so many nodes every way is tried. */
const fewNodes = 10;

/**
 * Of many machines only some ways: from each to the next that it needs, going round the list, and to the one half way
 * across; and all among those that others depend on (ZooKeeper's members), which are few.
 */
export function sampledLinks(links: readonly Link[], names: readonly string[]): readonly Link[] {
  if (names.length <= fewNodes) return links;
  return names.flatMap((name, index) => {
    const own = links.filter(({ from }) => from === name);
    const places = new Map(names.map((each, place) => [each, (place - index + names.length) % names.length]));
    const around = own.toSorted((one, other) => (places.get(one.to) ?? 0) - (places.get(other.to) ?? 0));
    const chosen = new Set([around[0], around[Math.floor(around.length / 2)]]);
    return own.filter((link) => chosen.has(link) || link.ports.some(({ what }) => what === 'ZooKeeper elections'));
  });
}
