import { WireType, type BinaryReader, type BinaryWriter } from '@bufbuild/protobuf/wire';
import type { Json } from '../mesos.ts';
import type { Scalar } from './message-types.ts';

/*
 * Values of fields as Mesos has them in JSON (stout's protobuf.hpp): bytes are base64, and all numbers are numbers, also
 * those of 64 bits.
 */

interface ScalarCodec {
  readonly wireType: WireType;
  readonly read: (reader: BinaryReader) => Json;
  /** Undefined for what is no such value. */
  readonly write: (value: Json) => ((writer: BinaryWriter) => void) | undefined;
}

/** A whole number between bounds, to which it is cut: JSON's number for the greatest of 64 bits is one too great. */
function whole(value: Json, [least, greatest]: readonly [bigint, bigint]): bigint | undefined {
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) return undefined;
  if (number >= Number(greatest)) return greatest;
  if (number <= Number(least)) return least;
  return BigInt(Math.trunc(number));
}

const bounds = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
} as const;

type Integer = keyof typeof bounds;

const integer = (type: Integer): ScalarCodec => ({
  wireType: WireType.Varint,
  read: (reader) => Number(reader[type]()),
  write: (value) => {
    const number = whole(value, bounds[type]);
    if (number === undefined) return undefined;
    return (writer) => {
      if (type === 'int64' || type === 'uint64') writer[type](number);
      else writer[type](Number(number));
    };
  },
});

/** NaN is no number that JSON has, and nothing behind this could tell it from one. */
function readDouble(reader: BinaryReader): number {
  const value = reader.double();
  if (Number.isNaN(value)) throw new RangeError('NaN');
  return value;
}

export const scalarCodecs: Readonly<Record<Scalar, ScalarCodec>> = {
  int32: integer('int32'),
  uint32: integer('uint32'),
  int64: integer('int64'),
  uint64: integer('uint64'),
  bool: {
    wireType: WireType.Varint,
    read: (reader) => reader.bool(),
    write: (value) => (typeof value === 'boolean' ? (writer) => writer.bool(value) : undefined),
  },
  double: {
    wireType: WireType.Bit64,
    read: readDouble,
    write: (value) => (typeof value === 'number' ? (writer) => writer.double(value) : undefined),
  },
  string: {
    wireType: WireType.LengthDelimited,
    read: (reader) => reader.string(),
    write: (value) => (typeof value === 'string' ? (writer) => writer.string(value) : undefined),
  },
  bytes: {
    wireType: WireType.LengthDelimited,
    read: (reader) => Buffer.from(reader.bytes()).toString('base64'),
    write: (value) => (typeof value === 'string' ? (writer) => writer.bytes(Buffer.from(value, 'base64')) : undefined),
  },
};
