import { describe, expect, it } from 'vitest';
import { readStatistics, serverStatesOf, upServersOf } from '../../../checks/haproxy-statistics.ts';
import { isReloading, isOut } from '../../../cli/strategies/balancer.ts';
import type { RunningTask } from '../../../cli/strategies/running-app.ts';
import { FakeColours } from './fake-colours.ts';

const csv = `# pxname,svname,qcur,scur,status,
web_10000,FRONTEND,,9,OPEN,
web_10000,agent1_31001,0,0,MAINT,
web_10000,agent1_31002,0,1,MAINT,
web_10000,agent1_10_0_0_5_31003,1,0,MAINT,
web_10000,agent1_31004,0,0,UP,
web_10000,agent1_31006,0,0,DOWN,
web_10000,agent10_31001,0,0,no check,
web_10000,BACKEND,0,9,UP,
other_10001,agent1_31005,0,0,UP,
`;
const statistics = readStatistics(csv);
const task = (port: number, more: Partial<RunningTask> = {}): RunningTask => ({
  ...{ id: String(port), host: 'agent1', ports: [port], addresses: [], isAlive: true, wasAlive: true },
  ...more,
});
const { signal } = new AbortController();

describe('what the load balancer does with a task', () => {
  it('is read from the statistics of its service port', () => {
    expect(serverStatesOf(statistics, 10_000).map(({ server, sessions }) => `${server} ${sessions}`)).toEqual([
      ...[
        'agent1_31001 0',
        'agent1_31002 1',
        'agent1_10_0_0_5_31003 1',
        'agent1_31004 0',
        'agent1_31006 0',
        'agent10_31001 0',
      ],
    ]);
    expect(upServersOf(statistics, 10_000)).toEqual(['agent1_31004', 'agent10_31001']);
    expect(serverStatesOf(readStatistics('<html>'), 10_000)).toEqual([]);
  });

  it('lets it go when it gets nothing new and has nothing left, in the queue neither', () => {
    const out = (each: RunningTask) => isOut(each, serverStatesOf(statistics, 10_000));
    expect([31_001, 31_002, 31_003, 31_004].map((port) => out(task(port)))).toEqual([true, false, false, false]);
    expect(out(task(31_006))).toBe(true);
    expect(out(task(31_001, { host: 'agent10' }))).toBe(false);
    // It has no row: it is not well, or the load balancer has not heard of it yet.
    expect([task(31_009, { isAlive: false }), task(31_009)].map(out)).toEqual([true, false]);
  });

  it('is reloading while HAProxy has more than two processes', async () => {
    const { cluster } = new FakeColours().world();
    const reloading = (text: string, status = 200) => {
      const ask = (url: string) => Promise.resolve({ url, status, headers: {}, text, json: undefined });
      return isReloading({ ...cluster, client: { ...cluster.client, ask } }, signal);
    };
    expect(await Promise.all([reloading('1 2 3'), reloading('1 2'), reloading('not found, not there', 404)])).toEqual([
      ...[true, false, false],
    ]);
  });
});
