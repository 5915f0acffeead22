import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../protocol/json.ts';
import { decodeMessage } from '../../../protocol/protobuf/decode-message.ts';
import { encodeMessage } from '../../../protocol/protobuf/encode-message.ts';
import { isEnum, messageType, typeNames } from '../../../protocol/protobuf/message-types.ts';
import { anyMessage, messageNames } from './any-message.ts';
import { trials } from '../../support/trials.ts';

const bytesOf = (write: (writer: BinaryWriter) => unknown): Uint8Array => {
  const writer = new BinaryWriter();
  write(writer);
  return writer.finish();
};
const text = (writer: BinaryWriter, number: number, value: string) =>
  writer.tag(number, WireType.LengthDelimited).string(value);
const inside = (writer: BinaryWriter, number: number, write: (writer: BinaryWriter) => unknown) => {
  writer.tag(number, WireType.LengthDelimited).fork();
  write(writer);
  writer.join();
};

describe('the table of messages', () => {
  test('has those of all v1 APIs, each field with a number of its own and a type that is there', () => {
    expect(messageNames.length).toBeGreaterThan(300);
    for (const name of messageNames) {
      const { fields, byNumber } = messageType(name);
      expect(byNumber.size, name).toBe(fields.length);
      expect(new Set(fields.map((field) => field.name)).size, name).toBe(fields.length);
      for (const { number, type } of fields) {
        expect(number, name).toBeGreaterThan(0);
        if ('message' in type) expect(type.message().fields, name).toBeDefined();
      }
    }
    expect(typeNames.filter(isEnum)).toContain('TaskState');
  });

  test('knows no other message', () => {
    expect(() => messageType('Nope')).toThrow('Nope');
    expect(() => messageType('constructor')).toThrow('constructor');
  });
});

test.each(messageNames)('%s is the same after it was written and read', (name) => {
  fc.assert(
    fc.property(anyMessage(name), (message) => {
      expect(decodeMessage(name, encodeMessage(name, message))).toEqual(message);
    }),
    { numRuns: 10, seed: 1 },
  );
});

describe('what is read', () => {
  const read = (name: string, write: (writer: BinaryWriter) => unknown) => decodeMessage(name, bytesOf(write));

  test('has no defaults: what is not set is not there', () => {
    expect(decodeMessage('FrameworkInfo', encodeMessage('FrameworkInfo', { user: '', name: 'x' }))).toEqual({
      user: '',
      name: 'x',
    });
  });

  test('is none when a required field is missing, also deep inside', () => {
    expect(read('TaskID', () => undefined)).toBeUndefined();
    expect(
      read('scheduler.Call', (writer) => {
        inside(writer, 1, () => undefined);
      }),
    ).toBeUndefined();
    expect(read('scheduler.Call', () => undefined)).toEqual({});
  });

  test('of a field that comes twice the last one counts, and messages are merged', () => {
    expect(read('TaskID', (writer) => text(text(writer, 1, 'a'), 1, 'b'))).toEqual({ value: 'b' });
    const twice = (writer: BinaryWriter) => {
      inside(writer, 3, (info) => {
        inside(info, 2, (inner) => text(inner, 1, 'root'));
      });
      inside(writer, 3, (info) => {
        inside(info, 2, (inner) => text(inner, 2, 'x'));
      });
    };
    expect(read('scheduler.Call', twice)).toBeUndefined();
    const merged = (writer: BinaryWriter) => {
      inside(writer, 3, (info) => {
        inside(info, 1, (inner) => text(inner, 1, 'root'));
      });
      inside(writer, 3, (info) => {
        inside(info, 1, (inner) => text(inner, 2, 'x'));
      });
    };
    expect(read('scheduler.Call', merged)).toEqual({ subscribe: { framework_info: { user: 'root', name: 'x' } } });
  });

  test('passes over unknown fields, unknown values of enums and fields of another type on the wire', () => {
    const message = (writer: BinaryWriter) => {
      text(writer, 1, 'a');
      text(writer, 9999, 'unknown');
      writer.tag(77, WireType.StartGroup).tag(3, WireType.Varint).int32(5).tag(77, WireType.EndGroup);
      writer.tag(1, WireType.Varint).int32(5);
      writer.tag(78, WireType.Bit32).fixed32(1).tag(79, WireType.Bit64).fixed64(1);
    };
    expect(read('TaskID', message)).toEqual({ value: 'a' });
    expect(read('scheduler.Call', (writer) => writer.tag(2, WireType.Varint).int32(999))).toEqual({});
    // A required enum without a name is a required field that is missing.
    expect(read('Image', (writer) => writer.tag(1, WireType.Varint).int32(999))).toBeUndefined();
  });

  test('takes numbers of a list in one field or in one each', () => {
    const statuses = (writer: BinaryWriter) => {
      writer.tag(1, WireType.Varint).uint32(80);
      writer.tag(4, WireType.Varint).uint32(200);
      writer.tag(4, WireType.LengthDelimited).fork().uint32(300).uint32(404).join();
    };
    expect(read('HealthCheck.HTTPCheckInfo', statuses)).toEqual({ port: 80, statuses: [200, 300, 404] });
  });

  test('has any key in a map, and a default for what an entry lacks', () => {
    const limits = (writer: BinaryWriter) => {
      inside(writer, 2, (entry) => {
        text(entry, 1, '__proto__');
        inside(entry, 2, (scalar) => scalar.tag(1, WireType.Bit64).double(1));
      });
    };
    const constraints = read('quota.QuotaConfig', (writer) => {
      text(writer, 1, 'role');
      limits(writer);
    });
    expect(Object.entries((constraints?.['guarantees'] ?? {}) as JsonObject)).toEqual([['__proto__', { value: 1 }]]);
    expect(({} as Readonly<Record<string, unknown>>)['value']).toBeUndefined();
  });

  test('is none when it is cut off, too deep, or has a number that is none', () => {
    const whole = encodeMessage('scheduler.Call', { type: 'KILL', kill: { task_id: { value: 'long enough' } } });
    expect(decodeMessage('scheduler.Call', whole.subarray(0, -1))).toBeUndefined();
    const nested = (depth: number): JsonObject => ({ value: 'c', ...(depth > 1 && { parent: nested(depth - 1) }) });
    expect(decodeMessage('ContainerID', encodeMessage('ContainerID', nested(100)))).toEqual(nested(100));
    expect(decodeMessage('ContainerID', encodeMessage('ContainerID', nested(102)))).toBeUndefined();
    expect(read('Filters', (writer) => writer.tag(1, WireType.Bit64).double(Number.NaN))).toBeUndefined();
  });

  test('is read in time that grows with its length alone: a map of forty thousand', () => {
    const many = bytesOf((writer) => {
      text(writer, 1, 'role');
      for (let index = 0; index < 40_000; index += 1) inside(writer, 2, (entry) => text(entry, 1, `k${index}`));
    });
    // Each entry lacks its value, a scalar with a required field.
    expect(decodeMessage('quota.QuotaConfig', many)).toBeUndefined();
  });
});

