import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { PipelinedCalls } from '../../../../engine/framework/scheduler-api/pipelined-calls.ts';
import { readAnswer } from '../../../../engine/framework/scheduler-api/read-answer.ts';
import { waitFor } from '../marathon-for-test.ts';

/** A master that says what it is told to say, on connections that it may end. */
async function fakeMaster() {
  const sockets: Socket[] = [];
  const received: string[] = [];
  const server: Server = createServer((socket) => {
    const index = sockets.push(socket) - 1;
    socket.setEncoding('utf8').on('error', () => undefined);
    socket.on('data', (text: string) => (received[index] = `${received[index] ?? ''}${text}`));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const log: string[] = [];
  const calls = new PipelinedCalls({
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/scheduler`),
    headers: { 'Mesos-Stream-Id': 's' },
    timeoutMs: 10_000,
    log: (line) => log.push(line),
    onLost: () => log.push('lost'),
  });
  onTestFinished(async () => {
    calls.stop();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const bodiesOn = (connection: number) =>
    [...(received[connection] ?? '').matchAll(/\r\n\r\n(<.*?>)/g)].map((m) => m[1]);
  return { calls, sockets, received, bodiesOn, log };
}

const accepted = 'HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n';
const chunked = 'HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n';
const refused = 'HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno';

test('calls are sent before those that came first are answered, and each hears its own answer', async () => {
  const { calls, sockets, received, bodiesOn, log } = await fakeMaster();
  const answers = Promise.all(['<1>', '<2>', '<ä>'].map((body) => calls.post(body)));
  await waitFor(() => {
    expect(bodiesOn(0)).toEqual(['<1>', '<2>', '<ä>']);
  });
  expect(received[0]).toMatch(/^POST \/api\/v1\/scheduler HTTP\/1.1\r\nHost: 127.0.0.1:\d+\r\n/);
  expect(received[0]).toContain('Mesos-Stream-Id: s\r\nContent-Length: 4\r\n\r\n<ä>');
  for (const byte of accepted + refused + chunked) sockets[0]?.write(byte);
  expect(await answers).toEqual([true, false, true]);
  expect([sockets.length, log]).toEqual([1, ['master refused a call: 403 no']]);
});

test('what is not answered when the connection breaks is sent once more, then it is lost', async () => {
  const { calls, sockets, bodiesOn, log } = await fakeMaster();
  const answers = Promise.all(['<1>', '<2>', '<3>'].map((body) => calls.post(body)));
  await waitFor(() => {
    expect(bodiesOn(0)).toHaveLength(3);
  });
  sockets[0]?.end(accepted);
  await waitFor(() => {
    expect(bodiesOn(1)).toEqual(['<2>', '<3>']);
  });
  sockets[1]?.end(accepted);
  expect(await answers).toEqual([true, true, false]);
  expect(log).toEqual(['1 calls did not reach the master: the master ended the connection', 'lost']);
  const later = calls.post('<4>');
  await waitFor(() => {
    expect(bodiesOn(2)).toEqual(['<4>']);
  });
  sockets[2]?.write(accepted);
  expect(await later).toBe(true);
});

test('a call that may not arrive twice is lost when the connection breaks, those beside it keep their order', async () => {
  const { calls, sockets, bodiesOn, log } = await fakeMaster();
  const answers = Promise.all([calls.post('<1>'), calls.post('<2>', false), calls.post('<3>')]);
  await waitFor(() => {
    expect(bodiesOn(0)).toEqual(['<1>', '<2>', '<3>']);
  });
  sockets[0]?.end();
  await waitFor(() => {
    expect(bodiesOn(1)).toEqual(['<1>', '<3>']);
  });
  sockets[1]?.write(accepted + accepted);
  expect(await answers).toEqual([true, false, true]);
  expect(log).toEqual(['1 calls did not reach the master: the master ended the connection', 'lost']);
});

test('no more is on its way than a master reads at once: the rest follows as it answers, in its order', async () => {
  const { calls, sockets, bodiesOn } = await fakeMaster();
  const bodies = Array.from({ length: 12 }, (_, index) => `<${index}>`);
  const padding = ' '.repeat(16 * 1024);
  const answers = Promise.all(bodies.map((body) => calls.post(body + padding)));
  await waitFor(() => {
    expect(bodiesOn(0)).toEqual(bodies.slice(0, 4));
  });
  sockets[0]?.write(accepted);
  await waitFor(() => {
    expect(bodiesOn(0)).toEqual(bodies.slice(0, 5));
  });
  sockets[0]?.end();
  await waitFor(() => {
    expect(bodiesOn(1)).toEqual(bodies.slice(1, 5));
  });
  sockets[1]?.write(accepted.repeat(4));
  await waitFor(() => {
    expect(bodiesOn(1)).toEqual(bodies.slice(1, 9));
  });
  calls.stop();
  expect(await answers).toEqual([...Array.from({ length: 5 }, () => true), ...Array.from({ length: 7 }, () => false)]);
});

test('a master that answers what cannot be read is not believed', async () => {
  const { calls, sockets, bodiesOn } = await fakeMaster();
  const answer = calls.post('<1>');
  for (const connection of [0, 1]) {
    await waitFor(() => {
      expect(bodiesOn(connection)).toEqual(['<1>']);
    });
    sockets[connection]?.write('SIP/2.0 202 OK\r\n\r\n');
  }
  expect(await answer).toBe(false);
});

test('what is not answered when it is stopped counts as not taken', async () => {
  const { calls, bodiesOn, log } = await fakeMaster();
  const answer = calls.post('<1>');
  await waitFor(() => {
    expect(bodiesOn(0)).toHaveLength(1);
  });
  calls.stop();
  expect([await answer, await calls.post('<2>'), log]).toEqual([false, false, []]);
});

test('an answer is complete when all of its bytes are there, and not before', () => {
  for (const [text, body] of [
    [accepted, ''],
    [chunked, 'abc'],
    [refused, 'no'],
  ] as const) {
    for (let length = 0; length < text.length; length += 1) expect(readAnswer(text.slice(0, length))).toBeUndefined();
    expect(readAnswer(text + accepted)).toMatchObject({ body, length: text.length });
  }
});
