import { expect, test } from 'vitest';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import type { Discovery } from '../../../engine/discovery/discovery.ts';
import { fetchJson, fetchRaw, subscribe } from '../scheduler-client.ts';
import { startFakeAgent } from './fake-agent.ts';
import { hasRecovered, startLeader, startTestMaster } from './master-for-test.ts';

const metric = async (url: string) =>
  ((await fetchJson(`${url}/metrics/snapshot`)) as Readonly<Record<string, number>>)['master/elected'];

async function startThree() {
  const discovery = inMemoryDiscovery();
  const leader = await startLeader({ discovery });
  const standbys = [await startTestMaster({ discovery }), await startTestMaster({ discovery })] as const;
  return { leader, standbys };
}

test('a standby master points to the leader, and answers for itself alone', async () => {
  const { leader, standbys } = await startThree();
  const [{ url }] = standbys;
  const there = leader.url.replace('http:', '');
  for (const path of ['/state', '/slaves', '/frameworks', '/tasks', '/roles', '/state-summary', '/master/state']) {
    const answer = await fetchRaw(`${url}${path}`);
    expect(answer, path).toMatchObject({ status: 307, body: '' });
    expect(answer.headers.location).toBe(`${there}/master/${path.replace(/^\/(master\/)?/, '')}`);
  }
  for (const path of ['/api/v1', '/api/v1/scheduler', '/api/agent']) {
    const answer = await fetchRaw(`${url}${path}`, { body: { type: 'GET_STATE' } });
    expect(answer.status, path).toBe(307);
    expect(answer.headers.location).toBe(`${there}/master${path}`);
  }
  for (const path of ['/redirect', '/master/redirect']) {
    for (const base of [url, leader.url]) {
      expect((await fetchRaw(`${base}${path}`)).headers.location).toBe(there);
    }
  }
  for (const path of ['/health', '/flags', '/version', '/metrics/snapshot', '/master/health']) {
    expect((await fetchRaw(`${url}${path}`)).status, path).toBe(200);
  }
  expect((await fetchRaw(`${url}/tasks?limit=2`)).headers.location).toBe(`${there}/master/tasks?limit=2`);
  expect([await metric(leader.url), await metric(url)]).toEqual([1, 0]);
});

test('another master leads when the leader is gone; agents and frameworks lose their streams and come back', async () => {
  const { leader, standbys } = await startThree();
  const agent = await startFakeAgent(leader.url);
  const framework = await subscribe(leader.url, { failover_timeout: 60 });
  await leader.stop();
  await Promise.all([agent.ended, framework.ended]);
  const [second, third] = standbys;
  await hasRecovered(second.url);
  expect((await fetchRaw(`${third.url}/redirect`)).headers.location).toBe(second.url.replace('http:', ''));
  const back = await subscribe(second.url, { id: { value: framework.frameworkId } });
  const agentAgain = await startFakeAgent(second.url, { agent_id: { value: agent.agentId } });
  expect([back.frameworkId, agentAgain.agentId]).toEqual([framework.frameworkId, agent.agentId]);
  const { offers } = (await back.take('OFFERS')).offers;
  expect(offers[0].id.value).toMatch(new RegExp(`^${(await fetchJson(`${second.url}/state`)).id}-O`));
});

test('without a leader there is none to point to', async () => {
  const discovery: Discovery = {
    contend: () => ({ withdraw: () => undefined }),
    watch: () => () => undefined,
  };
  const { url } = await startTestMaster({ discovery });
  for (const path of ['/state', '/redirect', '/slaves']) {
    expect(await fetchRaw(`${url}${path}`)).toMatchObject({ status: 503, body: 'No leader elected' });
  }
  const answer = await fetchRaw(`${url}/api/v1`, { body: { type: 'GET_HEALTH' } });
  expect(answer).toMatchObject({ status: 503, body: 'No leader elected' });
  expect((await fetchRaw(`${url}/health`)).status).toBe(200);
});

test('a leader that has just been elected has not recovered', async () => {
  let elected: (() => void) | undefined;
  const discovery: Discovery = {
    contend: (_, contest) => {
      elected = contest.onElected;
      return { withdraw: () => undefined };
    },
    watch: () => () => undefined,
  };
  const { url } = await startTestMaster({ discovery, recoverAfter: () => undefined });
  elected?.();
  for (const path of ['/api/v1', '/api/v1/scheduler', '/api/agent']) {
    const answer = await fetchRaw(`${url}${path}`, { body: { type: 'GET_HEALTH' } });
    expect(answer).toMatchObject({ status: 503, body: 'Master has not finished recovery' });
  }
  expect((await fetchRaw(`${url}/state`)).status).toBe(200);
  expect((await fetchRaw(`${url}/health`)).status).toBe(200);
});

test('a master that is stopped frees its port, and may be stopped again', async () => {
  const first = await startLeader();
  const { port } = new URL(first.url);
  await startFakeAgent(first.url);
  await subscribe(first.url);
  await Promise.all([first.stop(), first.stop()]);
  const second = await startLeader({ port: Number(port) });
  expect(second.url).toBe(first.url);
});
