import { expect, onTestFinished, test } from 'vitest';
import { verifyLabel } from '../../checks/app-definition.ts';
import type { ClusterTarget } from '../../checks/cluster-target.ts';
import { allChecks, verify } from '../../checks/verify/verify.ts';
import { ClockOfLooks } from './clock-of-looks.ts';
import { startFakeCluster, type FakeCluster, type Faults } from './fake-cluster.ts';

const apps = { basic: { id: 'basic-0', cmd: 'echo' }, nginx: { id: 'nginx' } };
const times = { lookMs: 300, startMs: 300, cleanUpMs: 1000, intervalMs: 10 };
const common = () => ({ signal: new AbortController().signal, apps, times, clock: new ClockOfLooks(times.intervalMs) });

async function start(faults: Faults = {}): Promise<FakeCluster> {
  const cluster = await startFakeCluster();
  onTestFinished(() => cluster.stop());
  Object.assign(cluster.faults, faults);
  return cluster;
}

/** What the checks of the pod say, in their order. */
async function podChecks({ target }: FakeCluster, more: Partial<ClusterTarget> = {}, keep = false) {
  const { checks } = await verify({ ...target, ...more }, { ...common(), runId: 'run-1', keep });
  return checks
    .filter(({ name }) => name.startsWith('pod-') || name === 'clean-up')
    .map(({ outcome, evidence }) => [outcome, evidence]);
}

test.each([
  ['marathon', 'this Marathon has no pods (HEAD /v2/pods answers 404)'],
  ['containerizer', "the agents run no pods: these need Mesos's own containerizer (--containerizers=docker)"],
] as const)('a cluster without pods, as its %s has none, is told so, and gets none', async (noPods, reason) => {
  const cluster = await start({ noPods });
  expect((await podChecks(cluster)).slice(0, 2)).toEqual([
    ['skipped', reason],
    ['skipped', 'it needs pod-deployed, which was skipped'],
  ]);
  expect(cluster.writes.filter((write) => write.includes('pods'))).toEqual([]);
});

test('a pod that finds no executor is no fault of the cluster, and is removed', async () => {
  const cluster = await start({ noPods: 'executor' });
  expect(await podChecks(cluster)).toEqual([
    ['passed', 'Marathon accepted /verify-pod'],
    ['skipped', "the agents run no pods: Mesos's default executor is missing (Executor exited with status 127)"],
    ['passed', expect.stringContaining('/verify-pod is removed')],
  ]);
});

const theirs = { id: '/verify-pod', containers: [{ name: 'theirs' }] };

test('a pod of somebody else is looked at, neither changed nor removed', async () => {
  const cluster = await start();
  cluster.pods.set('/verify-pod', theirs);
  expect(await podChecks(cluster)).toEqual([
    ['passed', expect.stringContaining('that verify did not deploy was there already')],
    ['passed', '1 of 1 containers of /verify-pod run on agent1'],
    ['passed', expect.not.stringContaining('pod')],
  ]);
  expect(cluster.pods.get('/verify-pod')).toBe(theirs);
});

test('the pod that an earlier verify left is taken over, and removed', async () => {
  const cluster = await start();
  cluster.pods.set('/verify-pod', { ...theirs, labels: { [verifyLabel]: 'run-0' } });
  expect((await podChecks(cluster))[0]?.[1]).toMatch(/in place of the one that an earlier verify left/);
  expect(cluster.writes).toContain('PUT /v2/pods/verify-pod?force=true');
  expect(cluster.pods.size).toBe(0);
});

test('the pod is deployed before an app is waited for, and keeps off agents where nothing runs', async () => {
  const cluster = await start({ neverRuns: '/basic-0' });
  await podChecks(cluster, { expected: { masterCount: 2, agents: [], simulatedAgents: 3 } }, true);
  expect(cluster.pods.get('/verify-pod')).toMatchObject({
    scheduling: { placement: { constraints: [{ fieldName: 'simulated', operator: 'UNLIKE', value: 'true' }] } },
  });
  expect(allChecks.findIndex(({ name }) => name === 'pod-deployed')).toBeLessThan(
    allChecks.findIndex(({ name }) => name === 'basic-0-running'),
  );
});
