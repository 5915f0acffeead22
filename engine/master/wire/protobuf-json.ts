import { isJsonObject, type JsonObject } from '../../../protocol/json.ts';
import type { Json } from '../../../protocol/mesos.ts';
import { ConversionError, readBoolean, readBytes, readNumber, unexpected } from './scalar-json.ts';

/*
 * Reads JSON as protobuf messages, as libprocess's 3rdparty/stout/include/stout/protobuf.hpp does when it parses a
 * call, with its texts: null is an unset field, also in a list; numbers and booleans may be strings; one item may stand
 * for a list of one; unknown fields and unknown values of optional enums are ignored.
 */

export interface Field {
  readonly type:
    'string' | 'bytes' | 'number' | 'integer' | 'unsigned' | 'boolean' | 'any' | readonly string[] | Message;
  readonly required?: boolean;
  readonly repeated?: boolean;
  /** An object whose values are of this type. */
  readonly map?: boolean;
}

/** Fields by name; `*` stands for any other, where what is not described is passed on. */
export type Message = { readonly [name: string]: Field };

const isEnum = (type: Field['type']): type is readonly string[] => Array.isArray(type);

/**
 * Returns the message, with values of the types that its fields have.
 * @throws ConversionError
 */
export function parseMessage(json: Json, message: Message): JsonObject {
  if (!isJsonObject(json)) throw new ConversionError('Expecting a JSON object');
  const missing: string[] = [];
  const result = readMessage(json, message, '', missing);
  if (missing.length > 0) throw new ConversionError(`Missing required fields: ${missing.join(', ')}`);
  return result;
}

const requiredNames = new WeakMap<Message, readonly string[]>();

function requiredOf(message: Message): readonly string[] {
  const known = requiredNames.get(message);
  if (known !== undefined) return known;
  const names = Object.entries(message).flatMap(([name, { required }]) => (required === true ? [name] : []));
  requiredNames.set(message, names);
  return names;
}

function fieldOf(message: Message, name: string): Field | undefined {
  // A key of this name would change the object instead of being a field.
  if (name === '__proto__') return undefined;
  return Object.hasOwn(message, name) ? message[name] : message['*'];
}

function readMessage(json: JsonObject, message: Message, path: string, missing: string[]): JsonObject {
  const result: Record<string, Json> = {};
  const before = missing.length;
  for (const name of Object.keys(json)) {
    const field = fieldOf(message, name);
    const value = json[name];
    if (field === undefined || value === null || value === undefined) continue;
    const read = readField(value, name, field, `${path}${name}`, missing);
    if (read !== undefined) result[name] = read;
  }
  // As protobuf lists them: a message's own before those in its fields.
  const own = requiredOf(message).filter((name) => result[name] === undefined);
  if (own.length > 0) missing.splice(before, 0, ...own.map((name) => `${path}${name}`));
  return result;
}

function readField(value: Json, name: string, field: Field, path: string, missing: string[]): Json | undefined {
  if (field.repeated === true) {
    const items: Json[] = [];
    addItems(items, value, name, field, path, missing);
    return items;
  }
  if (field.map === true) return readMap(value, name, field, path, missing);
  return readValue(value, name, field, `${path}.`, missing);
}

function addItems(items: Json[], value: Json, name: string, field: Field, path: string, missing: string[]): void {
  if (value === null) return;
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) addItems(items, item, name, field, path, missing);
    return;
  }
  const read = readValue(value, name, field, `${path}[${items.length}].`, missing);
  if (read !== undefined) items.push(read);
}

function readMap(value: Json, name: string, field: Field, path: string, missing: string[]): Json {
  if (!isJsonObject(value)) throw unexpected(value, name);
  const entries = Object.entries(value).flatMap(([key, each], index) => {
    const read = each === null ? undefined : readValue(each, 'value', field, `${path}[${index}].value.`, missing);
    return read === undefined ? [] : [[key, read] as const];
  });
  return Object.fromEntries(entries);
}

function readValue(value: Json, name: string, field: Field, path: string, missing: string[]): Json | undefined {
  const { type } = field;
  switch (type) {
    case 'any':
      return value;
    case 'string':
      if (typeof value === 'string') return value;
      throw unexpected(value, name);
    case 'bytes':
      return readBytes(value, name);
    case 'boolean':
      return readBoolean(value, name);
    case 'number':
    case 'integer':
    case 'unsigned':
      return readNumber(value, name, type);
    default:
  }
  if (isEnum(type)) return readEnum(value, name, field, type);
  if (!isJsonObject(value)) throw unexpected(value, name);
  return readMessage(value, type, path, missing);
}

function readEnum(value: Json, name: string, field: Field, values: readonly string[]): string | undefined {
  if (typeof value !== 'string') throw unexpected(value, name);
  if (values.includes(value)) return value;
  if (field.required === true) throw new ConversionError(`Failed to find enum for '${value}'`);
  return undefined;
}
