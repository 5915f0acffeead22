import type { Json } from './mesos.ts';

export type JsonObject = Readonly<Record<string, Json>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Empty when there is no object: its fields are then all missing. */
export const objectOf = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});

/*
 * Reading answers of servers that may be of any version, or something else altogether: what is missing or of another
 * type is undefined, never an error.
 */

/** What stands at a path of property names; undefined if there is nothing. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const name of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, name)) return undefined;
    current = (current as Readonly<Record<string, unknown>>)[name];
  }
  return current;
}

export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

export function integerAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = numberAt(value, ...path);
  return Number.isInteger(found) ? found : undefined;
}

/** Empty when there is no array. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** Texts by their names, as labels are; what is none is left out. Empty when there is no object. */
export function textsAt(value: unknown, ...path: readonly string[]): Readonly<Record<string, string>> {
  const found = valueAt(value, ...path);
  const entries = typeof found === 'object' && found !== null ? Object.entries(found) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** JSON in a text; undefined if it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A JSON object in a text; undefined if there is none. */
export function parseObject(text: string | undefined): JsonObject | undefined {
  const value = text === undefined ? undefined : parseJson(text);
  return isJsonObject(value) ? value : undefined;
}
