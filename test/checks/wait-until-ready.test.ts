import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NotReadyError, waitUntilReady, type ReadinessProgress } from '../../checks/wait-until-ready.ts';
import { ClockOfLooks } from './clock-of-looks.ts';
import { startFakeCluster, type FakeCluster, type Faults } from './fake-cluster.ts';

let cluster: FakeCluster;
beforeEach(async () => {
  cluster = await startFakeCluster();
});
afterEach(() => cluster.stop());

const options = { signal: new AbortController().signal, timeoutMs: 10_000, intervalMs: 10 };

describe('waiting until a cluster is ready', () => {
  it('goes up the ladder and tells each step with what it saw', async () => {
    const progress: ReadinessProgress[] = [];
    await waitUntilReady(cluster.target, { ...options, onProgress: (each) => progress.push(each) });
    expect(progress.map(({ kind, step }) => `${kind} ${step}`)).toEqual(
      ['zookeeper', 'leading master', 'masters', 'agents', 'marathon', 'load balancer'].flatMap((step) => [
        `started ${step}`,
        `done ${step}`,
      ]),
    );
  });

  it('leaves out what the cluster does not have', async () => {
    const steps: string[] = [];
    const { masters, marathons, hosts } = cluster.target;
    await waitUntilReady(
      { masters, marathons, hosts, zookeepers: [] },
      { ...options, onProgress: ({ kind, step }) => kind === 'done' && steps.push(step) },
    );
    expect(steps).toEqual(['leading master', 'masters', 'agents', 'marathon']);
  });

  it('waits for what comes late and says what it saw meanwhile', async () => {
    cluster.faults.notRecovered = true;
    const waiting: string[] = [];
    await waitUntilReady(cluster.target, {
      ...options,
      onProgress: (progress) => {
        if (progress.kind !== 'waiting') return;
        waiting.push(progress.seen);
        cluster.faults.notRecovered = false;
      },
    });
    expect(waiting).toEqual([expect.stringContaining('503 Master has not finished recovery')]);
  });

  const broken: readonly (readonly [step: string, faults: Faults, seen: RegExp])[] = [
    ['zookeeper', { zookeeperWithoutLeader: true }, /zookeeper1 follower/],
    ['leading master', { nobodyElected: true }, /no master is elected/],
    ['leading master', { notRecovered: true }, /503 Master has not finished recovery/],
    ['masters', { standbyDown: true }, /1 of 2 masters answer/],
    ['agents', { agentMissing: true }, /agent2 .* has not registered/],
    ['marathon', { frameworkMissing: true }, /is not registered/],
    ['load balancer', { balancerSick: true }, /503 sick/],
  ];
  it.each(broken)('gives up on %s with what it last saw: %o', async (step, faults, seen) => {
    Object.assign(cluster.faults, faults);
    const clock = new ClockOfLooks(options.intervalMs);
    const waiting = waitUntilReady(cluster.target, { ...options, clock, timeoutMs: 200 });
    const failure = await waiting.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NotReadyError);
    expect(failure).toMatchObject({
      step,
      kind: 'not ready',
      exitCode: 5,
      lastSeen: expect.stringMatching(seen) as string,
    });
    expect(String(failure)).toContain('last seen: ');
  });

  it('gives a step its own deadline, also while a server does not answer at all', async () => {
    cluster.faults.zookeeperSilent = () => undefined;
    const start = performance.now();
    const waiting = waitUntilReady(cluster.target, { ...options, stepTimeoutsMs: { zookeeper: 100 } });
    await expect(waiting).rejects.toMatchObject({
      step: 'zookeeper',
      lastSeen: 'zookeeper1 no answer before the deadline',
    });
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('ends at once when it is interrupted', async () => {
    cluster.faults.zookeeperSilent = () => undefined;
    const controller = new AbortController();
    const reason = new Error('Ctrl-C');
    setTimeout(() => {
      controller.abort(reason);
    }, 30);
    await expect(waitUntilReady(cluster.target, { ...options, signal: controller.signal })).rejects.toBe(reason);
  });
});
