import { valueAt } from './json-value.ts';

/** `rack:abc;zone:west` as names and values (Mesos: Attributes::parse). */
function parseAttributes(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(';').flatMap((pair): readonly (readonly [string, string])[] => {
    const colon = pair.indexOf(':');
    return colon < 0 ? [] : [[pair.slice(0, colon).trim(), pair.slice(colon + 1).trim()]];
  });
  return new Map(pairs);
}

/** One form for what Mesos writes in several: `10` and 10.0, `{b,a}` and `{a, b}`, `[1-2, 5-6]` and `[1-2,5-6]`. */
function normal(value: unknown): string {
  if (typeof value === 'number') return String(value);
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/\s+/g, '');
  if (text !== '' && Number.isFinite(Number(text))) return String(Number(text));
  const items = /^\{(.*)\}$/.exec(text)?.[1];
  return items === undefined ? text : `{${items.split(',').sort().join(',')}}`;
}

/**
 * What an agent's attributes lack of the planned ones, in words; empty when it has them all.
 * @param actual as a master shows them: `{"rack": "abc", "level": 10.0, "keys": "[1000-1500]"}`
 */
export function missingAttributes(planned: string, actual: unknown): readonly string[] {
  return [...parseAttributes(planned)].flatMap(([name, value]) => {
    const found = valueAt(actual, name);
    if (found === undefined) return [`has no attribute ${name}`];
    return normal(found) === normal(value) ? [] : [`has ${name}:${normal(found)} instead of ${name}:${value}`];
  });
}
