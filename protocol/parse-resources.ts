import { isJsonObject, parseJson } from './json.ts';
import {
  isFault,
  parseParts,
  parseValue,
  type AmountValue,
  type FaultKind,
  type ParsedPart,
  type ParseFault,
} from './parse-value.ts';

export type ParsedResource = { readonly name: string; readonly role: string } & AmountValue;

/** Whether resources are in the JSON form, or should be. */
export const isJsonForm = (text: string): boolean => /^\s*[[{]/.test(text);

/**
 * Parses resources in Mesos's text form, `cpus:2;mem(web):1024;ports:[31000-32000]`, or as a JSON array of resources
 * (Resources::parse in src/common/resources.cpp; docs/attributes-resources.md). An empty text has none.
 */
export function parseResources(text: string): readonly ParsedPart<ParsedResource>[] {
  return isJsonForm(text) ? parseJsonForm(text) : parseParts(text, parseResource);
}

function parseResource(part: string): ParsedResource | ParseFault {
  const bad = (kind: FaultKind, error = `Bad value for resources, missing or extra ':' in ${part}`) => ({
    kind,
    found: part,
    error,
  });
  const [label = '', text = '', ...rest] = part.split(':');
  if (rest.length > 0) return bad('many-colons');
  if (text.trim() === '') return bad('no-value');
  const [, name, role] = /^([^\s:;()]+)\s*(?:\(([^()]*)\))?$/.exec(label.trim()) ?? [];
  if (name === undefined) return bad('no-name');
  if (role !== undefined && !isRole(role)) return bad('role', `Invalid role '${role}' in ${part}`);
  const value = parseValue(text);
  if (isFault(value)) return value;
  if (value.type === 'TEXT') return bad('text', `Bad type for resource ${name} value ${value.text.value} type TEXT`);
  return { name, ...value, role: role ?? '*' };
}

/** roles::validate of Mesos, shortened: no `.`, `..`, leading hyphen, blank or empty part. */
function isRole(role: string): boolean {
  return role === '*' || role.split('/').every((part) => /^(?!-)(?!\.\.?$)[^\s*]+$/.test(part));
}

/** As protobuf has it: `[{"name": "mem", "type": "SCALAR", "scalar": {"value": 1024}}]`. */
function parseJsonForm(text: string): readonly ParsedPart<ParsedResource>[] {
  const json = parseJson(text);
  const resources = Array.isArray(json) && json.length > 0 && json.every(isResource) ? json : undefined;
  if (resources !== undefined)
    return resources.map((item) => ({ part: `the resource ${item.name}`, result: { role: '*', ...item } }));
  const error = 'A resource in JSON needs a name, a type (SCALAR, RANGES or SET) and a value of that type';
  return [{ part: text, result: { kind: 'json', found: text, error } }];
}

function isResource(item: unknown): item is { readonly name: string; readonly role?: string } & AmountValue {
  if (!isJsonObject(item) || typeof item['name'] !== 'string') return false;
  if (item['role'] !== undefined && typeof item['role'] !== 'string') return false;
  const { type, scalar, ranges, set } = item;
  if (type === 'SCALAR') return isJsonObject(scalar) && typeof scalar['value'] === 'number';
  if (type === 'SET') return isJsonObject(set) && isListOf(set['item'], (each) => typeof each === 'string');
  return type === 'RANGES' && isJsonObject(ranges) && isListOf(ranges['range'], isRange) && ranges['range'].length > 0;
}

const isListOf = (list: unknown, isItem: (item: unknown) => boolean): list is readonly unknown[] =>
  Array.isArray(list) && list.every(isItem);

const isPort = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isRange = (one: unknown): boolean =>
  isJsonObject(one) && isPort(one['begin']) && isPort(one['end']) && one['begin'] <= one['end'];