describe('what is written', () => {
  test('leaves out what is no field, and what is not of its type', () => {
    const odd = { value: 5, nope: 'x', parent: 'none' };
    expect(encodeMessage('ContainerID', odd)).toHaveLength(0);
    expect(encodeMessage('scheduler.Call', { type: 'NOPE', kill: null })).toHaveLength(0);
  });

  test.each([
    ['int64', 'TimeInfo', 'nanoseconds', 2 ** 63, 9_223_372_036_854_775_807n],
    ['int64', 'TimeInfo', 'nanoseconds', -(2 ** 64), -9_223_372_036_854_775_808n],
    ['int64', 'TimeInfo', 'nanoseconds', '12', 12n],
    ['int64', 'TimeInfo', 'nanoseconds', 1.9, 1n],
  ])('cuts %s to what it holds: %s.%s of %s', (_, name, field, given, expected) => {
    const writer = new BinaryWriter().tag(1, WireType.Varint).int64(expected);
    expect(encodeMessage(name, { [field]: given })).toEqual(writer.finish());
  });
});

test('no bytes make the reading of a call fail in another way than by saying that it is none', () => {
  const calls = ['scheduler.Call', 'executor.Call', 'agent.Call', 'master.Call'];
  // Making a message takes longer than all that is done with it here.
  const messages = calls.flatMap((name) =>
    fc
      .sample(anyMessage(name), { numRuns: 60, seed: 1 })
      .map((message) => ({ name, bytes: encodeMessage(name, message) })),
  );
  const valid = fc.constantFrom(...messages);
  const changed = fc
    .tuple(valid, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }), fc.nat())
    .map(([{ name, bytes }, changes, cut]) => {
      const copy = Uint8Array.from(bytes);
      for (const [at, byte] of changes) if (copy.length > 0) copy[at % copy.length] = byte;
      return { name, bytes: cut % 3 === 0 ? copy.subarray(0, cut % (copy.length + 1)) : copy };
    });
  const random = fc.record({ name: fc.constantFrom(...calls), bytes: fc.uint8Array({ maxLength: 200 }) });
  fc.assert(
    fc.property(fc.oneof(changed, random), ({ name, bytes }) => {
      const message = decodeMessage(name, bytes);
      if (message !== undefined) expect(decodeMessage(name, encodeMessage(name, message))).toEqual(message);
    }),
    { numRuns: trials('PROPERTY_RUNS', { usual: 800, thorough: 3000 }), seed: 1 },
  );
});
