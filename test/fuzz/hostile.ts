import type { Json } from '../../protocol/mesos.ts';
import { isJsonObject, type JsonObject } from '../../protocol/json.ts';
import type { Random } from '../engine/invariant/random.ts';

/** Words that programs stumble over. */
export const hostileTexts: readonly string[] = [
  '',
  ' ',
  '0',
  '-1',
  '1e999',
  'NaN',
  'true',
  'null',
  'undefined',
  '__proto__',
  'constructor',
  'toString',
  '..',
  '/',
  '//',
  '/../../etc/passwd',
  '*',
  '%',
  '%00',
  '\0',
  '\r\nX: y',
  '\u2028',
  '\ud800',
  '🦜',
  '{}',
  '[]',
  'a'.repeat(5000),
  '(a+)+$',
  '[',
  '<script>',
  "'",
  '2020-01-01T00:00:00.000Z',
  '9999-99-99T99:99:99Z',
  'http://127.0.0.1:1/',
];

const deep = (depth: number): Json => (depth === 0 ? [] : [deep(depth - 1)]);
const hostileValues: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  0.1,
  1e308,
  2 ** 53,
  -(2 ** 63),
  65_536,
  [],
  {},
  [null],
  [[]],
  [{}],
  { value: {} },
  { '': '' },
  JSON.parse('{"__proto__":{"x":1}}') as Json,
  { constructor: { prototype: {} } },
  deep(60),
];

const hostileValue = (random: Random): Json =>
  random.chance(0.4) ? random.oneOf(hostileTexts) : random.oneOf(hostileValues);

/** The JSON with one place of it changed: another value, one less, one more, or one moved to where it does not belong. */
export function changed(json: Json, random: Random): Json {
  if (random.chance(0.25)) return hostileValue(random);
  if (Array.isArray(json)) return changedList(json as readonly Json[], random);
  if (isJsonObject(json)) return changedObject(json, random);
  return hostileValue(random);
}

function changedList(list: readonly Json[], random: Random): Json {
  if (list.length === 0) return [hostileValue(random)];
  const at = random.below(list.length);
  const item = list[at] ?? null;
  if (random.chance(0.15)) return [...list, item];
  if (random.chance(0.1)) return item;
  return list.map((each, index) => (index === at ? changed(each, random) : each));
}

function changedObject(json: JsonObject, random: Random): Json {
  const names = Object.keys(json);
  if (names.length === 0) return { value: hostileValue(random) };
  const name = random.oneOf(names);
  const value = json[name] ?? null;
  if (random.chance(0.1)) return Object.fromEntries(Object.entries(json).filter(([each]) => each !== name));
  if (random.chance(0.05)) return { ...json, [random.oneOf(hostileTexts)]: value };
  if (random.chance(0.05)) return { ...json, [name]: [value] };
  return { ...json, [name]: changed(value, random) };
}
