import type { Attribute, Range, Resource } from '../../../protocol/mesos.ts';
import { rangesText, shownValue } from '../../../protocol/value-text.ts';

/** Sum of a scalar resource. Mesos counts in thousandths (src/common/values.cpp), so that 0.1 + 0.2 is 0.3. */
export function scalarOf(resources: readonly Resource[], name: string): number {
  const thousandths = resources
    .filter((resource) => resource.name === name)
    .reduce((sum, { scalar }) => sum + Math.round((scalar?.value ?? 0) * 1000), 0);
  return thousandths / 1000;
}

/** Resources as the older endpoints write them: `{"cpus": 0.1, "disk": 0, "gpus": 0, "mem": 32, "ports": "[31000-31000]"}`. */
export function describeResources(resources: readonly Resource[]): Readonly<Record<string, number | string>> {
  const described: Record<string, number | string> = { disk: 0, mem: 0, gpus: 0, cpus: 0 };
  for (const { name, type } of resources) {
    if (type === 'SCALAR') described[name] = scalarOf(resources, name);
  }
  for (const { name, ranges } of mergeRanges(resources)) described[name] = rangesText(ranges);
  for (const { name, set } of resources) {
    if (set !== undefined) described[name] = `{${set.item.join(', ')}}`;
  }
  return described;
}

function mergeRanges(resources: readonly Resource[]) {
  const byName = new Map<string, Range[]>();
  for (const { name, ranges } of resources) {
    if (ranges !== undefined) byName.set(name, [...(byName.get(name) ?? []), ...ranges.range]);
  }
  return [...byName].map(([name, ranges]) => ({ name, ranges: coalesce(ranges) }));
}

function coalesce(ranges: readonly Range[]): readonly Range[] {
  const merged: { begin: number; end: number }[] = [];
  for (const { begin, end } of [...ranges].sort((one, other) => one.begin - other.begin)) {
    const last = merged.at(-1);
    if (last !== undefined && begin <= last.end + 1) last.end = Math.max(last.end, end);
    else merged.push({ begin, end });
  }
  return merged;
}

/** Attributes as the older endpoints write them: `{"rack": "abc", "level": 10, "keys": "[1000-1500]"}`. */
export function describeAttributes(attributes: readonly Attribute[]): Readonly<Record<string, number | string>> {
  return Object.fromEntries(attributes.map((attribute) => [attribute.name, shownValue(attribute)]));
}
