import { isJsonObject, type JsonObject } from '../../../protocol/json.ts';
import type { Json } from '../../../protocol/mesos.ts';

/*
 * Checks JSON against protobuf messages, as libprocess's 3rdparty/stout/include/stout/protobuf.hpp does when it parses
 * a call: unknown fields are ignored, unknown values of optional enums count as unset, wrong types and missing required
 * fields are errors with its texts.
 */

export interface Field {
  readonly type: 'string' | 'number' | 'boolean' | 'any' | readonly string[] | Message;
  readonly required?: boolean;
  readonly repeated?: boolean;
}

export type Message = { readonly [name: string]: Field };

/** The JSON is not such a message. */
export class ConversionError extends Error {
  override readonly name = 'ConversionError';
}

const isEnum = (type: Field['type']): type is readonly string[] => Array.isArray(type);

function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

function unexpected(value: Json, name: string): ConversionError {
  return new ConversionError(`Not expecting a JSON ${kindOf(value)} for field '${name}'`);
}

/**
 * Returns the message with what is not part of it left as it is, and unset what counts as unset.
 * @throws ConversionError
 */
export function parseMessage(json: Json, message: Message): JsonObject {
  if (!isJsonObject(json)) throw new ConversionError('Expecting a JSON object');
  const missing: string[] = [];
  const result = readMessage(json, message, '', missing);
  if (missing.length > 0) throw new ConversionError(`Missing required fields: ${missing.join(', ')}`);
  return result;
}

function readMessage(json: JsonObject, message: Message, path: string, missing: string[]): JsonObject {
  const result: Record<string, Json> = {};
  for (const [name, value] of Object.entries(json)) {
    const field = Object.hasOwn(message, name) ? message[name] : undefined;
    // A key of this name would change the object instead of being a field.
    if (name === '__proto__') continue;
    const read = field === undefined ? value : readField(value, name, field, path, missing);
    if (read !== undefined) result[name] = read;
  }
  for (const [name, field] of Object.entries(message)) {
    if (field.required === true && result[name] === undefined) missing.push(`${path}${name}`);
  }
  return result;
}

function readField(value: Json, name: string, field: Field, path: string, missing: string[]): Json | undefined {
  if (value === null) return undefined;
  if (field.repeated !== true) return readValue(value, name, field, `${path}${name}.`, missing);
  if (!Array.isArray(value)) throw unexpected(value, name);
  const items: Json[] = [];
  for (const [index, item] of (value as readonly Json[]).entries()) {
    const read = readValue(item, name, field, `${path}${name}[${index}].`, missing);
    if (read !== undefined) items.push(read);
  }
  return items;
}

function readValue(value: Json, name: string, field: Field, path: string, missing: string[]): Json | undefined {
  const { type } = field;
  if (type === 'any') return value;
  if (isEnum(type)) {
    if (typeof value !== 'string') throw unexpected(value, name);
    if (type.includes(value)) return value;
    if (field.required === true) throw new ConversionError(`Failed to find enum for '${value}'`);
    return undefined;
  }
  if (typeof type === 'string') {
    if (typeof value !== type) throw unexpected(value, name);
    return value;
  }
  if (!isJsonObject(value)) throw unexpected(value, name);
  return readMessage(value, type, path, missing);
}
