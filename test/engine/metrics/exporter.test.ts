import { createServer, type Server, type Socket } from 'node:net';
import { onTestFinished, describe, expect, it } from 'vitest';
import { startAgent } from '../../../engine/agent/start-agent.ts';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import { memoryStore } from '../../../engine/framework/storage/record-store.ts';
import { startLoadBalancer } from '../../../engine/load-balancer/start-load-balancer.ts';
import { startMarathon } from '../../../engine/marathon/start-marathon.ts';
import { startMaster } from '../../../engine/master/start-master.ts';
import type { HourFigures } from '../../../protocol/hour-figures.ts';
import type { MetricsTargets } from '../../../engine/metrics/metrics-targets.ts';
import { startMetrics } from '../../../engine/metrics/start-metrics.ts';
import { systemClock } from '../../../platform/clock.ts';
import { temporaryFolder, world } from '../agent/running-agent.ts';
import { freePort } from '../load-balancer/balancer-support.ts';
import { MarathonClient, sleeper } from '../marathon/marathon-for-test.ts';
import { eventually } from '../master/master-for-test.ts';

const host = '127.0.0.1';

async function exporter(targets: Partial<MetricsTargets>, timeoutMs = 2000, now: () => number = Date.now) {
  const none = { masters: [], marathons: [], loadBalancers: [], zookeepers: [] };
  const metrics = await startMetrics(
    { host, port: 0, targets: { ...none, ...targets }, timeoutMs },
    { log: () => undefined, clock: systemClock.now, now, sleep: systemClock.sleep },
  );
  onTestFinished(() => metrics.stop());
  const read = async () => {
    const answer = await fetch(`${metrics.url}/metrics`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    return answer.text();
  };
  return { url: metrics.url, read };
}

async function cluster(agentCount: number) {
  const masters = inMemoryDiscovery();
  const common = { host, port: 0, hostname: host };
  const master = await startMaster(
    { ...common, cluster: 'c', quorum: 1, discovery: masters, flags: {}, allocationIntervalMs: 50 },
    world,
  );
  const agents = await Promise.all(
    Array.from({ length: agentCount }, () =>
      startAgent(
        {
          ...common,
          ...{ masters, resources: 'cpus:4;mem:1024;disk:1000;ports:[31000-31099]', attributes: '', version: '1.12.0' },
          ...{ workDir: temporaryFolder(), dockerTasks: 'simulated' },
        },
        world,
      ),
    ),
  );
  const marathon = await startMarathon(
    { ...common, masters, election: inMemoryDiscovery() },
    { ...world, store: memoryStore() },
  );
  const servicePort = await freePort();
  const balancer = await startLoadBalancer(
    {
      ...{ host, statsPort: 0, servicePorts: { first: 10_000, last: 10_020 }, groups: ['external'], frontPorts: {} },
      ...{ servicePortOffset: servicePort - 10_000, marathonUrls: [marathon.url] },
    },
    world,
  );
  onTestFinished(async () => {
    for (const each of [balancer, marathon, ...agents, master]) await each.stop();
  });
  return { master, agents, marathon, balancer, service: `http://${host}:${servicePort}` };
}

/** Until the test ends, and its connections with it. */
async function listening(server: Server, port: number): Promise<void> {
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
}

const addressOf = (url: string) => new URL(url).host;

describe('the exporter', () => {
  it('tells of masters, agents and their containers, of Marathon, its apps and the load balancer', async () => {
    const { master, agents, marathon, balancer } = await cluster(2);
    const client = new MarathonClient(marathon.url);
    await client.post('/v2/apps', sleeper({ id: '/shop/web', instances: 2 }));
    await client.settled();
    const targets = { masters: [master.url], marathons: [marathon.url], loadBalancers: [balancer.url] };
    const { read } = await exporter(targets);
    let text = '';
    await eventually(async () => {
      text = await read();
      return text.match(/^mesos_agent_up\{.*\} 1$/gm)?.length === 2;
    });
    const of = (name: string, url: string) => `${name}="${addressOf(url)}"`;
    expect(text).toContain(`\nmesos_master_up{${of('master', master.url)}} 1\n`);
    expect(text).toContain(`\nmesos_master_elected{${of('master', master.url)}} 1\n`);
    for (const { url } of agents) expect(text).toContain(`\nmesos_agent_up{${of('agent', url)}} 1\n`);
    expect(text).toContain(`\nmarathon_up{${of('marathon', marathon.url)}} 1\n`);
    expect(text).toContain(`\nhaproxy_up{${of('load_balancer', balancer.url)}} 1\n`);
    expect(text).toContain('\nmarathon_app_tasks_running{app="/shop/web"} 2\n');
    expect(
      text.match(/^mesos_container_memory_rss_bytes\{agent="[^"]+",app="\/shop\/web",.*\} [1-9]\d*$/gm),
    ).toHaveLength(2);
    // Nothing of ours is unknown to it.
    expect(text).not.toContain(' untyped\n');
    // Each metric is described once, before its values.
    const described = [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name);
    expect(new Set(described).size).toBe(described.length);
  });

  it('says of an agent that is lost, or does not answer, that it is not up, and is not held up by it', async () => {
    const { master, agents } = await cluster(2);
    const { read } = await exporter({ masters: [master.url] }, 300);
    await eventually(async () => (await read()).match(/^mesos_agent_up\{.*\} 1$/gm)?.length === 2);
    const [lost] = agents;
    await lost?.stop();
    await listening(createServer(), Number(new URL(lost?.url ?? '').port));
    const text = await read();
    expect(text).toContain(`\nmesos_agent_up{agent="${addressOf(lost?.url ?? '')}"} 0\n`);
    expect(text).toContain(`\nmesos_agent_up{agent="${addressOf(agents[1]?.url ?? '')}"} 1\n`);
    expect(text).toMatch(/^mesos_master_up\{.*\} 1$/m);
  });

  it('still asks the agents when no master leads any more', async () => {
    const { master, agents } = await cluster(1);
    const { read } = await exporter({ masters: [master.url] });
    await eventually(async () => (await read()).match(/^mesos_agent_up\{.*\} 1$/gm)?.length === 1);
    await master.stop();
    const text = await read();
    expect(text).toMatch(/^mesos_master_up\{.*\} 0$/m);
    expect(text).not.toContain('mesos_master_elected');
    expect(text).toContain(`\nmesos_agent_up{agent="${addressOf(agents[0]?.url ?? '')}"} 1\n`);
    expect(text).not.toContain('mesos_agent_active');
  });

  it('answers where nothing answers it', async () => {
    const nobody = `127.0.0.1:${await freePort()}`;
    const { read, url } = await exporter({
      ...{ masters: [`http://${nobody}`], marathons: [`http://${nobody}`] },
      ...{ loadBalancers: [`http://${nobody}`], zookeepers: [nobody] },
    });
    const text = await read();
    for (const up of [
      'mesos_master_up{master',
      'marathon_up{marathon',
      'haproxy_up{load_balancer',
      'zookeeper_up{zookeeper',
    ])
      expect(text).toContain(`\n${up}="${nobody}"} 0\n`);
    expect((await fetch(`${url}/-/healthy`)).status).toBe(200);
    expect(await (await fetch(url)).text()).toContain('href="/metrics"');
    expect((await fetch(`${url}/other`)).status).toBe(404);
  });

  it('asks a ZooKeeper by mntr, and says that one is not up which may not be asked so', async () => {
    const server = async (answer: string) => {
      const words: string[] = [];
      const zookeeper = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', (word) => {
          words.push(word.toString());
          socket.end(answer);
        });
      });
      const port = await freePort();
      await listening(zookeeper, port);
      return { address: `${host}:${port}`, words };
    };
    const good = await server('zk_version\t3.8.0\nzk_num_alive_connections\t2\n');
    const refusing = await server('mntr is not executed because it is not in the whitelist.\n');
    const { read } = await exporter({ zookeepers: [good.address, refusing.address] });
    const text = await read();
    expect(good.words).toEqual(['mntr']);
    expect(text).toContain(`\nzookeeper_num_alive_connections{zookeeper="${good.address}"} 2\n`);
    expect(text).toContain(`zookeeper_up{zookeeper="${refusing.address}"} 0\n`);
  });

  it('gives who asks at the same time the same answer', async () => {
    const { master } = await cluster(0);
    const { read } = await exporter({ masters: [master.url] });
    const [one, other] = await Promise.all([read(), read()]);
    expect(one).toBe(other);
    expect(await read()).not.toBe(one);
  });

  it('keeps the last hour though nobody asks, and takes what it is asked for into it', async () => {
    const { master, marathon, balancer, agents, service } = await cluster(1);
    const client = new MarathonClient(marathon.url);
    const script = `require('http').createServer((_, answer) => answer.end()).listen(process.env.PORT0, '${host}')`;
    const served = {
      portDefinitions: [{ port: 10_000 }],
      labels: { HAPROXY_GROUP: 'external', HAPROXY_0_MODE: 'http' },
    };
    await client.post('/v2/apps', sleeper({ id: '/shop', cmd: `${process.execPath} -e "${script}"`, ...served }));
    await client.settled();
    await eventually(async () => (await fetch(service)).status === 200);
    const targets = { masters: [master.url], marathons: [marathon.url], loadBalancers: [balancer.url] };
    let ahead = 0;
    const { url, read } = await exporter(targets, 2000, () => Date.now() + ahead);
    expect((await fetch(`${url}/v1/hour?agent=a&app=b`)).status).toBe(400);
    const hour = async (query: string) => (await (await fetch(`${url}/v1/hour${query}`)).json()) as HourFigures;
    await eventually(async () => (await hour('')).times.length === 1);
    expect(await hour('?app=/shop')).toMatchObject({ figures: { instances: [1], running: [1], sessions: [0] } });
    expect(await hour('')).toMatchObject({
      everyMs: 12_000,
      figures: { agentsUp: [1], cpusTotal: [4], requests: [null] },
    });
    for (let count = 0; count < 20; count += 1) expect((await fetch(service)).status).toBe(200);
    // Prometheus asks ten seconds later.
    ahead = 10_000;
    await read();
    const agent = encodeURIComponent(addressOf(agents[0]?.url ?? ''));
    expect((await hour(`?agent=${agent}`)).figures['tasksRunning']).toEqual([1, 1]);
    const { times, figures } = await hour('?app=/shop');
    expect(times).toHaveLength(2);
    expect(figures['requests']).toEqual([null, expect.closeTo(20 / (((times[1] ?? 0) - (times[0] ?? 0)) / 1000), 3)]);
    expect(await hour('?app=/none')).toMatchObject({ times: [], figures: {} });
  });
});
