import { expect, test } from 'vitest';
import type { Candidate, Contest, Discovery, LeaderListener } from '../../../engine/discovery/discovery.ts';
import type { MasterOptions } from '../../../engine/master/master-options.ts';
import { fetchJson, fetchRaw, openStream } from '../scheduler-client.ts';
import { startFakeAgent } from './fake-agent.ts';
import { eventually, hasRecovered, heldPings, startTestMaster } from './master-for-test.ts';

/** An election whose outcome the test decides. */
function fakeDiscovery() {
  const contests: { readonly candidate: Candidate; readonly contest: Contest }[] = [];
  let listener: LeaderListener = () => undefined;
  const discovery: Discovery = {
    contend: (candidate, contest) => {
      contests.push({ candidate, contest });
      return { withdraw: () => undefined };
    },
    watch: (given) => {
      listener = given;
      return () => undefined;
    },
  };
  const last = () => {
    const found = contests.at(-1);
    if (found === undefined) throw new Error('Nobody stands for election');
    return found;
  };
  return {
    discovery,
    contests,
    elect: (masters: number) => {
      last().contest.onElected();
      listener(last().candidate, masters);
    },
    count: (masters: number) => {
      listener(last().candidate, masters);
    },
    follow: (leader: Candidate | undefined) => {
      listener(leader, 3);
    },
    lose: () => last().contest.onLost?.('The session has expired'),
  };
}

async function startElected(masters: number, more: Partial<MasterOptions> = {}) {
  const election = fakeDiscovery();
  const master = await startTestMaster({ discovery: election.discovery, quorum: 2, ...more });
  election.elect(masters);
  return { election, master, url: master.url };
}
const health = (url: string) => fetchRaw(`${url}/api/v1`, { body: { type: 'GET_HEALTH' } });
const lateAgent = {
  type: 'SUBSCRIBE',
  subscribe: {
    hostname: 'late',
    port: 5999,
    ip: '127.0.0.1',
    resources: [],
    attributes: [],
    version: '1.12.0',
    tasks: [],
    frameworks: [],
  },
};
/** An agent that registers and then answers no ping. */
const subscribeAgent = (url: string) => openStream(`${url}/api/agent`, lateAgent);
const refusal = (url: string) => fetchRaw(`${url}/api/agent`, { body: lateAgent });

test('a leader recovers when a quorum of masters is there', async () => {
  const { election, url } = await startElected(1);
  expect(await health(url)).toMatchObject({ status: 503, body: 'Master has not finished recovery' });
  expect((await fetchRaw(`${url}/health`)).status).toBe(200);
  expect((await fetchRaw(`${url}/state`)).status).toBe(200);
  election.count(2);
  await hasRecovered(url);
});

test('a leader that never gets a quorum ends', async () => {
  const { master } = await startElected(1, { registryFetchTimeoutMs: 50 });
  expect((await master.failed)?.message).toBe(
    'Recovery failed: Failed to recover registrar: Failed to perform fetch within 50ms',
  );
  await expect(fetchRaw(`${master.url}/health`)).rejects.toThrow('ECONNREFUSED');
});

test('a leader that has lost its quorum leads on, but admits no agent', async () => {
  const { election, url } = await startElected(2, { registryStoreTimeoutMs: 60_000 });
  await hasRecovered(url);
  const agent = await startFakeAgent(url);
  election.count(1);
  expect((await health(url)).status).toBe(200);
  expect((await refusal(url)).status).toBe(503);
  const again = await startFakeAgent(url, { agent_id: { value: agent.agentId } });
  expect(again.agentId, 'it is in the registry').toBe(agent.agentId);
  election.count(2);
  await subscribeAgent(url);
  expect((await fetchJson(`${url}/slaves`)).slaves).toHaveLength(2);
});

test('a leader that cannot admit an agent in time ends', async () => {
  const { election, master, url } = await startElected(2, { registryStoreTimeoutMs: 50 });
  await hasRecovered(url);
  election.count(1);
  expect((await refusal(url)).status).toBe(503);
  expect((await master.failed)?.message).toBe(
    'Failed to admit agent at 127.0.0.1:5999 (late): Failed to update registry: Failed to perform store within 50ms',
  );
});

