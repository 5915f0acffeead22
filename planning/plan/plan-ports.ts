import type { ClusterSpec } from '../shape/cluster-spec.ts';
import type { PlannedPort, Placement } from './plan.ts';
import type { ComponentPort } from '../components/component.ts';
import { isRefusedByBrowsers } from '../values/browser-ports.ts';
import { frontPorts, servicePorts } from '../components/marathon-lb.ts';
import { componentOf, defaultPorts, type Role } from '../catalogue/roles.ts';

const usualServicePorts = { first: servicePorts.usual, last: servicePorts.usualLast };

/** The service ports of a spec; nonsense is reported by check-spec and read as the default here. */
function planServicePorts(spec: ClusterSpec): { readonly first: number; readonly last: number } {
  const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(spec.ports?.services ?? '') ?? [];
  return first === undefined || last === undefined ? usualServicePorts : { first: Number(first), last: Number(last) };
}

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
    for (const { name } of frontPorts) this.#taken.add(spec.ports?.[name] ?? 0);
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
    return this.base(role) + (ordinal - 1) * (componentOf[role].portStep ?? 1);
  }

  #publishedAgent(): number {
    // Mesos's page asks each agent from the browser.
    while (this.#taken.has(this.#nextAgent) || isRefusedByBrowsers(this.#nextAgent + this.offset)) this.#nextAgent++;
    return this.#nextAgent++;
  }

  /** All ports of one component. Call it once for each agent, in their order. */
  portsOf(role: Role, ordinal: number): readonly PlannedPort[] {
    const [first, ...others] = componentOf[role].ports;
    return [this.#first(role, first, ordinal), ...others.flatMap((port) => this.#other(role, first, port))];
  }

  /** The one that its clients use. */
  #first(role: Role, { name, onlyInside }: ComponentPort, ordinal: number): PlannedPort {
    const target = this.inside(role);
    if (this.#placement === 'machines' || onlyInside === true) return { name, target };
    // All move by the same number, so that none comes to be where another is.
    const published = this.offset + (role === 'mesos-agent' ? this.#publishedAgent() : this.#published(role, ordinal));
    // Mesos's page asks masters and agents by the name and port they know of themselves: from this machine's browser
    // that works only if the port is the same outside.
    return { name, target: componentOf[role].tellsItsPort === true ? published : target, published };
  }

  #other(
    role: Role,
    first: ComponentPort,
    { name, usual, usualLast, onMachines, onlyAsked }: ComponentPort,
  ): readonly PlannedPort[] {
    const onMachine = this.#placement === 'machines';
    if (usualLast !== undefined) {
      const range = { name, target: this.services.first, targetEnd: this.services.last };
      return [onMachine ? range : { ...range, published: this.services.first + this.offset }];
    }
    if (onlyAsked === true) {
      const key = frontPorts.find((front) => front.name === name)?.name;
      const published = key && this.#spec.ports?.[key];
      return onMachine || published === undefined ? [] : [{ name, target: usual, published: published + this.offset }];
    }
    if (onMachines === undefined) return [{ name, target: usual }];
    return onMachine ? [{ name, target: this.base(role) + usual - first.usual }] : [];
  }
}

/** A port, or the range that starts at `first`, as long as the port's own: `10000-10020`. */
export function portRange({ target, targetEnd }: PlannedPort, first: number): string {
  return targetEnd === undefined ? String(first) : `${first}-${first + targetEnd - target}`;
}
