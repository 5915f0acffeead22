import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { LabOnPage } from '../../../cli/status/lab-on-page.ts';
import { targetFromPlan } from '../../../checks/cluster-target.ts';
import { preparePlan } from '../../../planning/plan/prepare-plan.ts';
import type { FoundLab, RunningLab } from '../../../runtimes/cluster-runtime.ts';

const locate = () => ({ kind: 'flag', flag: '--test' }) as const;

/** A lab whose masters and Marathons are one server, which counts what it is asked for. */
async function openLab() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const { port } = server.address() as AddressInfo;
    response.end(JSON.stringify({ 'master/elected': 1, leader: `127.0.0.1:${port}` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { plan: made } = await preparePlan({ name: 'test', preset: 'single' }, locate);
  const { urls } = made;
  const plan = { ...made, urls: { ...urls, masters: [url], marathons: [url], loadBalancers: [], addons: [] } };
  const target = targetFromPlan(plan, { inOneProcess: true });
  let found: FoundLab = { kind: 'nothing' };
  let time = 0;
  let looks = 0;
  const find = () => {
    looks += 1;
    time += 100;
    return Promise.resolve(found);
  };
  const lab = new LabOnPage({ plan, target }, find, () => time);
  return {
    lab,
    asked,
    looks: () => looks,
    wait: (ms: number) => (time += ms),
    nowIs: (kind: 'running' | 'stopped' | 'nothing', states: Readonly<Record<string, string>> = {}) => {
      const parts = Object.entries(states).map(([id, state]) => ({ id, node: id, role: '', state, detail: '' }));
      found = kind === 'nothing' ? { kind } : { kind, lab: { plan, target, parts } as unknown as RunningLab };
    },
  };
}

const { signal } = new AbortController();

test('asks no agent, and nothing of all agents: a large master would have to describe each of them', async () => {
  const { lab, asked, nowIs } = await openLab();
  nowIs('running');
  const rows = await lab.look(signal);
  expect(asked.sort()).toEqual(['/metrics/snapshot', '/v2/leader']);
  expect(rows.get('agent1')).toMatchObject({ state: '', isUp: true, agent: { host: 'agent1', port: 5051 } });
  expect(rows.get('master1')).toMatchObject({ state: 'leads', isUp: true });
});

test('says what somebody did to a part, and that all of it is stopped or gone', async () => {
  const { lab, nowIs, wait } = await openLab();
  nowIs('running', { agent1: 'killed', master1: 'paused' });
  const rows = await lab.look(signal);
  expect(rows.get('agent1')).toMatchObject({ state: 'killed', isUp: false });
  expect([rows.get('master1')?.state, lab.trouble]).toEqual(['paused', undefined]);
  for (const [kind, trouble] of [
    ['stopped', 'the lab is stopped'],
    ['nothing', 'the lab does not run'],
    ['running', undefined],
  ] as const) {
    wait(60_000);
    nowIs(kind);
    await lab.look(signal);
    expect([kind, lab.trouble]).toEqual([kind, trouble]);
  }
});

test('looks for the lab a fiftieth of the time at most', async () => {
  const { lab, looks, wait } = await openLab();
  await lab.look(signal);
  wait(4999);
  await lab.look(signal);
  expect(looks()).toBe(1);
  wait(1);
  await lab.look(signal);
  expect(looks()).toBe(2);
});
