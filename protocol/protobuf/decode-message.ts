import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { Json } from '../mesos.ts';
import { messageType, type Field, type FieldType, type MessageType } from './message-types.ts';
import { scalarCodecs } from './scalars.ts';

/** How deep messages may be in each other (protobuf's C++ library, default_recursion_limit). */
const deepest = 100;

type Fields = Record<string, Json>;

/**
 * The message in some bytes, as Mesos writes it in JSON: what is not set is not there, also where there is a default.
 * Fields and values of enums that are not known are passed over, as is a field that has another type on the wire.
 * @param name in package mesos.v1, such as `scheduler.Call`
 * @returns undefined when the bytes are not such a message, or lack a required field: ParseFromString is then false
 * @throws Error when there is no such message
 */
export function decodeMessage(name: string, bytes: Uint8Array): JsonObject | undefined {
  const type = messageType(name);
  const message: Fields = {};
  try {
    readMessage(new BinaryReader(bytes), type, message, deepest);
  } catch {
    return undefined;
  }
  return isComplete(message, type) ? message : undefined;
}

function readMessage(reader: BinaryReader, type: MessageType, into: Fields, depth: number): void {
  if (depth < 0) throw new RangeError('Too deep');
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    const field = type.byNumber.get(number);
    if (field === undefined || !readField(reader, wireType, field, into, depth)) reader.skip(wireType, number);
  }
  assertBounds(reader);
}

function assertBounds({ pos, len }: BinaryReader): void {
  if (pos > len) throw new RangeError('Cut off');
}

/** False for a field that has to be passed over. */
function readField(reader: BinaryReader, wireType: WireType, field: Field, into: Fields, depth: number): boolean {
  const { name, rule, type } = field;
  const own = wireTypeOf(type);
  if (rule === 'map') {
    if (wireType !== WireType.LengthDelimited) return false;
    readEntry(reader.bytes(), type, (into[name] ??= {}) as Fields, depth);
    return true;
  }
  if (rule === 'repeated') {
    if (wireType !== own && wireType !== WireType.LengthDelimited) return false;
    const list = (into[name] ??= []) as Json[];
    if (wireType === own) addValue(list, readValue(reader, type, undefined, depth));
    else readPacked(reader.bytes(), type, list, depth);
    return true;
  }
  if (wireType !== own) return false;
  // A message that comes twice is one: its parts are merged. Of other values the last one counts.
  const value = readValue(reader, type, into[name], depth);
  if (value !== undefined) into[name] = value;
  return true;
}

function addValue(list: Json[], value: Json | undefined): void {
  if (value !== undefined) list.push(value);
}

function readPacked(bytes: Uint8Array, type: FieldType, list: Json[], depth: number): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) addValue(list, readValue(reader, type, undefined, depth));
  assertBounds(reader);
}

/** An entry of a map is a message of a key and a value, each of which may be missing. */
function readEntry(bytes: Uint8Array, type: FieldType, into: Fields, depth: number): void {
  const entry: MessageType = {
    fields: [],
    byNumber: new Map([
      [1, { name: 'key', number: 1, rule: 'optional', type: { scalar: 'string' } }],
      [2, { name: 'value', number: 2, rule: 'optional', type }],
    ]),
  };
  const read: Fields = {};
  readMessage(new BinaryReader(bytes), entry, read, depth - 1);
  const key = typeof read['key'] === 'string' ? read['key'] : '';
  const value = read['value'] ?? ('message' in type ? {} : '');
  // A key may be called __proto__.
  Object.defineProperty(into, key, { value, enumerable: true, writable: true, configurable: true });
}

function wireTypeOf(type: FieldType): WireType {
  if ('message' in type) return WireType.LengthDelimited;
  return 'enumType' in type ? WireType.Varint : scalarCodecs[type.scalar].wireType;
}

/** Undefined for a value of an enum that has no name. */
function readValue(reader: BinaryReader, type: FieldType, former: Json | undefined, depth: number): Json | undefined {
  if ('enumType' in type) return type.enumType.nameOf.get(reader.int32());
  if (!('message' in type)) return scalarCodecs[type.scalar].read(reader);
  const message: Fields = isJsonObject(former) ? former : {};
  readMessage(new BinaryReader(reader.bytes()), type.message(), message, depth - 1);
  return message;
}

/** Whether all required fields are there, also of the messages inside. */
function isComplete(message: JsonObject, { fields }: MessageType): boolean {
  return fields.every(({ name, rule, type }) => {
    const value = message[name];
    if (value === undefined) return rule !== 'required';
    if (!('message' in type)) return true;
    const inner = rule === 'optional' || rule === 'required' ? [value] : Object.values(value as JsonObject);
    return inner.every((each) => isJsonObject(each) && isComplete(each, type.message()));
  });
}
