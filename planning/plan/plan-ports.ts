import type { ClusterSpec } from '../shape/cluster-spec.ts';
import type { PlannedPort, Placement } from './plan.ts';
import { defaultPorts, type Role } from '../catalogue/roles.ts';

/** Service ports of the load balancer when the spec names none: one docker-proxy process each, so few by default. */
const defaultServicePorts = { first: 10_000, last: 10_020 };

/** ZooKeeper's port for followers, and the one for elections (zoo.cfg, `server.N=host:2888:3888`). */
export const zookeeperPeerPort = 2888;
export const zookeeperElectionPort = 3888;

/** What Chronos's libprocess listens on (its image's PORT1), beside its web page on PORT0. */
export const chronosLibprocessPort = 4401;

/** The service ports of a spec; nonsense is reported by check-spec and read as the default here. */
export function planServicePorts(spec: ClusterSpec): { readonly first: number; readonly last: number } {
  const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(spec.ports?.services ?? '') ?? [];
  return first === undefined || last === undefined ? defaultServicePorts : { first: Number(first), last: Number(last) };
}

/**
 * How far apart the published ports of several instances are. Masters go up in tens (5050, 5060, …), so that the
 * first agents have 5051 to 5059.
 */
const stride = (role: Role): number => (role === 'mesos-master' ? 10 : 1);

/**
 * Hands out the ports of a lab. On one host each container has a network of its own and listens where its program
 * always does, except for Mesos's own; the ports that are published on this machine count up. On several hosts the
 * nodes' own ports are used.
 */
export class PortPlanner {
  readonly #spec: ClusterSpec;
  readonly #placement: Placement;
  readonly #taken = new Set<number>();
  #nextAgent: number;
  /** As apps name them; they are published `offset` above. */
  readonly services: { readonly first: number; readonly last: number };
  /** Added to every published port. */
  readonly offset: number;

  /** @param fixed how many of each role there will be: agents go around the ports of all the others */
  constructor(spec: ClusterSpec, placement: Placement, fixed: ReadonlyMap<Role, number>) {
    this.#spec = spec;
    this.#placement = placement;
    this.#nextAgent = this.base('mesos-agent');
    this.services = planServicePorts(spec);
    this.offset = placement === 'one-host' ? (spec.ports?.offset ?? 0) : 0;
    for (const [role, count] of fixed) {
      if (role === 'mesos-agent') continue;
      for (let ordinal = 1; ordinal <= count; ordinal++) this.#taken.add(this.#published(role, ordinal));
    }
    // Not more than a port range holds, whatever nonsense the spec says.
    for (let port = this.services.first; port <= Math.min(65_535, this.services.last); port++) this.#taken.add(port);
  }

  base(role: Role): number {
    return this.#spec.ports?.[role] ?? defaultPorts[role];
  }

  /** The port that a role's own clients use inside the cluster. */
  inside(role: Role): number {
    return this.#placement === 'machines' ? this.base(role) : defaultPorts[role];
  }

  #published(role: Role, ordinal: number): number {
    return this.base(role) + (ordinal - 1) * stride(role);
  }

  #publishedAgent(): number {
    while (this.#taken.has(this.#nextAgent)) this.#nextAgent++;
    return this.#nextAgent++;
  }

  /** All ports of one component. Call it once for each agent, in their order. */
  portsOf(role: Role, ordinal: number): readonly PlannedPort[] {
    const published = (): { published?: number } => {
      if (this.#placement === 'machines') return {};
      // All move by the same number, so that none comes to be where another is.
      return {
        published: this.offset + (role === 'mesos-agent' ? this.#publishedAgent() : this.#published(role, ordinal)),
      };
    };
    const main = (name: string): PlannedPort => ({ name, target: this.inside(role), ...published() });
    // Mesos's page asks masters and agents by the name and port they know of themselves: from this machine's browser
    // that works only if the port is the same outside.
    const same = (name: string): PlannedPort => {
      const port = published().published ?? this.inside(role);
      return this.#placement === 'machines' ? { name, target: port } : { name, target: port, published: port };
    };
    switch (role) {
      case 'zookeeper':
        return [
          main('client'),
          { name: 'peer', target: zookeeperPeerPort },
          { name: 'election', target: zookeeperElectionPort },
        ];
      case 'marathon-lb': {
        const { first, last } = this.services;
        const range = { name: 'services', target: first, targetEnd: last };
        return [main('stats'), this.#placement === 'machines' ? range : { ...range, published: first + this.offset }];
      }
      case 'chronos':
        return [main('http'), { name: 'libprocess', target: chronosLibprocessPort }];
      case 'mesos-dns':
        return [main('http'), { name: 'dns', target: 53 }];
      case 'registry':
        // On a machine of its own the pull-through cache listens on the port behind the registry's.
        return this.#placement === 'machines'
          ? [main('http'), { name: 'cache', target: this.base('registry') + 1 }]
          : [main('http')];
      case 'mesos-master':
      case 'mesos-agent':
        return [same('http')];
      case 'marathon':
        return [main('http')];
    }
  }
}
