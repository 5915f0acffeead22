import { connect, type Socket } from 'node:net';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Part } from '../../../engine/lives/part.ts';
import { mesosDnsDefaults } from '../../../engine/mesos-dns/mesos-dns-config.ts';
import { startMesosDns, type MesosDns } from '../../../engine/mesos-dns/start-mesos-dns.ts';
import { randomFrom } from '../invariant/random.ts';
import { ask, described, exchange, framed, queryOf } from './ask-dns.ts';
import { startFakeMaster, taskOf } from './fake-master.ts';
import { startKnowing } from './mesos-dns-for-test.ts';

const patch = (bytes: Buffer, offset: number, value: number) => {
  const copy = Buffer.from(bytes);
  copy.writeUInt16BE(value, offset);
  return copy;
};
const query = queryOf('leader.mesos', 'A');
/** Six labels of 63. */
const longName = Buffer.from(`${`?${'a'.repeat(63)}`.repeat(6)}\0`);

describe('what is no query', () => {
  test.each([
    ['another opcode', patch(query, 2, 0x2900), 'NOTIMP'],
    ['no question', patch(query, 4, 0), 'FORMERR'],
    ['two questions', patch(query, 4, 2), 'FORMERR'],
    ['more records than there are', patch(query, 10, 65_535), 'FORMERR'],
    ['answers', patch(query, 6, 1), 'FORMERR'],
    ['a question that breaks off', query.subarray(0, 20), 'FORMERR'],
    [
      'a name that points to itself',
      Buffer.concat([query.subarray(0, 12), Buffer.from([0xc0, 12, 0, 1, 0, 1])]),
      'FORMERR',
    ],
    ['a name that is too long', Buffer.concat([query.subarray(0, 12), longName, query.subarray(-4)]), 'FORMERR'],
    ['5000 bytes', Buffer.concat([query, Buffer.alloc(5000)]), 'FORMERR'],
  ])('such as one with %s is refused', async (_, bytes, rcode) => {
    const { port } = await startKnowing({});
    expect(described(await exchange(port, bytes)).rcode).toBe(rcode);
    expect(described(await exchange(port, bytes, { tcp: true })).rcode).toBe(rcode);
  });

  test('such as another version of EDNS is refused with its code', async () => {
    const { port } = await startKnowing({});
    const edns = queryOf('leader.mesos', 'A', { edns: 1232 });
    // The version stands behind the root's name, the type, the size and the extended code.
    edns[edns.length - 5] = 1;
    const { additionals } = described(await exchange(port, edns));
    expect(additionals).toEqual(['OPT 4096']);
  });

  test('such as a response, or a few bytes, is not answered at all', async () => {
    const { port } = await startKnowing({});
    const socket = createSocket('udp4');
    onTestFinished(() => new Promise<void>((resolve) => socket.close(resolve)));
    for (const bytes of [patch(query, 2, 0x8180), Buffer.alloc(3), Buffer.alloc(0)])
      socket.send(bytes, port, '127.0.0.1');
    socket.send(patch(query, 0, 99), port, '127.0.0.1');
    const [first] = (await once(socket, 'message')) as [Buffer];
    expect(first.readUInt16BE(0)).toBe(99);
    const connection = connect(port, '127.0.0.1').on('error', () => undefined);
    connection.write(framed(patch(query, 2, 0x8180)));
    await once(connection, 'close');
  });

  test('and no bytes at all, however they come, end it', async () => {
    const { port, ask: askIt, log } = await startKnowing({ tasks: [taskOf({ id: 't1' })] });
    const random = randomFrom(Number(process.env['SEED'] ?? 1)).next;
    const socket = createSocket('udp4');
    onTestFinished(() => new Promise<void>((resolve) => socket.close(resolve)));
    for (let round = 0; round < 3000; round++) {
      // The system holds a few hundred of them at a time.
      if (round % 100 === 0) await askIt('web.marathon.mesos');
      const bytes = Buffer.from(queryOf('web.marathon.mesos', 'ANY', { edns: 1232 }));
      for (let change = 0; change < 1 + random() * 4; change++) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      }
      socket.send(bytes.subarray(0, Math.floor(random() * bytes.length) + 1), port, '127.0.0.1');
    }
    expect((await askIt('web.marathon.mesos')).answers).toHaveLength(1);
    expect(log.filter((line) => line.includes('Error'))).toEqual([]);
  });
});

