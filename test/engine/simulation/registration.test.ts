import { connect, createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { fixedLeader, inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import { startFakeAgent } from '../master/fake-agent.ts';
import { eventually, hasRecovered, startLeader, startTestMaster } from '../master/master-for-test.ts';
import { commandTask, fetchJson, subscribe } from '../scheduler-client.ts';
import { active, agentsOf, startSimulatedCluster, startSimulation } from './simulation-for-test.ts';

test('each agent has an id, a name and a place of its own, and says that it is simulated', async () => {
  const { master, simulation } = await startSimulatedCluster({ count: 6, racks: 4, zones: 2, attributes: 'disks:ssd' });
  const agents = await agentsOf(master.url);
  const port = new URL(simulation.url).port;
  expect(new Set(agents.map(({ id }) => id)).size).toBe(6);
  const byName = new Map(agents.map((agent) => [agent.hostname, agent]));
  for (const [index, place] of [
    [1, { rack: 'rack1', zone: 'zone1' }],
    [2, { rack: 'rack2', zone: 'zone2' }],
    [4, { rack: 'rack4', zone: 'zone2' }],
    [5, { rack: 'rack1', zone: 'zone1' }],
  ] as const) {
    expect(byName.get(`simulated-${index}.localhost`)).toMatchObject({
      pid: `slave(${index})@127.0.0.1:${port}`,
      attributes: { simulated: 'true', disks: 'ssd', ...place },
      // What the text of the resources leaves out is not this machine's.
      resources: { cpus: 4, mem: 1024, disk: 102_400, ports: '[31000-32000]' },
    });
  }
});

test('a hundred agents need two connections', async () => {
  const master = await startLeader();
  let connections = 0;
  const proxy = createServer((socket) => {
    connections += 1;
    const onward = connect(Number(new URL(master.url).port), '127.0.0.1');
    socket.on('error', () => onward.destroy()).pipe(onward);
    onward.on('error', () => socket.destroy()).pipe(socket);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  await startSimulation(fixedLeader({ id: 'master', url, hostname: '127.0.0.1' }), { count: 100 });
  await active(master.url, 100);
  expect(connections).toBe(2);
});

test('they answer pings: who does not is lost, and they are not', async () => {
  const { master } = await startSimulatedCluster({ count: 50 }, { agentPingTimeoutMs: 40, maxAgentPingTimeouts: 3 });
  const silent = await startFakeAgent(master.url, { hostname: 'silent' }, { answersPings: false });
  await silent.ended;
  const agents = await agentsOf(master.url);
  expect(agents.map(({ hostname }) => hostname)).not.toContain('silent');
  expect(agents.filter((agent) => agent.active)).toHaveLength(50);
});

test('after another master was elected all are known there, by their ids and with their tasks', async () => {
  const discovery = inMemoryDiscovery();
  const leader = await startLeader({ discovery });
  const second = await startTestMaster({ discovery });
  await startSimulation(discovery, { count: 40 });
  await active(leader.url, 40);
  const before = new Map((await agentsOf(leader.url)).map(({ id, hostname }) => [id, hostname]));
  const framework = await subscribe(leader.url, { failover_timeout: 60 });
  const offers = await framework.takeOffers();
  for (const { id, agent_id } of offers) {
    await framework.launch([id.value], [commandTask(`on-${agent_id.value}`, agent_id.value)]);
  }
  for (const { agent_id } of offers) {
    for (const state of ['TASK_STARTING', 'TASK_RUNNING'])
      await framework.acknowledge(await framework.takeUpdate(`on-${agent_id.value}`, state));
  }
  await leader.stop();
  await hasRecovered(second.url);
  await active(second.url, 40);
  expect(new Map((await agentsOf(second.url)).map(({ id, hostname }) => [id, hostname]))).toEqual(before);
  const { tasks } = await fetchJson(`${second.url}/tasks?limit=1000`);
  expect(tasks).toHaveLength(offers.length);
  expect(tasks).toContainEqual(
    expect.objectContaining({ id: `on-${offers[0]?.agent_id.value ?? ''}`, state: 'TASK_RUNNING' }),
  );
});

test('an agent whose channel the master closes registers again, and the others do not', async () => {
  const { master } = await startSimulatedCluster({ count: 3 });
  const [first = { id: '', hostname: '' }, ...others] = await agentsOf(master.url);
  // Whoever comes with the id of another takes its place.
  const impostor = await startFakeAgent(master.url, { agent_id: { value: first.id }, hostname: 'impostor' });
  await impostor.ended;
  await eventually(async () => (await agentsOf(master.url)).some(({ hostname }) => hostname === first.hostname));
  await active(master.url, 3);
  const now = new Map((await agentsOf(master.url)).map((agent) => [agent.id, agent]));
  expect(now.get(first.id)).toMatchObject({ hostname: first.hostname, active: true });
  for (const { id } of others) expect(now.get(id)).not.toHaveProperty('reregistered_time');
});

test('a refused registration is tried again until there is a quorum of masters', async () => {
  const discovery = inMemoryDiscovery();
  const leader = await startLeader({ discovery });
  const { log } = await startSimulation(discovery, { count: 5 });
  await active(leader.url, 5);
  expect(log.join('\n')).toContain('Registering 5 simulated agents with http://127.0.0.1:');
  await leader.stop();
  const late = await startTestMaster({ discovery, quorum: 2 });
  await startTestMaster({ discovery, quorum: 2 });
  await hasRecovered(late.url);
  await active(late.url, 5);
});

test('while no master answers, the pauses between attempts grow to the longest, and no further', async () => {
  // Nothing listens on port 1.
  const masters = fixedLeader({ id: 'gone', url: 'http://127.0.0.1:1', hostname: '127.0.0.1' });
  const { log } = await startSimulation(masters, { registrationBackoffMs: 4, maxRegistrationBackoffMs: 16 });
  const pauses = () => log.flatMap((line) => / next attempt in (\d+) ms/.exec(line)?.[1] ?? []);
  await eventually(() => Promise.resolve(pauses().length >= 5));
  expect(pauses().slice(0, 5)).toEqual(['3', '6', '12', '12', '12']);
});
