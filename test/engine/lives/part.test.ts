import { expect, onTestFinished, test, vi } from 'vitest';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import { Part } from '../../../engine/lives/part.ts';
import { discoveryOf, processesOf, sandboxesOf, storeOf } from '../../../engine/lives/world-of-life.ts';
import { startAgent } from '../../../engine/agent/start-agent.ts';
import { startMarathon } from '../../../engine/marathon/start-marathon.ts';
import { startMaster } from '../../../engine/master/start-master.ts';
import { agentOptions, getJson, parseLoosely, world } from '../agent/running-agent.ts';
import { memoryStore } from '../../../engine/framework/storage/record-store.ts';

const waitFor = <T>(assertion: () => T | Promise<T>) => vi.waitFor(assertion, { timeout: 15_000, interval: 10 });

/** A port that stays the same from one start to the next. */
function portFrom(url: string | undefined): number {
  return url === undefined ? 0 : Number(new URL(url).port);
}

interface Running {
  readonly part: Part;
  readonly url: () => string;
}

type Start = ConstructorParameters<typeof Part>[0]['start'];

async function running(start: (port: number) => Start): Promise<Running> {
  let url: string | undefined;
  const part = new Part({
    start: async (life) => {
      const component = await start(portFrom(url))(life);
      url = component.url;
      return component;
    },
    log: () => undefined,
    restartMs: 20,
  });
  onTestFinished(() => part.kill());
  await part.start();
  return { part, url: () => url ?? '' };
}

const sessionMs = 50;

function cluster() {
  const [masters, marathons] = [inMemoryDiscovery(), inMemoryDiscovery()];
  const host = { host: '127.0.0.1', hostname: '127.0.0.1' };
  const store = memoryStore();
  const quiet = { log: () => undefined };
  return {
    master: (quorum: number) =>
      running((port) => (life) => {
        const discovery = discoveryOf(life, masters, sessionMs);
        const pings = { agentPingTimeoutMs: 50, maxAgentPingTimeouts: 2, allocationIntervalMs: 20 };
        return startMaster({ ...host, ...pings, port, cluster: 'c', quorum, discovery, flags: {} }, quiet);
      }),
    agent: () => {
      const options = agentOptions({ candidate: { id: '', url: '', hostname: '' } }, { resources: 'cpus:4;mem:4096' });
      return running((port) => (life) => {
        const ofLife = { masters: discoveryOf(life, masters, sessionMs), hostname: '127.0.0.1', port };
        const [processes, sandboxes] = [processesOf(life, world.processes), sandboxesOf(life, world.sandboxes)];
        return startAgent({ ...options, ...ofLife, masterSilenceMs: 300 }, { ...quiet, processes, sandboxes });
      });
    },
    marathon: () =>
      running((port) => (life) => {
        const [ofMasters, election] = [masters, marathons].map((group) => discoveryOf(life, group, sessionMs));
        if (ofMasters === undefined || election === undefined) throw new Error('no discovery');
        return startMarathon(
          { ...host, port, masters: ofMasters, election },
          { ...quiet, store: storeOf(life, store) },
        );
      }),
  };
}

/** A Marathon that does not lead asks the leader, which may be paused. */
async function leaderOf(url: string): Promise<unknown> {
  const answer = await fetch(`${url}/v2/leader`, { signal: AbortSignal.timeout(200) });
  return parseLoosely(await answer.text()).leader;
}

async function agentsOf(url: string) {
  const { slaves } = (await getJson(`${url}/slaves`)) as { slaves: readonly { active: boolean; id: string }[] };
  return slaves.map(({ active, id }) => ({ active, id }));
}

test('the leading master is killed: another leads, and the agent registers with it', async () => {
  const { master, agent } = cluster();
  const [first, second] = [await master(1), await master(1)];
  await agent();
  await waitFor(async () => {
    expect(await agentsOf(first.url())).toMatchObject([{ active: true }]);
  });
  await first.part.kill();
  expect(first.part.state).toBe('killed');
  await expect(fetch(first.url())).rejects.toThrow();
  await waitFor(async () => {
    expect(await agentsOf(second.url())).toMatchObject([{ active: true }]);
  });
  await first.part.start();
  const redirected = await fetch(`${first.url()}/master/redirect`, { redirect: 'manual' });
  expect(redirected.headers.get('location')).toBe(second.url().replace('http:', ''));
});

test('without a quorum no master leads; with one again the agent registers', async () => {
  const { master, agent } = cluster();
  const masters = [await master(2), await master(2), await master(2)] as const;
  await masters[0].part.kill();
  await masters[1].part.kill();
  await agent();
  const third = masters[2].url();
  const health = { method: 'POST', body: '{"type":"GET_HEALTH"}', headers: { 'Content-Type': 'application/json' } };
  await waitFor(async () => {
    const answer = await fetch(`${third}/api/v1`, health);
    expect({ status: answer.status, text: await answer.text() }).toEqual({
      status: 503,
      text: 'Master has not finished recovery',
    });
  });
  await masters[1].part.start();
  await waitFor(async () => {
    expect(await agentsOf(third)).toMatchObject([{ active: true }]);
  });
});

test('the leading Marathon is paused: after its session another leads, and the first follows when it goes on', async () => {
  const { master, marathon } = cluster();
  await master(1);
  const [first, second] = [await marathon(), await marathon()];
  const self = (url: string) => new URL(url).host;
  await waitFor(async () => {
    expect(await leaderOf(second.url())).toBe(self(first.url()));
  });
  await first.part.pause();
  await waitFor(async () => {
    expect(await leaderOf(second.url())).toBe(self(second.url()));
  });
  await first.part.start();
  await waitFor(async () => {
    expect(await leaderOf(first.url())).toBe(self(second.url()));
  });
});

test('an agent is cut off from its master: it becomes unreachable, and the same agent comes back', async () => {
  const { master, agent } = cluster();
  const leader = await master(1);
  const cut = await agent();
  const [registered] = await waitFor(async () => {
    const agents = await agentsOf(leader.url());
    expect(agents).toMatchObject([{ active: true }]);
    return agents;
  });
  await cut.part.cutOff(({ port }) => port === portFrom(leader.url()));
  expect(cut.part.isCutOff).toBe(true);
  await waitFor(async () => {
    expect(await agentsOf(leader.url())).toEqual([]);
    expect((await getJson(`${leader.url()}/metrics/snapshot`))['master/slaves_unreachable']).toBe(1);
  });
  // Others reach it all the same.
  expect((await getJson(`${cut.url()}/state`)).id).toBe(registered?.id);
  await cut.part.cutOff(undefined);
  await waitFor(async () => {
    expect(await agentsOf(leader.url())).toEqual([registered]);
  });
});

test('what has failed by itself is started again, what was stopped is not', async () => {
  let fail: (error: Error) => void = () => undefined;
  let starts = 0;
  const part = new Part({
    start: () => {
      starts += 1;
      const failed = new Promise<Error>((resolve) => (fail = resolve));
      return Promise.resolve({ url: '', stop: () => Promise.resolve(), failed });
    },
    log: () => undefined,
    restartMs: 1,
  });
  await part.start();
  fail(new Error('the quorum is lost'));
  await waitFor(() => {
    expect(starts).toBe(2);
  });
  await part.stop();
  fail(new Error('too late'));
  await part.start();
  expect(starts).toBe(3);
  await part.kill();
});