describe('a connection', () => {
  test('carries many questions, which are answered in their order', async () => {
    const { port } = await startKnowing({});
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => {
      socket.destroy();
    });
    const bytes = Buffer.concat(Array.from({ length: 200 }, (_, index) => framed(patch(query, 0, index))));
    // Cut anywhere.
    socket.write(bytes.subarray(0, 777));
    socket.write(bytes.subarray(777));
    const ids: number[] = [];
    let received = Buffer.alloc(0);
    for await (const part of socket as AsyncIterable<Buffer>) {
      received = Buffer.concat([received, part]);
      while (received.length > 2 && received.length >= received.readUInt16BE(0) + 2) {
        ids.push(received.readUInt16BE(2));
        received = received.subarray(received.readUInt16BE(0) + 2);
      }
      if (ids.length === 200) break;
    }
    expect(ids).toEqual(Array.from({ length: 200 }, (_, index) => index));
  });

  test('that says nothing is ended, and so is one whose message does not come to its end', async () => {
    const { port } = await startKnowing({}, { patienceMs: 300 });
    const silent = connect(port, '127.0.0.1').on('error', () => undefined);
    const slow = connect(port, '127.0.0.1').on('error', () => undefined);
    slow.write(Buffer.from([1, 0]));
    // It goes on saying something all the time.
    const drip = setInterval(() => slow.write(Buffer.from([0])), 50);
    onTestFinished(() => {
      clearInterval(drip);
    });
    // It may be told so by a reset: what it says last comes when nobody reads any more.
    const closed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));
    await Promise.all([closed(silent), closed(slow)]);
  });

  test('too many at once are not taken, and UDP is served all the same', async () => {
    const { port, ask: askIt } = await startKnowing({});
    const sockets: Socket[] = [];
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    let closed = 0;
    for (let count = 0; count < 300; count++) {
      const socket = connect(port, '127.0.0.1')
        .on('error', () => undefined)
        .on('close', () => (closed += 1));
      sockets.push(socket);
      await once(socket, 'connect');
    }
    expect((await askIt('leader.mesos')).rcode).toBe('NOERROR');
    await expect.poll(() => closed).toBe(300 - 256);
  });
});

test('a paused one answers nothing, and what was asked meanwhile when it goes on; a killed one frees its ports', async () => {
  const master = await startFakeMaster();
  onTestFinished(() => master.stop());
  let dns: MesosDns | undefined;
  const part = new Part({
    start: async () => {
      dns = await startMesosDns(
        {
          config: {
            ...{ ...mesosDnsDefaults, listener: '127.0.0.1', httpListener: '127.0.0.1', port: dns?.dnsPort ?? 0 },
            ...{ httpPort: 0, zkDetectionTimeout: 0, masters: [master.authority] },
          },
          version: 'v0.6.0',
        },
        { log: () => undefined, resolve: () => Promise.resolve([]), now: Date.now, random: Math.random },
      );
      return dns;
    },
    log: () => undefined,
  });
  onTestFinished(() => part.kill());
  await part.start();
  const port = dns?.dnsPort ?? 0;
  await expect.poll(async () => (await ask(port, 'leader.mesos')).rcode).toBe('NOERROR');
  await part.pause();
  const order: string[] = [];
  const asked = [false, true].map(async (tcp) => {
    await ask(port, 'leader.mesos', 'A', { tcp });
    order.push('answered');
  });
  // Another one on the same machine has long been answered.
  await fetch(`${master.url}/`);
  order.push('resumed');
  await part.start();
  await Promise.all(asked);
  expect(order).toEqual(['resumed', 'answered', 'answered']);
  await part.kill();
  await part.start();
  await expect.poll(async () => (await ask(port, 'leader.mesos')).rcode).toBe('NOERROR');
});
