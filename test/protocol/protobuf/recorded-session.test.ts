import { describe, expect, test } from 'vitest';
import { decodeMessage } from '../../../protocol/protobuf/decode-message.ts';
import { encodeMessage } from '../../../protocol/protobuf/encode-message.ts';
import { RecordIoDecoder } from '../../../protocol/record-io.ts';
import { recordedSession } from './recorded-session.ts';

function bytesOf(name: string, base64: string): Uint8Array {
  const sent = Buffer.from(base64, 'base64');
  if (name === 'scheduler.Call') return sent;
  const [record] = new RecordIoDecoder().pushBytes(sent);
  return record ?? new Uint8Array();
}

describe('a session that was recorded from a real Mesos', () => {
  test('has calls and events', () => {
    expect(recordedSession.map(({ json }) => json['type'])).toEqual([
      ...['SUBSCRIBE', 'SUBSCRIBED', 'HEARTBEAT', 'OFFERS', 'ACCEPT', 'UPDATE', 'ACKNOWLEDGE', 'UPDATE', 'ACKNOWLEDGE'],
      'UPDATE',
    ]);
  });

  test.each(recordedSession)('decodes to the same JSON: $name $json.type', ({ name, base64, json }) => {
    expect(decodeMessage(name, bytesOf(name, base64))).toEqual(json);
  });

  test.each(recordedSession)('is encoded to the same bytes: $name $json.type', ({ name, base64, json }) => {
    expect(Buffer.from(encodeMessage(name, json)).toString('base64')).toBe(
      Buffer.from(bytesOf(name, base64)).toString('base64'),
    );
  });
});
