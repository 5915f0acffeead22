import type { Resource } from './mesos.ts';
import { parseValue } from './parse-value.ts';

/**
 * Parses resources in Mesos's text form, `cpus:2;mem:1024;ports:[31000-32000]`, or as a JSON array of resources
 * (Resources::parse in src/common/resources.cpp; docs/attributes-resources.md). Roles other than `*` are kept.
 * @throws Error that says what does not parse
 */
export function parseResources(text: string): readonly Resource[] {
  if (/^\s*\[\s*\{/.test(text)) return parseJson(text);
  return text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseResource);
}

function parseResource(part: string): Resource {
  const [, name, role, text] = /^([^\s:()]+)\s*(?:\(([^()]+)\))?\s*:(.+)$/.exec(part) ?? [];
  if (name === undefined || text === undefined)
    throw new Error(`Bad value for resources, missing or extra ':' in ${part}`);
  const value = parseValue(text);
  if (value.type === 'TEXT') throw new Error(`Bad type for resource ${name} value ${value.text.value} type TEXT`);
  return { name, ...value, role: role ?? '*' };
}

const types: ReadonlySet<unknown> = new Set(['SCALAR', 'RANGES', 'SET']);

function parseJson(text: string): readonly Resource[] {
  const items = JSON.parse(text) as readonly (Partial<Resource> | null)[];
  return items.map((item) => {
    if (typeof item?.name !== 'string' || !types.has(item.type)) {
      throw new Error('A resource in JSON needs a name and a type (SCALAR, RANGES or SET)');
    }
    return { role: '*', ...(item as Resource) };
  });
}
