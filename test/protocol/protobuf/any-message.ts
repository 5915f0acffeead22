import fc from 'fast-check';
import type { JsonObject } from '../../../protocol/json.ts';
import type { Json } from '../../../protocol/mesos.ts';
import {
  isEnum,
  messageType,
  typeNames,
  type Field,
  type FieldType,
  type MessageType,
} from '../../../protocol/protobuf/message-types.ts';

/** Names of all messages of the v1 API that the codec knows. */
export const messageNames: readonly string[] = typeNames.filter((name) => !isEnum(name));

const scalars: Readonly<Record<string, fc.Arbitrary<Json>>> = {
  string: fc.string({ unit: 'binary' }),
  bytes: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  bool: fc.boolean(),
  int32: fc.integer(),
  uint32: fc.nat(2 ** 32 - 1),
  int64: fc.maxSafeInteger(),
  uint64: fc.maxSafeNat(),
  double: fc.double({ noNaN: true }),
};

/** How deep a message may be, so that those which have themselves inside end. */
const deepest = 3;

/** Messages with any of their fields, and all that are required: as JSON, without empty lists and maps. */
export const anyMessage = (name: string): fc.Arbitrary<JsonObject> => messageOf(messageType(name), 0);

function messageOf({ fields }: MessageType, depth: number): fc.Arbitrary<JsonObject> {
  const wanted = fields.filter(({ rule, type }) => rule === 'required' || !('message' in type) || depth < deepest);
  const values = Object.fromEntries(wanted.map((field) => [field.name, fieldOf(field, depth)]));
  return fc.record(values, { requiredKeys: wanted.flatMap(({ name, rule }) => (rule === 'required' ? [name] : [])) });
}

function fieldOf({ rule, type }: Field, depth: number): fc.Arbitrary<Json> {
  const value = valueOf(type, depth);
  if (rule === 'repeated') return fc.array(value, { minLength: 1, maxLength: 3 });
  if (rule === 'map') return fc.dictionary(fc.string(), value, { minKeys: 1, maxKeys: 3, noNullPrototype: true });
  return value;
}

function valueOf(type: FieldType, depth: number): fc.Arbitrary<Json> {
  if ('message' in type) return messageOf(type.message(), depth + 1);
  if ('enumType' in type) return fc.constantFrom(...type.enumType.numberOf.keys());
  return scalars[type.scalar] ?? fc.constant(null);
}
