import type { Range, Resource } from '../../protocol/mesos.ts';
import { addRanges, normalise, subtractRanges } from './ranges.ts';
import { rangesText } from '../../protocol/value-text.ts';
import {
  isOnePiece,
  keyOf,
  kindFields,
  kindOf,
  kindText,
  plainKind,
  type ResourceFormat,
  type ResourceKind,
} from './reservations/resource-kind.ts';

/**
 * Amounts of resources. Scalars are counted in thousandths, as Mesos rounds them
 * (docs/attributes-resources.md of Apache Mesos: "scalar resources … three decimal digits").
 * Keys of the maps are names, and for what is reserved or on a disk of its own keys of `kinds`.
 */
export interface Resources {
  readonly scalars: ReadonlyMap<string, number>;
  /** Sorted, without overlaps or neighbours that touch. */
  readonly ranges: ReadonlyMap<string, readonly Range[]>;
  readonly sets: ReadonlyMap<string, ReadonlySet<string>>;
  readonly kinds: ReadonlyMap<string, ResourceKind>;
}

export const noResources: Resources = { scalars: new Map(), ranges: new Map(), sets: new Map(), kinds: new Map() };

/** As Mesos counts scalars. */
export const thousandths = (value: number) => Math.round(value * 1000);

/** Adds up a list as agents and frameworks send it; empty ones are left out. */
export function toResources(list: readonly Resource[]): Resources {
  const scalars = new Map<string, number>();
  const ranges = new Map<string, readonly Range[]>();
  const sets = new Map<string, ReadonlySet<string>>();
  const kinds = new Map<string, ResourceKind>();
  for (const resource of list) {
    const kind = kindOf(resource);
    const name = kind === undefined ? resource.name : keyOf(kind);
    if (kind !== undefined && !kinds.has(name)) kinds.set(name, kind);
    const { type, scalar, ...lists } = resource;
    // Repeated fields may be missing in JSON.
    const { ranges: held, set } = lists as {
      readonly ranges?: { readonly range?: readonly Range[] };
      readonly set?: { readonly item?: readonly string[] };
    };
    if (type === 'SCALAR') {
      const sum = (scalars.get(name) ?? 0) + thousandths(scalar?.value ?? 0);
      if (sum > 0) scalars.set(name, sum);
    } else if (type === 'RANGES') {
      const union = normalise([...(ranges.get(name) ?? []), ...(held?.range ?? [])]);
      if (union.length > 0) ranges.set(name, union);
    } else {
      const union = new Set([...(sets.get(name) ?? []), ...(set?.item ?? [])]);
      if (union.size > 0) sets.set(name, union);
    }
  }
  // A hundred thousand tasks need not have an empty map each.
  return {
    scalars,
    ranges: ranges.size === 0 ? noResources.ranges : ranges,
    sets: sets.size === 0 ? noResources.sets : sets,
    kinds: kinds.size === 0 ? noResources.kinds : kinds,
  };
}

export function plus(a: Resources, b: Resources): Resources {
  const scalars = new Map(a.scalars);
  for (const [name, value] of b.scalars) scalars.set(name, (scalars.get(name) ?? 0) + value);
  return {
    scalars,
    ranges: plusRanges(a.ranges, b.ranges),
    sets: plusSets(a.sets, b.sets),
    kinds: plusKinds(a.kinds, b.kinds),
  };
}

function plusKinds(a: Resources['kinds'], b: Resources['kinds']): Resources['kinds'] {
  if (b.size === 0) return a;
  return a.size === 0 ? b : new Map([...b, ...a]);
}

/** Most resources have no ranges and fewer still sets: then there is nothing to copy. */
function plusRanges(a: Resources['ranges'], b: Resources['ranges']): Resources['ranges'] {
  if (b.size === 0) return a;
  const ranges = new Map(a);
  for (const [name, value] of b) ranges.set(name, addRanges(ranges.get(name) ?? [], value));
  return ranges;
}

function plusSets(a: Resources['sets'], b: Resources['sets']): Resources['sets'] {
  if (b.size === 0) return a;
  const sets = new Map(a);
  for (const [name, value] of b) sets.set(name, new Set([...(sets.get(name) ?? []), ...value]));
  return sets;
}

/** What is left; never less than nothing. */
export function minus(a: Resources, b: Resources): Resources {
  const scalars = new Map<string, number>();
  for (const [name, value] of a.scalars) {
    const left = value - (b.scalars.get(name) ?? 0);
    if (left > 0) scalars.set(name, left);
  }
  const left = { scalars, ranges: minusRanges(a.ranges, b.ranges), sets: minusSets(a.sets, b.sets) };
  return { ...left, kinds: a.kinds.size === 0 ? a.kinds : keptKinds(a.kinds, left) };
}

function keptKinds(kinds: Resources['kinds'], { scalars, ranges, sets }: Omit<Resources, 'kinds'>): Resources['kinds'] {
  return new Map([...kinds].filter(([key]) => scalars.has(key) || ranges.has(key) || sets.has(key)));
}

