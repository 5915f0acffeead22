import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startAgent } from '../../engine/agent/start-agent.ts';
import type { Component } from '../../engine/component.ts';
import { marathonDiscovery, masterDiscovery } from '../../engine/discovery/zookeeper-discovery.ts';
import { startMarathon } from '../../engine/marathon/start-marathon.ts';
import { zookeeperStore } from '../../engine/framework/storage/zookeeper-store.ts';
import { startMaster } from '../../engine/master/start-master.ts';
import { openZookeeper, type ZookeeperSession } from '../../engine/zookeeper/zookeeper-session.ts';
import type { Json } from '../../protocol/mesos.ts';
import { agentOptions, temporaryFolder, world } from '../engine/agent/running-agent.ts';
import { MarathonClient, sleeper } from '../engine/marathon/marathon-for-test.ts';
import { commandTask, fetchJson, fetchRaw, subscribe, type SchedulerClient } from '../engine/scheduler-client.ts';
import { lineTo } from '../engine/zookeeper/line.ts';
import { requireTool } from '../support/require-tool.ts';
import { untilTrue } from './support/until.ts';
import { startEnsemble, type Ensemble } from './zookeeper/zookeeper-ensemble.ts';

/* Masters, agents and Marathons of the engine, in this process, on a real ZooKeeper ensemble of three members. */

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);
const sessionTimeoutMs = 4000;
/** An expired session is found by the servers within a tick or two of 2 s. */
const failoverMs = 20_000;

