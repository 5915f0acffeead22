import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JuteReader, JuteWriter } from '../../../engine/zookeeper/jute.ts';
import { anyCharacter } from '../../support/any-character.ts';

test('values have the bytes that ZooKeeper’s own encoder gives them', () => {
  const bytes = new JuteWriter()
    .int(-2)
    .long(258n)
    .bool(true)
    .string('zä')
    .buffer(Buffer.from([1, 2]))
    .finish();
  expect(bytes.toString('hex')).toBe(
    'fffffffe' + '0000000000000102' + '01' + '00000003' + '7ac3a4' + '00000002' + '0102',
  );
});

test('what was written is read again', () => {
  const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  const text = fc.string({ unit: anyCharacter });
  const record = fc.tuple(int, long, fc.boolean(), text, fc.uint8Array({ maxLength: 600 }), fc.array(text));
  fc.assert(
    fc.property(record, ([number, large, flag, words, bytes, names]) => {
      const writer = new JuteWriter().int(number).long(large).bool(flag).string(words).buffer(bytes).int(names.length);
      for (const name of names) writer.string(name);
      const reader = new JuteReader(writer.finish());
      expect(reader.int()).toBe(number);
      expect(reader.long()).toBe(large);
      expect(reader.bool()).toBe(flag);
      expect(reader.string()).toBe(words);
      expect(reader.buffer().equals(bytes)).toBe(true);
      expect(reader.list(() => reader.string())).toEqual(names);
      expect(reader.isAtEnd).toBe(true);
    }),
  );
});

test('no buffer, no string and no list are empty ones', () => {
  const reader = new JuteReader(new JuteWriter().int(-1).int(-1).int(-1).finish());
  expect([reader.buffer().length, reader.string(), reader.list(() => reader.int())]).toEqual([0, '', []]);
});

test('a message that is shorter than it says is refused, and costs no memory', () => {
  const huge = new JuteWriter().int(2 ** 31 - 1).finish();
  expect(() => new JuteReader(huge).buffer()).toThrow(RangeError);
  expect(() => new JuteReader(huge).string()).toThrow(RangeError);
  const reader = new JuteReader(huge);
  expect(() => reader.list(() => reader.string())).toThrow(RangeError);
  expect(() => new JuteReader(Buffer.alloc(3)).int()).toThrow(RangeError);
});
