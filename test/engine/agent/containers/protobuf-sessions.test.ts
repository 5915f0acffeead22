import { request as httpRequest, type IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { protobufCodec } from '../../../../protocol/protobuf/codec.ts';
import { encodeByteRecord, RecordIoDecoder } from '../../../../protocol/record-io.ts';
import { shell, startTask, within } from './container-api.ts';

const protobuf = 'application/x-protobuf';
const { decode, encode } = protobufCodec;

/** A request in protobuf, which may be a stream. */
function open(url: string, headers: Readonly<Record<string, string>>) {
  const sent = httpRequest(`${url}/api/v1`, { method: 'POST', agent: false, headers });
  const answer = new Promise<{ readonly message: IncomingMessage; readonly body: Buffer }>((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (message: IncomingMessage) => {
      const parts: Buffer[] = [];
      message.on('data', (part: Buffer) => parts.push(part));
      message.on('end', () => {
        resolve({ message, body: Buffer.concat(parts) });
      });
    });
  });
  return { sent, answer };
}

test('a session speaks protobuf both ways', async () => {
  const { parent, agent } = await startTask();
  const id = within(parent, 's');
  const launch = {
    type: 'LAUNCH_NESTED_CONTAINER_SESSION',
    launch_nested_container_session: { container_id: id, ...shell('read l; echo "got $l"; echo err >&2; exit 7') },
  };
  const records = { Accept: 'application/recordio', 'Message-Accept': protobuf };
  const session = open(agent.url, { 'Content-Type': protobuf, ...records });
  session.sent.end(encode('agent.Call', launch as never));
  await new Promise((resolve) => session.sent.once('response', resolve));

  const typed = open(agent.url, { 'Content-Type': 'application/recordio', 'Message-Content-Type': protobuf });
  const type = (content: object) =>
    typed.sent.write(
      encodeByteRecord(
        encode('agent.Call', { type: 'ATTACH_CONTAINER_INPUT', attach_container_input: content } as never),
      ),
    );
  type({ type: 'CONTAINER_ID', container_id: id });
  const data = { type: 'STDIN', data: Buffer.from('hello\n').toString('base64') };
  type({ type: 'PROCESS_IO', process_io: { type: 'DATA', data } });
  typed.sent.end();
  expect((await typed.answer).message.statusCode).toBe(200);

  const { message, body } = await session.answer;
  expect(message.headers).toMatchObject({ 'content-type': 'application/recordio', 'message-content-type': protobuf });
  const said = new RecordIoDecoder().pushBytes(body).map((record) => decode('agent.ProcessIO', record));
  expect(said).toContainEqual({ type: 'DATA', data: { type: 'STDOUT', data: 'Z290IGhlbGxvCg==' } });
  expect(said).toContainEqual({ type: 'DATA', data: { type: 'STDERR', data: 'ZXJyCg==' } });

  const wait = open(agent.url, { 'Content-Type': protobuf, Accept: protobuf });
  wait.sent.end(encode('agent.Call', { type: 'WAIT_CONTAINER', wait_container: { container_id: id } } as never));
  expect(decode('agent.Response', (await wait.answer).body)).toEqual({
    type: 'WAIT_CONTAINER',
    wait_container: { exit_status: 7 << 8 },
  });
});
