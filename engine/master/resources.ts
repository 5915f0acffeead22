import type { Range, Resource } from '../../protocol/mesos.ts';
import { rangesText } from '../../protocol/value-text.ts';

/**
 * Amounts of resources, of one role. Scalars are counted in thousandths, as Mesos rounds them
 * (docs/attributes-resources.md of Apache Mesos: "scalar resources … three decimal digits").
 */
export interface Resources {
  readonly scalars: ReadonlyMap<string, number>;
  /** Sorted, without overlaps or neighbours that touch. */
  readonly ranges: ReadonlyMap<string, readonly Range[]>;
  readonly sets: ReadonlyMap<string, ReadonlySet<string>>;
}

export const noResources: Resources = { scalars: new Map(), ranges: new Map(), sets: new Map() };

const thousandths = (value: number) => Math.round(value * 1000);

/** Sorts and merges. */
function normalise(ranges: readonly Range[]): readonly Range[] {
  const merged: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.begin - b.begin)) {
    const last = merged.at(-1);
    if (last !== undefined && range.begin <= last.end + 1) {
      merged[merged.length - 1] = { begin: last.begin, end: Math.max(last.end, range.end) };
    } else if (range.begin <= range.end) merged.push({ begin: range.begin, end: range.end });
  }
  return merged;
}

/** Merges lists that are normalised, as normalise() would, but without sorting. */
function addRanges(a: readonly Range[], b: readonly Range[]): readonly Range[] {
  const merged: Range[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [first, second] = [a[i], b[j]];
    const isFirst = second === undefined || (first !== undefined && first.begin <= second.begin);
    const next = isFirst ? first : second;
    if (next === undefined) return merged;
    if (isFirst) i += 1;
    else j += 1;
    const last = merged.at(-1);
    if (last === undefined || next.begin > last.end + 1) merged.push(next);
    else if (next.end > last.end) merged[merged.length - 1] = { begin: last.begin, end: next.end };
  }
}

function subtractRanges(from: readonly Range[], taken: readonly Range[]): readonly Range[] {
  const left: Range[] = [];
  let index = 0;
  for (const range of from) {
    let { begin } = range;
    for (; index < taken.length; index += 1) {
      const hole = taken[index];
      if (hole === undefined || hole.begin > range.end) break;
      if (hole.end < begin) continue;
      if (hole.begin > begin) left.push({ begin, end: hole.begin - 1 });
      begin = hole.end + 1;
      if (begin > range.end) break;
    }
    if (begin <= range.end) left.push({ begin, end: range.end });
  }
  return left;
}

/** Adds up a list as agents and frameworks send it; empty ones are left out. */
export function toResources(list: readonly Resource[]): Resources {
  const scalars = new Map<string, number>();
  const ranges = new Map<string, readonly Range[]>();
  const sets = new Map<string, ReadonlySet<string>>();
  for (const { name, type, scalar, ...lists } of list) {
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
  return { scalars, ranges, sets };
}

export function plus(a: Resources, b: Resources): Resources {
  const scalars = new Map(a.scalars);
  for (const [name, value] of b.scalars) scalars.set(name, (scalars.get(name) ?? 0) + value);
  return { scalars, ranges: plusRanges(a.ranges, b.ranges), sets: plusSets(a.sets, b.sets) };
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
  return { scalars, ranges: minusRanges(a.ranges, b.ranges), sets: minusSets(a.sets, b.sets) };
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

/** Whether all of `b` is in `a`. */
export function contains(a: Resources, b: Resources): boolean {
  return isEmpty(minus(b, a));
}

export function isEmpty({ scalars, ranges, sets }: Resources): boolean {
  return scalars.size === 0 && ranges.size === 0 && sets.size === 0;
}

/** A scalar in its own unit; 0 if there is none. */
export function scalarOf(resources: Resources, name: string): number {
  return (resources.scalars.get(name) ?? 0) / 1000;
}

/** As JSON of the v1 API: ranges first, as the allocator orders what it offers. */
export function toResourceList(resources: Resources, extra: Partial<Resource> = {}): readonly Resource[] {
  return [
    ...[...resources.ranges].map(([name, range]): Resource => ({ name, type: 'RANGES', ranges: { range }, ...extra })),
    ...[...resources.sets].map(([name, items]): Resource => ({
      name,
      type: 'SET',
      set: { item: [...items] },
      ...extra,
    })),
    ...[...resources.scalars].map(([name, value]): Resource => ({
      name,
      type: 'SCALAR',
      scalar: { value: value / 1000 },
      ...extra,
    })),
  ];
}

const setText = (items: ReadonlySet<string>) => `{${[...items].join(', ')}}`;

/** As Mesos writes allocated resources in its messages: `cpus(allocated: *):1; ports(allocated: *):[1-2]`. */
export function describeResources({ scalars, ranges, sets }: Resources, role: string): string {
  return [
    ...[...ranges].map(([name, value]) => [name, rangesText(value)] as const),
    ...[...sets].map(([name, value]) => [name, setText(value)] as const),
    ...[...scalars].map(([name, value]) => [name, String(value / 1000)] as const),
  ]
    .map(([name, text]) => `${name}(allocated: ${role}):${text}`)
    .join('; ');
}

/** As in `/state` (src/common/http.cpp, model(Resources)): four scalars always, others when there are any. */
export function summariseResources({ scalars, ranges, sets }: Resources): Readonly<Record<string, number | string>> {
  const summary: Record<string, number | string> = { disk: 0, mem: 0, gpus: 0, cpus: 0 };
  for (const [name, value] of scalars) summary[name] = value / 1000;
  for (const [name, value] of ranges) summary[name] = rangesText(value);
  for (const [name, value] of sets) summary[name] = setText(value);
  return summary;
}
