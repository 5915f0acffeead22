import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Connection } from '../../../engine/zookeeper/connection.ts';
import type { SessionEvent } from '../../../engine/zookeeper/session-keeper.ts';
import { openZookeeper, type ZookeeperOptions } from '../../../engine/zookeeper/zookeeper-session.ts';
import { lineTo } from '../../engine/zookeeper/line.ts';
import { requireTool } from '../../support/require-tool.ts';
import { untilTrue } from '../support/until.ts';
import { startEnsemble, type Ensemble } from './zookeeper-ensemble.ts';

/* The client of the engine on a real ensemble of three members. */

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);
/** The shortest that an ensemble with ticks of 2 s grants. */
const sessionTimeoutMs = 4000;

describe.skipIf(!hasDocker)('the ZooKeeper client', () => {
  let ensemble: Ensemble;

  beforeAll(async () => {
    ensemble = await startEnsemble(`zookeeper-client-test-${String(process.pid)}`);
    await ensemble.isServing();
  }, 300_000);

  afterAll(async () => {
    await ensemble.remove();
  }, 60_000);

  /** A session that ends with the test, and what happened to it. */
  function open(more: Partial<ZookeeperOptions> = {}) {
    const events: SessionEvent[] = [];
    const log: string[] = [];
    const session = openZookeeper({
      servers: ensemble.servers,
      sessionTimeoutMs,
      log: (line) => {
        log.push(line);
      },
      ...more,
    });
    session.onEvent((event) => {
      events.push(event);
    });
    onTestFinished(() => session.close());
    return { session, events, log, kinds: () => events.map(({ kind }) => kind) };
  }
  const bytes = (text: string) => Buffer.from(text);
  let folders = 0;
  async function newFolder() {
    const { session } = open();
    folders += 1;
    const path = `/test/${String(folders)}`;
    await session.ensurePath(path);
    return path;
  }

  it('creates, reads, changes, lists and removes znodes, and names what ZooKeeper refuses', async () => {
    const path = await newFolder();
    const { session } = open();
    expect(await session.create(`${path}/a`, bytes('one'))).toBe(`${path}/a`);
    expect(await session.create(`${path}/n-`, bytes(''), 'persistent-sequential')).toBe(`${path}/n-0000000001`);
    expect(await session.getData(`${path}/a`)).toMatchObject({
      data: bytes('one'),
      stat: { version: 0, dataLength: 3 },
    });
    expect(await session.setData(`${path}/a`, bytes('zwei'), 0)).toMatchObject({ version: 1, dataLength: 4 });
    expect([...(await session.getChildren(path))].sort()).toEqual(['a', 'n-0000000001']);
    expect(await session.exists(`${path}/a`)).toMatchObject({ version: 1 });
    expect(await session.exists(`${path}/b`)).toBeUndefined();
    await expect(session.setData(`${path}/a`, bytes('x'), 0)).rejects.toMatchObject({ code: 'BadVersion' });
    await expect(session.getData(`${path}/b`)).rejects.toMatchObject({ code: 'NoNode' });
    await expect(session.create(`${path}/a`, bytes(''))).rejects.toMatchObject({ code: 'NodeExists' });
    await expect(session.remove(path)).rejects.toMatchObject({ code: 'NotEmpty', message: `delete ${path}: NotEmpty` });
    await expect(session.create('no-slash', bytes(''))).rejects.toMatchObject({ code: 'BadArguments' });
    await session.remove(`${path}/a`, 1);
    expect(await session.exists(`${path}/a`)).toBeUndefined();
  });

  it('carries out all of a transaction or nothing', async () => {
    const path = await newFolder();
    const { session } = open();
    await session.multi([
      { kind: 'create', path: `${path}/a`, data: bytes('1') },
      { kind: 'set', path, data: bytes('2'), version: 0 },
      { kind: 'check', path, version: 1 },
      { kind: 'delete', path: `${path}/a` },
    ]);
    expect((await session.getData(path)).data).toEqual(bytes('2'));
    const failing = session.multi([
      { kind: 'create', path: `${path}/b`, data: bytes('1') },
      { kind: 'check', path, version: 0 },
      { kind: 'set', path, data: bytes('3') },
    ]);
    await expect(failing).rejects.toMatchObject({ code: 'BadVersion' });
    expect(await session.getChildren(path)).toEqual([]);
    expect((await session.getData(path)).data).toEqual(bytes('2'));
  });

  it('tells once of each change that was watched, of others’ changes too', async () => {
    const path = await newFolder();
    const { session } = open();
    const other = open().session;
    const heard: string[] = [];
    await session.getChildren(path, () => heard.push('children'));
    await session.getData(path, () => heard.push('data'));
    await session.exists(`${path}/a`, () => heard.push('created'));
    await other.create(`${path}/a`, bytes(''));
    await other.create(`${path}/b`, bytes(''));
    await other.setData(path, bytes('1'));
    await other.setData(path, bytes('2'));
    await untilTrue('heard', 5000, () => heard.length >= 3);
    await session.sync(path);
    expect(heard.sort()).toEqual(['children', 'created', 'data']);
  });

  it('takes 900 kB, refuses more than a megabyte by itself, and keeps its session', async () => {
    const path = await newFolder();
    const { session, kinds } = open();
    const large = Buffer.alloc(900_000, 'x');
    await session.create(`${path}/large`, large);
    expect((await session.getData(`${path}/large`)).data.equals(large)).toBe(true);
    const tooLarge = session.create(`${path}/larger`, Buffer.alloc(1_100_000));
    await expect(tooLarge).rejects.toMatchObject({ code: 'BadArguments' });
    expect(kinds()).toEqual(['connected']);
  });

  it('answers a thousand requests that were made at once, in their order', async () => {
    const path = await newFolder();
    const { session } = open();
    await session.sync(path);
    const numbers = Array.from({ length: 1000 }, (_, index) => index);
    const created = await Promise.all(
      numbers.map((number) => session.create(`${path}/x`, bytes(String(number)), 'ephemeral-sequential')),
    );
    expect(created).toEqual(numbers.map((number) => `${path}/x${String(number).padStart(10, '0')}`));
  });

  it('lets others read what was made with a password, but not change it', async () => {
    const owner = open({ auth: 'marathon:secret' }).session;
    const path = `/secret-${String(process.pid)}`;
    await owner.create(path, bytes('1'));
    const stranger = open().session;
    expect((await stranger.getData(path)).data).toEqual(bytes('1'));
    await expect(stranger.setData(path, bytes('2'))).rejects.toMatchObject({ code: 'NoAuth' });
    await expect(stranger.create(`${path}/a`, bytes(''))).rejects.toMatchObject({ code: 'NoAuth' });
    const friend = open({ auth: 'marathon:secret' }).session;
    await friend.setData(path, bytes('2'));
  });

  it('ends what is ephemeral at once when it is closed', async () => {
    const path = await newFolder();
    const { session } = open();
    const other = open().session;
    await session.create(`${path}/e`, bytes(''), 'ephemeral');
    await session.close();
    expect(await other.exists(`${path}/e`)).toBeUndefined();
    await expect(session.exists(path)).rejects.toMatchObject({ code: 'SessionClosed' });
    await session.close();
  });

  it('goes on in its session when the connection breaks: requests wait, watches tell to look again', async () => {
    const path = await newFolder();
    const line = await lineTo(ensemble.servers);
    const { session, kinds } = open({ servers: line.servers });
    await session.create(`${path}/e`, bytes(''), 'ephemeral');
    const id = session.sessionId();
    let isTold = false;
    await session.getChildren(path, () => (isTold = true));
    line.breakOff();
    await untilTrue('connected again', 5000, () => kinds().length === 3);
    expect(await session.getChildren(path)).toEqual(['e']);
    expect([session.sessionId(), isTold, kinds()]).toEqual([id, true, ['connected', 'suspended', 'connected']]);
  });

  it('says that nobody knows what became of a request whose answer is lost', async () => {
    const path = await newFolder();
    const line = await lineTo(ensemble.servers);
    const { session } = open({ servers: line.servers });
    await session.sync(path);
    line.cut();
    const request = session.create(`${path}/a`, bytes(''));
    await expect(request).rejects.toMatchObject({ code: 'ConnectionLoss' });
  });

  it('believes a server that its session has expired, and opens a new one', async () => {
    const path = await newFolder();
    const line = await lineTo(ensemble.servers);
    const reasons: string[] = [];
    const { session, kinds } = open({ servers: line.servers, onExpired: (reason) => reasons.push(reason) });
    await session.create(`${path}/e`, bytes(''), 'ephemeral');
    const id = session.sessionId();
    await endSessionOf(line.session(), ensemble);
    await untilTrue('expired', 10_000, () => kinds().at(-1) === 'connected' && kinds().includes('expired'));
    expect(kinds()).toEqual(['connected', 'suspended', 'expired', 'connected']);
    expect(reasons).toEqual(['ZooKeeper says that the session has expired']);
    expect(session.sessionId()).not.toBe(id);
    expect(await session.getChildren(path)).toEqual([]);
  });

  it('gives its session up by its own clock, never later than the servers', { timeout: 60_000 }, async () => {
    const path = await newFolder();
    const line = await lineTo(ensemble.servers);
    const { session, kinds } = open({ servers: line.servers });
    const other = open().session;
    await session.create(`${path}/e`, bytes(''), 'ephemeral');
    line.cut();
    await untilTrue('expired', 10_000, () => kinds().includes('expired'));
    expect(await other.exists(`${path}/e`), 'the servers still believe in it').toBeDefined();
    await untilTrue('gone', 15_000, async () => (await other.exists(`${path}/e`)) === undefined);
    line.mend();
    await untilTrue('connected', 10_000, () => session.isConnected());
    await session.create(`${path}/e`, bytes(''), 'ephemeral');
  });

  it('goes to another member when its own is killed', { timeout: 120_000 }, async () => {
    const path = await newFolder();
    const sessions = ensemble.servers.map((server, index) => {
      const others = ensemble.servers.filter((_, other) => other !== index);
      return open({ servers: [server, ...others], sessionTimeoutMs: 15_000 });
    });
    await Promise.all(sessions.map(({ session }, i) => session.create(`${path}/${String(i)}`, bytes(''), 'ephemeral')));
    await ensemble.each('kill', 1);
    await Promise.all(sessions.map(({ session }) => session.sync(path).catch(() => session.sync(path))));
    for (const { session, kinds } of sessions) {
      expect([...(await session.getChildren(path))].sort()).toEqual(['0', '1', '2']);
      expect(kinds()).not.toContain('expired');
    }
    await ensemble.each('start', 1);
    await ensemble.isServing();
  });

  it('waits while there is no majority, expires, and comes back by itself', { timeout: 180_000 }, async () => {
    const path = await newFolder();
    const { session, kinds } = open();
    await session.create(`${path}/e`, bytes(''), 'ephemeral');
    await ensemble.each('pause');
    await untilTrue('expired', 15_000, () => kinds().includes('expired'));
    await expect(session.getChildren(path)).rejects.toMatchObject({ code: 'ConnectionLoss' });
    await ensemble.each('unpause');
    await untilTrue('back', 60_000, () => session.isConnected());
    await untilTrue('readable', 60_000, async () => (await session.getChildren(path)).length === 0);
    expect(kinds().filter((kind) => kind === 'expired')).toHaveLength(1);
  });
});

/** Closes a session in the name of its owner, who is not asked: as if the servers had given it up. */
async function endSessionOf(
  identity: { readonly sessionId: bigint; readonly password: Buffer },
  { servers: [server] }: Ensemble,
): Promise<void> {
  if (server === undefined) throw new Error('no server');
  await new Promise<void>((resolve) => {
    const connection: Connection = new Connection({
      server,
      handshake: { ...identity, lastZxid: 0n, timeoutMs: 4000 },
      auth: undefined,
      connectTimeoutMs: 5000,
      requestTimeoutMs: 5000,
      onReady: () => {
        void connection.closeSession(5000).then(() => {
          connection.end('done');
        });
      },
      onWatchEvent: () => undefined,
      onClosed: () => {
        resolve();
      },
    });
  });
}
