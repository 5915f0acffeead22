import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PacketDecoder, toPacket } from '../../../engine/zookeeper/packets.ts';

test('messages are found however the stream is cut', () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 10 });
  const cuts = fc.infiniteStream(fc.integer({ min: 1, max: 200 }));
  fc.assert(
    fc.property(messages, cuts, (sent, lengths) => {
      const stream = Buffer.concat(sent.map((message) => toPacket(message)));
      const decoder = new PacketDecoder(300);
      const found: Buffer[] = [];
      let offset = 0;
      for (const length of lengths) {
        if (offset >= stream.length) break;
        found.push(...decoder.push(stream.subarray(offset, offset + length)));
        offset += length;
      }
      expect(found.map((each) => [...each])).toEqual(sent.map((each) => [...each]));
    }),
  );
});

test('a message of several parts is one', () => {
  const packet = toPacket(Buffer.from('ab'), Buffer.from('c'));
  expect(packet.toString('hex')).toBe('00000003616263');
});

test.each([301, -5])('a message that says it has %i bytes is refused at once', (length) => {
  const head = Buffer.alloc(4);
  head.writeInt32BE(length);
  expect(() => new PacketDecoder(300).push(head)).toThrow(RangeError);
});