test('an agent that is silent is not given up before there is a quorum again', async () => {
  const pings = heldPings();
  const { election, url } = await startElected(2, { ...pings.options, registryStoreTimeoutMs: 60_000 });
  await hasRecovered(url);
  const other = await startFakeAgent(url, {}, { answersPings: false });
  await subscribeAgent(url);
  election.count(1);
  const known = async () => {
    const { slaves } = (await fetchJson(`${url}/slaves`)) as { slaves: readonly { hostname: string }[] };
    return slaves.map(({ hostname }) => hostname);
  };
  for (let count = 0; count <= pings.options.maxAgentPingTimeouts; count += 1) {
    await other.post({ type: 'PONG' });
    pings.ping();
  }
  expect(await known()).toEqual(['agent.test', 'late']);
  const counted = async () => {
    const metrics = (await fetchJson(`${url}/metrics/snapshot`)) as Readonly<Record<string, number>>;
    return ['scheduled', 'completed', 'canceled'].map((name) => metrics[`master/slave_unreachable_${name}`]);
  };
  expect(await counted()).toEqual([1, 0, 0]);
  election.count(2);
  await eventually(async () => !(await known()).includes('late'));
  expect(await counted()).toEqual([1, 1, 0]);
});

test('an agent that leaves while there is no quorum, and is missed then, is lost once', async () => {
  const pings = heldPings();
  const { election, url } = await startElected(2, { ...pings.options, registryStoreTimeoutMs: 60_000 });
  await hasRecovered(url);
  const agent = await startFakeAgent(url, {}, { answersPings: false });
  election.count(1);
  await agent.post({ type: 'UNREGISTER' });
  pings.giveUpTheSilent();
  election.count(2);
  const metrics = async () => (await fetchJson(`${url}/metrics/snapshot`)) as Readonly<Record<string, number>>;
  await eventually(async () => (await metrics())['master/slaves_active'] === 0);
  expect(await metrics()).toMatchObject({ 'master/slave_removals': 1, 'master/slave_unreachable_completed': 0 });
});

test('an agent that answers again before there is a quorum is kept, and giving it up is called off', async () => {
  const pings = heldPings();
  const { election, url } = await startElected(2, { ...pings.options, registryStoreTimeoutMs: 60_000 });
  await hasRecovered(url);
  const agent = await startFakeAgent(url, {}, { answersPings: false });
  election.count(1);
  pings.giveUpTheSilent();
  pings.ping();
  await agent.post({ type: 'PONG' });
  pings.ping();
  election.count(2);
  expect((await fetchJson(`${url}/slaves`)).slaves).toHaveLength(1);
  expect(await fetchJson(`${url}/metrics/snapshot`)).toMatchObject({
    'master/slave_unreachable_scheduled': 1,
    'master/slave_unreachable_completed': 0,
    'master/slave_unreachable_canceled': 1,
  });
});

test('a leader that loses its candidacy ends, in the words of Mesos', async () => {
  const { election, master } = await startElected(2);
  await hasRecovered(master.url);
  election.lose();
  expect((await master.failed)?.message).toBe('Lost leadership... committing suicide!');
  await expect(fetchRaw(`${master.url}/health`)).rejects.toThrow('ECONNREFUSED');
  await master.stop();
});

test('a leader that hears of another leader ends', async () => {
  const { election, master } = await startElected(2);
  election.follow({ id: 'other', url: 'http://127.0.0.1:1', hostname: 'other' });
  expect((await master.failed)?.message).toBe('Lost leadership... committing suicide!');
});

test('a follower that loses its candidacy contends again', async () => {
  const election = fakeDiscovery();
  const log: string[] = [];
  const { url } = await startTestMaster({ discovery: election.discovery, quorum: 2 }, log);
  election.follow({ id: 'other', url: 'http://127.0.0.1:1', hostname: 'other' });
  expect((await fetchRaw(`${url}/redirect`)).headers.location).toBe('//other:1');
  election.lose();
  election.follow(undefined);
  expect(election.contests).toHaveLength(2);
  expect(log).toContain('Lost candidacy as a follower... Contend again');
  expect(await fetchRaw(`${url}/redirect`)).toMatchObject({ status: 503, body: 'No leader elected' });
  election.elect(2);
  await hasRecovered(url);
});
