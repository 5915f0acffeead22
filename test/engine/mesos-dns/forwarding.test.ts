import { createSocket, type RemoteInfo } from 'node:dgram';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { decode, encode } from 'dns-packet';
import { describe, expect, onTestFinished, test } from 'vitest';
import { framed } from './ask-dns.ts';
import { startKnowing, startTestDns } from './mesos-dns-for-test.ts';

const answerWith = (query: Buffer, address: string): Buffer => {
  const { id = 0, questions = [] } = decode(query);
  const name = questions[0]?.name ?? '';
  return encode({ type: 'response', id, questions, answers: [{ type: 'A', name, ttl: 1, data: address }] });
};

/** A server for other domains, by UDP and TCP on one port. */
async function startResolver(answer: (query: Buffer) => Buffer | undefined) {
  const seen: number[] = [];
  const tcp = createServer((socket) => {
    socket
      .on('error', () => undefined)
      .on('data', (bytes) => {
        const reply = answer(Buffer.from(bytes).subarray(2));
        if (reply !== undefined) socket.write(framed(reply));
      });
  });
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const address = tcp.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const udp = createSocket('udp4').on('message', (query, from: RemoteInfo) => {
    seen.push(query.readUInt16BE(0));
    const reply = answer(query);
    if (reply !== undefined) udp.send(reply, from.port, from.address);
  });
  udp.bind(port, '127.0.0.1');
  await once(udp, 'listening');
  onTestFinished(() => {
    udp.close();
    tcp.close();
  });
  return { at: `127.0.0.1:${port}`, seen };
}

const config = { externalOn: true, timeout: 1 };

describe('what is not of the domain', () => {
  test('is asked of the resolvers, by UDP and TCP, with other numbers than the client chose', async () => {
    const { at, seen } = await startResolver((query) => answerWith(query, '192.0.2.1'));
    const { ask } = await startTestDns({ config: { ...config, resolvers: [at] } });
    for (const tcp of [false, true]) {
      expect(await ask('example.org', 'A', { tcp })).toMatchObject({
        rcode: 'NOERROR',
        isAuthoritative: false,
        answers: ['example.org 1 A 192.0.2.1'],
      });
    }
    for (let asked = 0; asked < 5; asked++) await ask('example.org');
    expect(new Set(seen).size).toBeGreaterThan(1);
  });

  test('is asked of those of its zone, the longest first', async () => {
    const [others, zone, inZone] = await Promise.all(
      ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((address) => startResolver((query) => answerWith(query, address))),
    );
    const zoneResolvers = { weave: [zone?.at ?? ''], 'deep.weave': [inZone?.at ?? ''] };
    const { ask } = await startTestDns({ config: { ...config, resolvers: [others?.at ?? ''], zoneResolvers } });
    const address = async (name: string) => (await ask(name)).answers[0]?.split(' ').at(-1);
    expect(await address('a.WEAVE')).toBe('192.0.2.2');
    expect(await address('a.deep.weave')).toBe('192.0.2.3');
    expect(await address('interweave')).toBe('192.0.2.1');
  });

  test('is asked of the next one when one does not answer, refuses connections, or lies', async () => {
    const silent = await startResolver(() => undefined);
    const lying = await startResolver((query) => {
      const answer = answerWith(query, '6.6.6.6');
      answer.writeUInt16BE((query.readUInt16BE(0) + 1) & 0xffff, 0);
      return answer;
    });
    const good = await startResolver((query) => answerWith(query, '192.0.2.9'));
    const { ask } = await startTestDns({
      config: { ...config, resolvers: [silent.at, '127.0.0.1:1', lying.at, good.at] },
    });
    for (const tcp of [false, true]) {
      expect((await ask('example.org', 'A', { tcp })).answers).toEqual(['example.org 1 A 192.0.2.9']);
    }
  });

  test('is SERVFAIL when none answers, while names of the domain are answered at once', async () => {
    const { at } = await startResolver(() => undefined);
    const { ask } = await startKnowing({}, { config: { ...config, resolvers: [at] } });
    const waiting: Promise<{ readonly rcode: string }>[] = [];
    while (waiting.length < 600) {
      // The system holds a few hundred datagrams at a time.
      waiting.push(...Array.from({ length: 100 }, () => ask('example.org')));
      expect((await ask('leader.mesos')).rcode).toBe('NOERROR');
    }
    expect(new Set((await Promise.all(waiting)).map(({ rcode }) => rcode))).toEqual(new Set(['SERVFAIL']));
  });

  test('of one zone waits for its servers alone, however many ask those of another that do not answer', async () => {
    const silent = await startResolver(() => undefined);
    const good = await startResolver((query) => answerWith(query, '192.0.2.7'));
    const { ask } = await startTestDns({
      config: { ...config, resolvers: [silent.at], zoneResolvers: { weave: [good.at] } },
    });
    const waiting: Promise<{ readonly rcode: string }>[] = [];
    while (waiting.length < 600) {
      waiting.push(...Array.from({ length: 100 }, () => ask('example.org')));
      expect((await ask('a.weave')).answers).toEqual(['a.weave 1 A 192.0.2.7']);
    }
    await Promise.all(waiting);
  });
});