/** Those of which a test is true; its kind is undefined for what is neither reserved nor on a disk of its own. */
export function filterResources(
  resources: Resources,
  isWanted: (kind: ResourceKind | undefined) => boolean,
): Resources {
  if (resources.kinds.size === 0) return isWanted(undefined) ? resources : noResources;
  const pick = <Value>(map: ReadonlyMap<string, Value>) =>
    new Map([...map].filter(([key]) => isWanted(resources.kinds.get(key))));
  const [scalars, ranges, sets] = [pick(resources.scalars), pick(resources.ranges), pick(resources.sets)];
  return { scalars, ranges, sets, kinds: keptKinds(resources.kinds, { scalars, ranges, sets }) };
}

/** The same amounts, of whatever kind they were. */
export function plainAmounts(resources: Resources): Resources {
  if (resources.kinds.size === 0) return resources;
  const list = toResourceList(resources);
  return toResources(list.map(({ reservations: _, disk: _disk, ...plain }) => plain));
}

function minusRanges(a: Resources['ranges'], b: Resources['ranges']): Resources['ranges'] {
  if (a.size === 0 || b.size === 0) return a;
  const ranges = new Map<string, readonly Range[]>();
  for (const [name, value] of a) {
    const left = subtractRanges(value, b.get(name) ?? []);
    if (left.length > 0) ranges.set(name, left);
  }
  return ranges;
}

function minusSets(a: Resources['sets'], b: Resources['sets']): Resources['sets'] {
  if (a.size === 0 || b.size === 0) return a;
  const sets = new Map<string, ReadonlySet<string>>();
  for (const [name, value] of a) {
    const left = new Set([...value].filter((item) => b.get(name)?.has(item) !== true));
    if (left.size > 0) sets.set(name, left);
  }
  return sets;
}

/** Whether all of `b` is in `a`; what is one piece, with its size. */
export function contains(a: Resources, b: Resources): boolean {
  if (!isEmpty(minus(b, a))) return false;
  if (b.kinds.size === 0) return true;
  return [...b.kinds].every(([key, kind]) => !isOnePiece(kind) || a.scalars.get(key) === b.scalars.get(key));
}

export function isEmpty({ scalars, ranges, sets }: Resources): boolean {
  return scalars.size === 0 && ranges.size === 0 && sets.size === 0;
}

/** A scalar in its own unit, of all kinds together; 0 if there is none. */
export function scalarOf({ scalars, kinds }: Resources, name: string): number {
  let sum = scalars.get(name) ?? 0;
  if (kinds.size > 0) for (const [key, kind] of kinds) if (kind.name === name) sum += scalars.get(key) ?? 0;
  return sum / 1000;
}

/**
 * As JSON of the v1 API: ranges first, as the allocator orders what it offers.
 * @param role that they are allocated to, if any
 */
export function toResourceList(
  { scalars, ranges, sets, kinds }: Resources,
  format: ResourceFormat = 'refined',
  role?: string,
): readonly Resource[] {
  const plain = kindFields(plainKind, format, role);
  const rest = (key: string) => {
    const kind = kinds.get(key);
    return kind === undefined ? plain : kindFields(kind, format, role);
  };
  const nameOf = (key: string) => kinds.get(key)?.name ?? key;
  return [
    ...[...ranges].map(([key, range]): Resource => ({
      name: nameOf(key),
      type: 'RANGES',
      ranges: { range },
      ...rest(key),
    })),
    ...[...sets].map(([key, items]): Resource => ({
      name: nameOf(key),
      type: 'SET',
      set: { item: [...items] },
      ...rest(key),
    })),
    ...[...scalars].map(([key, value]): Resource => ({
      name: nameOf(key),
      type: 'SCALAR',
      scalar: { value: value / 1000 },
      ...rest(key),
    })),
  ];
}

const setText = (items: ReadonlySet<string>) => `{${[...items].join(', ')}}`;

/**
 * As Mesos writes resources in its messages: `cpus(allocated: *):1; ports(allocated: *):[1-2]`.
 * @param role that they are allocated to, if any
 */
export function describeResources({ scalars, ranges, sets, kinds }: Resources, role?: string): string {
  const allocation = role === undefined ? '' : `(allocated: ${role})`;
  return [
    ...[...ranges].map(([key, value]) => [key, rangesText(value)] as const),
    ...[...sets].map(([key, value]) => [key, setText(value)] as const),
    ...[...scalars].map(([key, value]) => [key, String(value / 1000)] as const),
  ]
    .map(([key, text]) => {
      const kind = kinds.get(key);
      return `${kind?.name ?? key}${allocation}${kind === undefined ? '' : kindText(kind)}:${text}`;
    })
    .join('; ');
}

/** As in `/state` (src/common/http.cpp, model(Resources)): four scalars always, others when there are any. */
export function summariseResources(resources: Resources): Readonly<Record<string, number | string>> {
  const { scalars, ranges, sets } = plainAmounts(resources);
  const summary: Record<string, number | string> = { disk: 0, mem: 0, gpus: 0, cpus: 0 };
  for (const [name, value] of scalars) summary[name] = value / 1000;
  for (const [name, value] of ranges) summary[name] = rangesText(value);
  for (const [name, value] of sets) summary[name] = setText(value);
  return summary;
}
