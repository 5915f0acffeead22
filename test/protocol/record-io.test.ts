import { describe, expect, test } from 'vitest';
import { encodeRecord, RecordIoDecoder } from '../../protocol/record-io.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a record', () => {
  test('is its length in bytes, a line feed, and its text', () => {
    expect(encodeRecord('{"type":"HEARTBEAT"}')).toBe('20\n{"type":"HEARTBEAT"}');
    expect(encodeRecord('é')).toBe('2\né');
  });
});

describe('a stream of records', () => {
  const records = ['{"a":1}', '', 'äöü € 🐟', 'x'.repeat(1000)];
  const stream = bytes(records.map(encodeRecord).join(''));

  test('is taken apart however it is cut', () => {
    for (const size of [1, 2, 3, 7, 100, stream.length]) {
      const decoder = new RecordIoDecoder();
      const read: string[] = [];
      for (let at = 0; at < stream.length; at += size) read.push(...decoder.push(stream.subarray(at, at + size)));
      expect(read).toEqual(records);
    }
  });

  test('may reuse the buffer of a chunk', () => {
    const decoder = new RecordIoDecoder();
    const chunk = bytes('4\nab');
    expect(decoder.push(chunk)).toEqual([]);
    chunk.fill(0);
    expect(decoder.push(bytes('cd'))).toEqual(['abcd']);
  });

  test.each(['x\n', '-1\n', '\n', '99999999999999999999\n'])('is given up at %j, which is no length', (text) => {
    expect(() => new RecordIoDecoder().push(bytes(text))).toThrow('Not the length of a record');
  });

  test('is given up at a record larger than the bound', () => {
    expect(() => new RecordIoDecoder(10).push(bytes('11\n'))).toThrow('larger than 10');
  });
});
