import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { Json } from '../mesos.ts';
import { messageType, type Field, type FieldType, type MessageType } from './message-types.ts';
import { scalarCodecs } from './scalars.ts';

/**
 * The bytes of a message that is given as Mesos writes it in JSON. Fields are written in the order of their numbers, as
 * protobuf's C++ library does. What the message does not have, and what is not of a field's type, is left out.
 * @param name in package mesos.v1, such as `scheduler.Event`
 * @throws Error when there is no such message
 */
export function encodeMessage(name: string, value: JsonObject): Uint8Array {
  const writer = new BinaryWriter();
  writeMessage(writer, value, messageType(name));
  return writer.finish();
}

function writeMessage(writer: BinaryWriter, object: JsonObject, { fields }: MessageType): void {
  for (const field of fields) {
    const value = Object.hasOwn(object, field.name) ? object[field.name] : undefined;
    if (value !== undefined && value !== null) writeField(writer, field, value);
  }
}

function writeField(writer: BinaryWriter, { number, rule, type }: Field, value: Json): void {
  if (rule === 'repeated') {
    for (const item of Array.isArray(value) ? (value as readonly Json[]) : []) writeValue(writer, number, type, item);
  } else if (rule === 'map') {
    for (const [key, each] of isJsonObject(value) ? Object.entries(value) : []) {
      writer.tag(number, WireType.LengthDelimited).fork();
      writer.tag(1, WireType.LengthDelimited).string(key);
      writeValue(writer, 2, type, each);
      writer.join();
    }
  } else {
    writeValue(writer, number, type, value);
  }
}

function writeValue(writer: BinaryWriter, number: number, type: FieldType, value: Json): void {
  if ('message' in type) {
    if (!isJsonObject(value)) return;
    writer.tag(number, WireType.LengthDelimited).fork();
    writeMessage(writer, value, type.message());
    writer.join();
  } else if ('enumType' in type) {
    const known = typeof value === 'string' ? type.enumType.numberOf.get(value) : undefined;
    if (known !== undefined) writer.tag(number, WireType.Varint).int32(known);
  } else {
    const { wireType, write } = scalarCodecs[type.scalar];
    write(value)?.(writer.tag(number, wireType));
  }
}
