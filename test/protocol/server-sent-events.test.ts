import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeEvent, eventHeartbeat, ServerSentEventsError, SseDecoder } from '../../protocol/server-sent-events.ts';

test('events come out as they went in, however the stream is cut', () => {
  const event = fc.record({
    name: fc.string({ minLength: 1, unit: fc.constantFrom('a', '_', 'é') }),
    data: fc.string({ unit: 'grapheme' }).filter((data) => !/[\r\n]/.test(data)),
  });
  fc.assert(
    fc.property(fc.array(event), fc.integer({ min: 1, max: 7 }), (events, size) => {
      const bytes = Buffer.from(events.map(({ name, data }) => encodeEvent(name, data) + eventHeartbeat).join(''));
      const decoder = new SseDecoder();
      const decoded = [];
      for (let at = 0; at < bytes.length; at += size) decoded.push(...decoder.push(bytes.subarray(at, at + size)));
      expect(decoded).toEqual(events);
    }),
  );
});

test('all line ends are understood, comments and unknown fields are skipped', () => {
  const decoder = new SseDecoder();
  const stream = ': hello\nevent: a\ndata: 1\ndata:2\n\nid: 7\r\ndata: x\r\n\r\nevent: empty\n\ndata: last\r\r';
  expect(decoder.push(stream)).toEqual([
    { name: 'a', data: '1\n2' },
    { name: 'message', data: 'x' },
    { name: 'message', data: 'last' },
  ]);
});

test('an event without end is given up at the bound', () => {
  const decoder = new SseDecoder(100);
  expect(decoder.push('data: ' + 'x'.repeat(50))).toEqual([]);
  expect(() => decoder.push('x'.repeat(50))).toThrow(ServerSentEventsError);
});

test('an endless stream of heartbeats and comments is no large event', () => {
  const decoder = new SseDecoder(100);
  for (let count = 0; count < 100; count += 1) expect(decoder.push(': comment\r\n\r\n')).toEqual([]);
  expect(decoder.push(encodeEvent('a', 'b'))).toEqual([{ name: 'a', data: 'b' }]);
});
