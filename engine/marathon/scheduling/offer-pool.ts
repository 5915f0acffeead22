import type { Attribute, Offer, Range, Resource } from '../../../protocol/mesos.ts';
import { shownValue, thousandthsText } from '../../../protocol/value-text.ts';

interface Scalar {
  readonly role: string;
  readonly value: number;
}

interface PortRange {
  readonly role: string;
  readonly range: Range;
}

export type ScalarName = 'cpus' | 'mem' | 'disk' | 'gpus';

/** What an offer has left. Immutable: a match that fails half-way leaves the old one untouched. */
export interface OfferPool {
  readonly offer: Offer;
  /** What the constraints of an app compare. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly scalars: Readonly<Record<string, readonly Scalar[]>>;
  readonly ports: readonly PortRange[];
  /** Of their own: with a path, or mounted. */
  readonly disks: readonly Resource[];
}

/** Mesos counts scalars in thousandths. */
export const thousandths = (value: number) => Math.round(value * 1000) / 1000;

/** Reserved, revocable and shared resources that are not for us are left out by their role later. */
export function poolOf(offer: Offer): OfferPool {
  const scalars: Record<string, Scalar[]> = {};
  const ports: PortRange[] = [];
  const disks: Resource[] = [];
  for (const resource of offer.resources) {
    const role = resource.role ?? '*';
    if (resource.disk !== undefined) disks.push(resource);
    else if (resource.type === 'SCALAR' && resource.scalar !== undefined) {
      (scalars[resource.name] ??= []).push({ role, value: resource.scalar.value });
    } else if (resource.name === 'ports') {
      for (const range of resource.ranges?.range ?? []) ports.push({ role, range });
    }
  }
  return { offer, attributes: attributesOf(offer), scalars, ports, disks };
}

/** Takes from one role: a scalar of a task is never put together of two (ResourceMatcher of Marathon). */
export function takeScalar(
  pool: OfferPool,
  name: ScalarName,
  wanted: number,
  roles: ReadonlySet<string>,
): { readonly pool: OfferPool; readonly resource: Resource } | undefined {
  const available = pool.scalars[name] ?? [];
  const index = available.findIndex(({ role, value }) => roles.has(role) && thousandths(value) >= thousandths(wanted));
  const source = available[index];
  if (source === undefined) return undefined;
  const left = { role: source.role, value: thousandths(source.value - wanted) };
  const scalars = { ...pool.scalars, [name]: available.with(index, left) };
  return {
    pool: { ...pool, scalars },
    resource: {
      name,
      type: 'SCALAR',
      scalar: { value: wanted },
      role: source.role,
      ...allocation(pool.offer),
    },
  };
}

/**
 * Takes ports.
 * @param wanted port numbers; 0 for any
 * @param random at least 0, less than 1: which of the free ones
 */
export function takePorts(
  pool: OfferPool,
  wanted: readonly number[],
  roles: ReadonlySet<string>,
  random: () => number,
):
  { readonly pool: OfferPool; readonly ports: readonly number[]; readonly resources: readonly Resource[] } | undefined {
  let ranges = pool.ports.filter(({ role }) => roles.has(role));
  const others = pool.ports.filter(({ role }) => !roles.has(role));
  const fixed = new Map<number, string>();
  const take = (port: number) => {
    const source = ranges.find(({ range }) => range.begin <= port && port <= range.end);
    if (source === undefined) return undefined;
    ranges = ranges.flatMap((each) => (each === source ? splitAt(each, port) : [each]));
    fixed.set(port, source.role);
    return port;
  };
  // Fixed ones first, so that no random one is in their way.
  for (const port of wanted) if (port !== 0 && take(port) === undefined) return undefined;
  const ports: number[] = [];
  for (const port of wanted) {
    const taken = port === 0 ? take(anyPort(ranges, random())) : port;
    if (taken === undefined) return undefined;
    ports.push(taken);
  }
  const roleNames = [...new Set(fixed.values())];
  const resources = roleNames.map((role) => ({
    name: 'ports',
    type: 'RANGES' as const,
    ranges: {
      range: ports.filter((port) => fixed.get(port) === role).map((port) => ({ begin: port, end: port })),
    },
    role,
    ...allocation(pool.offer),
  }));
  return { pool: { ...pool, ports: [...others, ...ranges] }, ports, resources };
}

function splitAt({ role, range }: PortRange, port: number): readonly PortRange[] {
  return [
    { role, range: { begin: range.begin, end: port - 1 } },
    { role, range: { begin: port + 1, end: range.end } },
  ].filter((each) => each.range.begin <= each.range.end);
}

/** -1 when none is left: no range has it. */
function anyPort(ranges: readonly PortRange[], random: number): number {
  const total = ranges.reduce((sum, { range }) => sum + range.end - range.begin + 1, 0);
  let index = Math.min(total - 1, Math.floor(random * total));
  for (const { range } of ranges) {
    const size = range.end - range.begin + 1;
    if (index < size) return range.begin + index;
    index -= size;
  }
  return -1;
}

const allocation = (offer: Offer) =>
  offer.allocation_info === undefined ? {} : { allocation_info: offer.allocation_info };

/** As Marathon's constraints know it: without blanks, scalars to the thousandth (Constraints.scala). */
function textOf(attribute: Attribute): string {
  const value = shownValue(attribute, ',');
  return typeof value === 'number' ? thousandthsText(value) : value;
}

/** The agent's hostname, fault domain and attributes. */
function attributesOf(offer: Offer): Readonly<Record<string, string>> {
  const domain = offer.domain as
    | {
        readonly fault_domain?: {
          readonly region?: { readonly name?: string };
          readonly zone?: { readonly name?: string };
        };
      }
    | undefined;
  const region = domain?.fault_domain?.region?.name;
  const zone = domain?.fault_domain?.zone?.name;
  return {
    ...Object.fromEntries((offer.attributes ?? []).map((attribute) => [attribute.name, textOf(attribute)])),
    ...(region === undefined ? {} : { '@region': region }),
    ...(zone === undefined ? {} : { '@zone': zone }),
    hostname: offer.hostname,
    '@hostname': offer.hostname,
  };
}
