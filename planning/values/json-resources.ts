import type { MesosResource } from './parse-resources.ts';
import type { MesosValue } from './parse-mesos-value.ts';

type Json = Readonly<Record<string, unknown>>;

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const isPort = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/**
 * Resources in the form of Mesos's protobuf, `[{"name": "mem", "type": "SCALAR", "scalar": {"value": 1024}}]`.
 * Undefined when the text is not that.
 */
export function resourcesOfJson(text: string): readonly MesosResource[] | undefined {
  let items: unknown;
  try {
    items = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(items) || items.length === 0) return undefined;
  const resources = items.flatMap((item: unknown) => {
    const value = isMap(item) ? valueOf(item) : undefined;
    if (!isMap(item) || typeof item.name !== 'string' || value === undefined) return [];
    return [{ name: item.name, ...(typeof item.role === 'string' && { role: item.role }), value }];
  });
  return resources.length === items.length ? resources : undefined;
}

function valueOf({ type, scalar, ranges, set }: Json): MesosValue | undefined {
  if (type === 'SCALAR') {
    const value = isMap(scalar) ? scalar.value : undefined;
    return typeof value === 'number' ? { kind: 'scalar', value } : undefined;
  }
  if (type === 'RANGES') {
    const range = isMap(ranges) && Array.isArray(ranges.range) ? (ranges.range as unknown[]) : [];
    const parsed = range.flatMap((one) =>
      isMap(one) && isPort(one.begin) && isPort(one.end) && one.begin <= one.end
        ? [{ first: one.begin, last: one.end }]
        : [],
    );
    return range.length > 0 && parsed.length === range.length ? { kind: 'ranges', ranges: parsed } : undefined;
  }
  const items = type === 'SET' && isMap(set) && Array.isArray(set.item) ? (set.item as unknown[]) : undefined;
  return items?.every((item) => typeof item === 'string') ? { kind: 'set', items } : undefined;
}