describe.skipIf(!hasDocker)('components of the engine on ZooKeeper', () => {
  let ensemble: Ensemble;
  let folders = 0;

  beforeAll(async () => {
    ensemble = await startEnsemble(`ha-engine-test-${String(process.pid)}`);
    await ensemble.isServing();
  }, 300_000);

  afterAll(async () => {
    await ensemble.remove();
  }, 60_000);

  function open(servers = ensemble.servers, log: string[] = []): ZookeeperSession {
    const session = openZookeeper({
      servers,
      sessionTimeoutMs,
      log: (line) => {
        log.push(line);
      },
    });
    onTestFinished(() => session.close());
    return session;
  }
  const newPath = (name: string) => `/ha-${String((folders += 1))}/${name}`;

  /** A master whose line to ZooKeeper can be cut. */
  async function startTestMaster(path: string, quorum: number) {
    const line = await lineTo(ensemble.servers);
    const session = open(line.servers);
    const log: string[] = [];
    const master = await startMaster(
      {
        host: '127.0.0.1',
        port: 0,
        hostname: '127.0.0.1',
        cluster: 'test',
        quorum,
        discovery: masterDiscovery(session, path),
        allocationIntervalMs: 50,
        registryStoreTimeoutMs: 2000,
        flags: { zk: 'zk://…', quorum: String(quorum) },
      },
      { log: (text) => log.push(text) },
    );
    onTestFinished(() => master.stop());
    return { ...master, line, log, session };
  }
  const post = (url: string) => fetchRaw(`${url}/api/v1`, { body: { type: 'GET_HEALTH' } });
  const hasRecovered = (url: string) =>
    untilTrue(`${url} leads`, failoverMs, async () => (await post(url)).status === 200);

  async function startTestAgent(path: string, workDir = temporaryFolder()): Promise<Component> {
    const masters = masterDiscovery(open(), path);
    const options = agentOptions({ candidate: { id: '', url: '', hostname: '' } }, { masters, workDir });
    const agent = await startAgent(options, world);
    onTestFinished(() => agent.stop());
    return agent;
  }
  async function runTask(framework: SchedulerClient): Promise<void> {
    const offer = await framework.takeOffer();
    await framework.launch([offer.id.value], [commandTask('t1', offer.agent_id.value)]);
    await framework.acknowledge(await framework.takeUpdate('t1', 'TASK_STARTING'));
    await framework.acknowledge(await framework.takeUpdate('t1', 'TASK_RUNNING'));
  }
  const agentsOf = async (url: string) =>
    ((await fetchJson(`${url}/slaves`)) as { slaves: { id: string; active: boolean }[] }).slaves.filter(
      (a) => a.active,
    );

  it('one master leads; the others point to it; the group is one that real Mesos reads', async () => {
    const path = newPath('mesos');
    const session = open();
    await session.ensurePath(`${path}/log_replicas`);
    const masters = [];
    for (let count = 0; count < 3; count += 1) {
      masters.push(await startTestMaster(path, 2));
      await untilTrue('a member', 5000, async () => (await session.getChildren(path)).length === count + 2);
    }
    const [first, second, third] = masters;
    if (first === undefined || second === undefined || third === undefined) throw new Error('three were started');
    await hasRecovered(first.url);
    const names = [...(await session.getChildren(path))].sort();
    expect(names).toEqual(['json.info_0000000001', 'json.info_0000000002', 'json.info_0000000003', 'log_replicas']);
    const info = JSON.parse((await session.getData(`${path}/json.info_0000000001`)).data.toString()) as object;
    const port = Number(new URL(first.url).port);
    expect(info).toMatchObject({
      id: (await fetchJson(`${first.url}/state`)).id,
      ip: 16777343,
      port,
      pid: `master@127.0.0.1:${String(port)}`,
      hostname: '127.0.0.1',
      version: '1.12.0',
      address: { hostname: '127.0.0.1', ip: '127.0.0.1', port },
    });
    for (const { url } of [second, third]) {
      const answer = await fetchRaw(`${url}/state`);
      expect([answer.status, answer.headers.location]).toEqual([307, `//127.0.0.1:${String(port)}/master/state`]);
    }
    await first.stop();
    await hasRecovered(second.url);
    await untilTrue('followed', 5000, async () => {
      return (await fetchRaw(`${third.url}/redirect`)).headers.location === second.url.replace('http:', '');
    });
  });

  it('a leader without a quorum of masters does nothing but say that it is healthy', async () => {
    const path = newPath('mesos');
    const first = await startTestMaster(path, 2);
    await untilTrue('elected', 5000, () => first.log.includes('Elected as the leading master!'));
    expect(await post(first.url)).toMatchObject({ status: 503, body: 'Master has not finished recovery' });
    expect((await fetchRaw(`${first.url}/health`)).status).toBe(200);
    await startTestMaster(path, 2);
    await hasRecovered(first.url);
  });

  it('a real master that leads is followed, and one that follows is counted', async () => {
    const path = newPath('mesos');
    const real = open();
    await real.ensurePath(path);
    // As Mesos 1.x writes it, with members that ours does not have.
    const info = {
      address: { hostname: 'real.example', ip: '192.0.2.1', port: 5050 },
      capabilities: [{ type: 'AGENT_UPDATE' }],
      domain: {},
      hostname: 'real.example',
      id: 'a-real-one',
      ip: 16908480,
      pid: 'master@192.0.2.1:5050',
      port: 5050,
      version: '1.11.0',
    };
    const leader = await real.create(`${path}/json.info_`, Buffer.from(JSON.stringify(info)), 'ephemeral-sequential');
    const ours = await startTestMaster(path, 2);
    await untilTrue('followed', 5000, async () => {
      return (await fetchRaw(`${ours.url}/redirect`)).headers.location === '//real.example:5050';
    });
    await real.create(`${path}/json.info_`, Buffer.from(JSON.stringify(info)), 'ephemeral-sequential');
    await real.remove(leader);
    await hasRecovered(ours.url);
  });

  it('tasks and their framework outlive the leader; a leader that is cut off ends', { timeout: 90_000 }, async () => {
    const path = newPath('mesos');
    const first = await startTestMaster(path, 1);
    await hasRecovered(first.url);
    const second = await startTestMaster(path, 1);
    const agent = await startTestAgent(path);
    await untilTrue('registered', 10_000, async () => (await agentsOf(first.url)).length === 1);
    const framework = await subscribe(first.url, { failover_timeout: 60 });
    await runTask(framework);
    const id = (await agentsOf(first.url))[0]?.id;
    first.line.cut();
    const error = await first.failed;
    expect(error?.message).toBe('Lost leadership... committing suicide!');
    await expect(fetchRaw(`${first.url}/health`)).rejects.toThrow();
    await hasRecovered(second.url);
    await untilTrue('agent', 20_000, async () => (await agentsOf(second.url)).some((each) => each.id === id));
    const back = await subscribe(second.url, { id: { value: framework.frameworkId } });
    const state = await fetchJson(`${second.url}/state`);
    expect(state.frameworks).toMatchObject([
      { id: framework.frameworkId, tasks: [{ id: 't1', state: 'TASK_RUNNING', slave_id: id }] },
    ]);
    expect(back.frameworkId).toBe(framework.frameworkId);
    expect((await fetchJson(`${agent.url}/state`)).master_hostname).toBe('127.0.0.1');
  });

  it('a follower that is cut off contends again', { timeout: 60_000 }, async () => {
    const path = newPath('mesos');
    const leader = await startTestMaster(path, 1);
    await hasRecovered(leader.url);
    const follower = await startTestMaster(path, 1);
    await untilTrue('followed', 5000, async () => (await fetchRaw(`${follower.url}/redirect`)).status === 307);
    follower.line.cut();
    await untilTrue('out', 15_000, () => follower.log.includes('Lost candidacy as a follower... Contend again'));
    expect(await fetchRaw(`${follower.url}/redirect`)).toMatchObject({ status: 503, body: 'No leader elected' });
    follower.line.mend();
    await untilTrue('back', 15_000, async () => (await fetchRaw(`${follower.url}/redirect`)).status === 307);
    await leader.stop();
    await hasRecovered(follower.url);
  });

  it('without ZooKeeper nobody leads and tasks run on; with it everything is back', { timeout: 180_000 }, async () => {
    const path = newPath('mesos');
    const master = await startTestMaster(path, 1);
    await hasRecovered(master.url);
    const agent = await startTestAgent(path);
    await untilTrue('registered', 10_000, async () => (await agentsOf(master.url)).length === 1);
    const framework = await subscribe(master.url, { failover_timeout: 600 });
    await runTask(framework);
    await ensemble.each('kill', 1, 2);
    expect((await master.failed)?.message).toBe('Lost leadership... committing suicide!');
    expect((await fetchJson(`${agent.url}/state`)).frameworks[0].executors[0].tasks[0].state).toBe('TASK_RUNNING');
    // Started again by a supervisor, while there is no ZooKeeper yet.
    const successor = await startTestMaster(path, 1);
    await ensemble.each('start', 1, 2);
    await untilTrue('back', 60_000, async () => (await post(successor.url)).status === 200);
    await untilTrue('agent', 30_000, async () => (await agentsOf(successor.url)).length === 1);
    const state = await fetchJson(`${successor.url}/state`);
    expect(state.frameworks).toMatchObject([
      { id: framework.frameworkId, tasks: [{ id: 't1', state: 'TASK_RUNNING' }] },
    ]);
  });

  describe('Marathon', () => {
    async function startTestMarathon(path: string, masters: string) {
      const line = await lineTo(ensemble.servers);
      const session = open(line.servers);
      const log: string[] = [];
      const component = await startMarathon(
        {
          host: '127.0.0.1',
          port: 0,
          hostname: '127.0.0.1',
          masters: masterDiscovery(session, masters),
          election: marathonDiscovery(session, path),
          offerBatchMs: 5,
        },
        {
          store: zookeeperStore(session, path),
          log: (text) => {
            log.push(text);
          },
        },
      );
      onTestFinished(() => component.stop());
      return { client: new MarathonClient(component.url), url: component.url, line, log, component };
    }
    async function tasksOf({ client }: { readonly client: MarathonClient }): Promise<readonly string[]> {
      const { tasks } = (await client.app('/sleeper?embed=app.tasks')) as { tasks: { id: string }[] };
      return tasks.map(({ id }) => id).sort();
    }
    const leads = ({ client }: { readonly client: MarathonClient }) =>
      untilTrue('leading', failoverMs, async () => (await client.get('/v2/info')).body.elected === true);

    it(
      'keeps apps and tasks when the leader is cut off; it follows when it is back',
      { timeout: 120_000 },
      async () => {
        const [path, masters] = [newPath('marathon'), newPath('mesos')];
        const master = await startTestMaster(masters, 1);
        await hasRecovered(master.url);
        await startTestAgent(masters);
        const first = await startTestMarathon(path, masters);
        await leads(first);
        const second = await startTestMarathon(path, masters);
        const created = await first.client.post('/v2/apps', sleeper({ instances: 2 }));
        expect(created.status).toBe(201);
        await first.client.settled();
        const before = await tasksOf(first);
        expect((await second.client.app('/sleeper')).tasksRunning).toBe(2);
        expect((await second.client.get('/v2/leader')).body).toEqual({ leader: new URL(first.url).host });
        first.line.cut();
        await leads(second);
        await untilTrue('reconciled', 10_000, async () => (await second.client.app('/sleeper')).tasksRunning === 2);
        expect(await tasksOf(second)).toEqual(before);
        await untilTrue('stepped down', 10_000, () => first.log.some((line) => line.startsWith('lost leadership: ')));
        expect((await first.client.get('/v2/apps')).status).toBe(503);
        first.line.mend();
        await untilTrue('forwarding', 15_000, async () => (await first.client.get('/v2/apps')).status === 200);
        expect((await first.client.get('/v2/apps')).headers.get('x-marathon-leader')).toBe(second.url);
      },
    );

    it('is in the group as a real one, and follows one that is real', async () => {
      const [path, masters] = [newPath('marathon'), newPath('mesos')];
      const fakeMarathon = createServer((_, response) => response.end('I lead'));
      await new Promise<void>((resolve) => fakeMarathon.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => {
        fakeMarathon.close();
      });
      const { port } = fakeMarathon.address() as AddressInfo;
      const real = open();
      await real.ensurePath(`${path}/leader-curator`);
      const latch = `${path}/leader-curator/_c_0a1b2c3d-0000-4000-8000-000000000000-latch-`;
      await real.create(latch, Buffer.from(`127.0.0.1:${String(port)}`), 'ephemeral-sequential');
      const ours = await startTestMarathon(path, masters);
      await untilTrue('followed', 5000, async () => (await ours.client.get('/v2/apps')).text === 'I lead');
      await untilTrue('a member', 5000, async () => (await real.getChildren(`${path}/leader-curator`)).length === 2);
      const names = await real.getChildren(`${path}/leader-curator`);
      const own = names.find((name) => /^_c_[0-9a-f-]{36}-latch-0000000001$/.test(name)) ?? '';
      const { data, stat } = await real.getData(`${path}/leader-curator/${own}`);
      expect(data.toString()).toBe(new URL(ours.url).host);
      expect(stat.ephemeralOwner).not.toBe(0n);
      await real.close();
      await leads(ours);
    });

    it('loses no app whose creation it has confirmed, however often its connection breaks', async () => {
      const [path, masters] = [newPath('marathon'), newPath('mesos')];
      const first = await startTestMarathon(path, masters);
      await leads(first);
      const confirmed: string[] = [];
      for (let index = 0; index < 30; index += 1) {
        const answer = first.client.post('/v2/apps', sleeper({ id: `/app-${String(index)}` }));
        if (index % 3 === 0) first.line.breakOff();
        if ((await answer).status === 201) confirmed.push(`/app-${String(index)}`);
      }
      expect(confirmed.length).toBeGreaterThan(20);
      const second = await startTestMarathon(path, masters);
      first.line.cut();
      await leads(second);
      const { apps } = (await second.client.get('/v2/apps')).body as { apps: { id: string }[] };
      expect(apps.map(({ id }) => id)).toEqual(expect.arrayContaining(confirmed));
    });

    it('says so when a change cannot be saved', { timeout: 60_000 }, async () => {
      const [path, masters] = [newPath('marathon'), newPath('mesos')];
      const marathon = await startTestMarathon(path, masters);
      await leads(marathon);
      marathon.line.cut();
      expect((await marathon.client.post('/v2/apps', sleeper())).status).toBe(503);
      marathon.line.mend();
      await leads(marathon);
      expect((await marathon.client.post('/v2/apps', sleeper())).status).toBe(201);
    });
  });

  describe('the store of Marathon', () => {
    const large = (name: string) => JSON.stringify({ [name]: randomText(300_000) });
    const pieces = async (session: ZookeeperSession, path: string) => session.getChildren(`${path}/state/pieces`);
    const parsed = (...batches: readonly string[]) => batches.map((each) => JSON.parse(each) as Json);
    // eslint-disable-next-line @typescript-eslint/require-await -- a store takes what comes over time
    async function* whole(...batches: readonly string[]): AsyncGenerator<string> {
      yield* batches;
    }

    it('holds more than 3 MB, and keeps no more than was rewritten last', { timeout: 60_000 }, async () => {
      const path = newPath('marathon');
      const session = open();
      const store = zookeeperStore(session, path);
      expect(await store.load()).toEqual([]);
      const [first, second] = [large('first'), large('second')];
      expect(first.length).toBeGreaterThan(3_000_000);
      // More than a megabyte, compressed: it should be rewritten.
      expect(await store.append(first)).toBe(true);
      expect((await pieces(session, path)).length).toBeGreaterThan(2);
      expect(await zookeeperStore(open(), path).load()).toEqual(parsed(first));
      await store.append(second).catch(() => undefined);
      const successor = zookeeperStore(session, path);
      expect(await successor.load()).toEqual(parsed(first));
      await successor.append(second);
      async function* meanwhile() {
        yield '{"first":1}';
        await successor.append('{"third":1}');
        yield '{"second":1}';
      }
      await successor.rewrite(meanwhile());
      expect(await successor.append('{"fourth":1}')).toBe(false);
      expect(await zookeeperStore(open(), path).load()).toEqual([
        { first: 1 },
        { second: 1 },
        { third: 1 },
        { fourth: 1 },
      ]);
      // Two batches that were rewritten, in one, and two that were added.
      await untilTrue('swept', 5000, async () => (await pieces(session, path)).length === 3);
    });

    it('reads the state of a former version', async () => {
      const path = newPath('marathon');
      const session = open();
      await session.ensurePath(`${path}/state/pieces`);
      const former = { format: 1, apps: [] };
      const bytes = gzipSync(JSON.stringify(former));
      await session.create(`${path}/state/pieces/x-0000`, bytes.subarray(0, 9));
      await session.create(`${path}/state/pieces/x-0001`, bytes.subarray(9));
      const pointer = { format: 1, pieces: ['x-0000', 'x-0001'] };
      await session.create(`${path}/state/current`, Buffer.from(JSON.stringify(pointer)));
      const store = zookeeperStore(session, path);
      expect(await store.load()).toEqual([former]);
      await store.append('{"a":1}');
      expect(await zookeeperStore(open(), path).load()).toEqual([former, { a: 1 }]);
    });

    it('says after some hundred batches that it should be rewritten', { timeout: 60_000 }, async () => {
      const path = newPath('marathon');
      const store = zookeeperStore(open(), path);
      await store.load();
      let count = 0;
      while (!(await store.append(`{"a":${String((count += 1))}}`))) expect(count).toBeLessThan(1000);
      expect(count).toBeGreaterThan(100);
      await store.rewrite(whole('{"a":"all"}'));
      expect(await store.append('{"b":1}')).toBe(false);
      expect(await zookeeperStore(open(), path).load()).toEqual([{ a: 'all' }, { b: 1 }]);
    });

    it('lets nobody save who led before', async () => {
      const path = newPath('marathon');
      const [old, present] = [zookeeperStore(open(), path), zookeeperStore(open(), path)];
      await old.load();
      await old.append('{"by":"old"}');
      expect(await present.load()).toEqual([{ by: 'old' }]);
      await expect(old.append('{"by":"again"}')).rejects.toMatchObject({ name: 'StateTakenOver' });
      await present.append('{"by":"present"}');
      await expect(old.append('{"by":"again"}')).rejects.toMatchObject({ name: 'StateTakenOver' });
      await expect(old.rewrite(whole('{}'))).rejects.toMatchObject({ name: 'StateTakenOver' });
      expect(await zookeeperStore(open(), path).load()).toEqual([{ by: 'old' }, { by: 'present' }]);
    });

    it('has the state before or the one after, whenever it is killed', { timeout: 120_000 }, async () => {
      const path = newPath('marathon');
      const session = open();
      let isDone = false;
      for (let requests = 1; !isDone && requests < 80; requests += 1) {
        const before = [JSON.stringify({ former: requests })];
        const first = zookeeperStore(session, path);
        await first.load();
        await first.rewrite(whole(...before));
        // Too large for one znode.
        const added = JSON.stringify({ number: requests, random: randomText(100_000) });
        const rewritten = JSON.stringify({ number: -requests, random: randomText(100_000) });
        const { dying, death } = dyingSession(session, requests);
        const store = zookeeperStore(dying, path);
        const life = store
          .load()
          .then(() => store.append(added))
          .then(() => store.rewrite(whole(rewritten, '{}')));
        const isSaved = await Promise.race([life.then(() => true), death.then(() => false)]);
        const found = (await zookeeperStore(session, path).load()).map((each) => JSON.stringify(each));
        const after = [rewritten, '{}'];
        expect([before, [...before, added], after]).toContainEqual(found);
        if (isSaved) expect(found).toEqual(after);
        // It had more requests than it needed: there is no later moment.
        isDone = isSaved;
      }
      expect(isDone).toBe(true);
      const last = zookeeperStore(session, path);
      await last.load();
      await last.rewrite(whole('{"number":1000}'));
      await untilTrue('swept', 5000, async () => (await pieces(session, path)).length === 1);
    });
  });
});

/** Of about eleven times so many letters; compressed it is half as long. */
const randomText = (length: number) => Array.from({ length }, () => Math.random().toString(36).slice(2)).join('');

/** Carries out so many requests; of the next one nobody ever hears again, as when the process is killed. */
function dyingSession(session: ZookeeperSession, requests: number) {
  let left = requests;
  let die: () => void = () => undefined;
  const death = new Promise<void>((resolve) => (die = resolve));
  const guard =
    <Args extends readonly unknown[], Answer>(request: (...args: Args) => Promise<Answer>) =>
    (...args: Args): Promise<Answer> => {
      left -= 1;
      if (left >= 0) return request(...args);
      die();
      return new Promise<Answer>(() => undefined);
    };
  const dying: ZookeeperSession = {
    ...session,
    ensurePath: guard(session.ensurePath),
    sync: guard(session.sync),
    create: guard(session.create),
    getData: guard(session.getData),
    setData: guard(session.setData),
    getChildren: guard(session.getChildren),
    multi: guard(session.multi),
  };
  return { dying, death };
}
