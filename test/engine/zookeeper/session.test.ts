import { expect, onTestFinished, test, vi } from 'vitest';
import { openZookeeper, type ZookeeperOptions } from '../../../engine/zookeeper/zookeeper-session.ts';
import { startFakeServer, type SeenRequest } from './fake-server.ts';

/* What a real server does not do on demand; the rest is in test/docker/zookeeper/zookeeper-client.test.ts. */

function open(servers: ZookeeperOptions['servers'], sessionTimeoutMs = 1000) {
  const kinds: string[] = [];
  const log: string[] = [];
  const session = openZookeeper({ servers, sessionTimeoutMs, log: (line) => log.push(line) });
  session.onEvent(({ kind }) => kinds.push(kind));
  onTestFinished(() => session.close());
  return { session, kinds, log };
}
const waitFor = (assertion: () => void) => vi.waitFor(assertion, { timeout: 10_000, interval: 10 });
const nowhere = { host: '127.0.0.1', port: 1 };

test('a server that does not answer is passed over for the next one', async () => {
  const silent = await startFakeServer({ timeoutMs: () => 1000 });
  const good = await startFakeServer({
    timeoutMs: () => 1000,
    onRequest: ({ answer }) => {
      answer(-101);
    },
  });
  const { session } = open([nowhere, silent.server, good.server], 6000);
  await expect(session.getData('/x')).rejects.toMatchObject({ code: 'NoNode', message: 'get /x: NoNode' });
});

test('a request is not kept for ever when no server can be reached', async () => {
  const { session, log } = open([nowhere], 300);
  await expect(session.getData('/x')).rejects.toMatchObject({
    code: 'ConnectionLoss',
    message: 'get /x: no ZooKeeper server within 0.3 s',
  });
  expect(log, 'said once, not at each attempt').toEqual(['ZooKeeper 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1']);
});

test('only so many requests wait for a connection', async () => {
  const { session } = open([nowhere], 60_000);
  const waiting = Array.from({ length: 1001 }, () => session.getData('/x'));
  await expect(waiting[1000]).rejects.toMatchObject({ code: 'ConnectionLoss' });
  const closed = Promise.allSettled(waiting.slice(0, 1000));
  await session.close();
  const codes = (await closed).map((each) =>
    each.status === 'rejected' ? (each.reason as { code: string }).code : '',
  );
  expect(new Set(codes)).toEqual(new Set(['SessionClosed']));
});

test('a server that is connected and says nothing is left', async () => {
  const requests: SeenRequest[] = [];
  const stuck = await startFakeServer({ timeoutMs: () => 600, onRequest: (request) => requests.push(request) });
  const { session, kinds } = open([stuck.server], 600);
  await expect(session.getData('/x')).rejects.toMatchObject({ code: 'ConnectionLoss' });
  await waitFor(() => {
    expect(kinds.slice(0, 3)).toEqual(['connected', 'suspended', 'connected']);
  });
  expect(stuck.handshakes[1], 'the same session').toEqual({ sessionId: 101n });
});

test('after an expired session the next one is new', async () => {
  const server = await startFakeServer({
    timeoutMs: (connection) => (connection === 2 ? 0 : 5000),
    onRequest: ({ raw }) => raw.destroy(),
  });
  const { session, kinds } = open([server.server], 5000);
  await expect(session.getData('/x')).rejects.toMatchObject({ code: 'ConnectionLoss' });
  await waitFor(() => {
    expect(kinds).toEqual(['connected', 'suspended', 'expired', 'connected']);
  });
  expect(server.handshakes.map(({ sessionId }) => sessionId)).toEqual([0n, 101n, 0n]);
  expect(session.sessionId()).toBe(103n);
});

test.each([
  ['an answer to another request', ({ raw, xid }: SeenRequest) => raw.write(reply(xid + 7))],
  ['a message of two gigabytes', ({ raw }: SeenRequest) => raw.write(Buffer.from('7fffffff', 'hex'))],
  ['a message that is too short', ({ raw }: SeenRequest) => raw.write(Buffer.from('0000000200ff', 'hex'))],
])('%s ends the connection and not the process', async (_what, misbehave) => {
  let isBad = true;
  const server = await startFakeServer({
    timeoutMs: () => 2000,
    onRequest: (request) => {
      if (isBad) misbehave(request);
      else request.answer(-101);
      isBad = false;
    },
  });
  const { session } = open([server.server], 2000);
  await expect(session.getData('/x')).rejects.toMatchObject({ code: 'ConnectionLoss' });
  await expect(session.getData('/x')).rejects.toMatchObject({ code: 'NoNode' });
});

const reply = (xid: number) => {
  const bytes = Buffer.alloc(20);
  bytes.writeInt32BE(16);
  bytes.writeInt32BE(xid, 4);
  return bytes;
};
