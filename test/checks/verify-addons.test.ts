import { expect, onTestFinished, test } from 'vitest';
import { addonTargets, type AddonTargets } from '../../checks/addons/addon-targets.ts';
import { verify, type CheckResult } from '../../checks/verify/verify.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import { startFakeServer } from '../support/fake-server.ts';
import { ClockOfLooks } from './clock-of-looks.ts';
import { startFakeCluster } from './fake-cluster.ts';

const apps = { basic: { id: 'basic-0', cmd: 'echo' }, nginx: { id: 'nginx' } };
const times = { lookMs: 300, startMs: 300, cleanUpMs: 1000, intervalMs: 10 };
const common = () => ({ signal: new AbortController().signal, apps, times, clock: new ClockOfLooks(times.intervalMs) });

/** What an add-on answers, by path. */
type Answers = Readonly<Record<string, string | readonly [status: number, text: string]>>;

/** Verifies a cluster with this add-on. @returns the checks of add-ons, and the URL of this one */
async function verifyWith(addon: keyof AddonTargets, answers: Answers) {
  const url = await startFakeServer(({ url: path = '' }, response) => {
    const [status, text] = [answers[path] ?? ([404, 'no'] as const)].flatMap((answer) =>
      typeof answer === 'string' ? [200, answer] : answer,
    );
    response.writeHead(Number(status)).end(text);
  });
  const cluster = await startFakeCluster();
  onTestFinished(() => cluster.stop());
  const { checks } = await verify({ ...cluster.target, addons: { [addon]: url } }, common());
  const of = (name: string): CheckResult | undefined => checks.find((check) => check.name === name);
  return { of, url, target: cluster.target };
}

const up = (masters: number, agents: readonly number[], more = '') =>
  [
    ...Array.from({ length: 2 }, (_, index) => `mesos_master_up{master="m${index}:5050"} ${index < masters ? 1 : 0}`),
    ...agents.map((value, index) => `mesos_agent_up{agent="agent${index + 1}:5051"} ${value}`),
    'mesos_agent_up{agent="simulated-1.localhost:5051"} 1',
    ...['marathon_up{marathon="marathon:8080"} 1', 'haproxy_up{load_balancer="lb:9090"} 1'],
    ...['zookeeper_up{zookeeper="zk:2181"} 1', more],
  ].join('\n');

test('an exporter that reaches everybody passes, and says whom', async () => {
  const { of, url } = await verifyWith('metrics', { '/metrics': up(2, [1, 1]) });
  expect(of('metrics-exporter')).toMatchObject({
    outcome: 'passed',
    evidence: `${url}/metrics has 8 values, of 2 masters, 2 agents, 1 Marathons, 1 load balancers, 1 ZooKeepers`,
  });
  expect([of('autoscaler'), of('prometheus-targets'), of('loki')]).toEqual([undefined, undefined, undefined]);
});

test.each([
  ['an agent that it does not reach', up(2, [1, 0]), '1 for 1 of 2 agents'],
  ['an agent that it does not know', up(2, [1]), 'it does not know the others'],
  ['a master that it does not reach', up(1, [1, 1]), 'no answer from m1:5050'],
  ['nothing of it', '<html>', 'mesos_master_up is 1 for 0 of 2 masters'],
])('an exporter fails with %s', async (_, text, evidence) => {
  const { of } = await verifyWith('metrics', { '/metrics': text });
  expect(of('metrics-exporter')).toMatchObject({ outcome: 'failed', evidence: expect.stringContaining(evidence) });
});

test('an exporter that does not answer fails with its status', async () => {
  const { of } = await verifyWith('metrics', { '/metrics': [500, 'broken'] });
  expect(of('metrics-exporter')).toMatchObject({ outcome: 'failed', evidence: expect.stringContaining('500 broken') });
});

test.each([
  [
    'that has looked',
    { looks: 3, failures: 1, apps: [{}] },
    'passed',
    'it has looked 3 times; 1 apps want to be scaled',
  ],
  [
    'that Marathon has told nothing',
    { looks: 2, failures: 2 },
    'failed',
    'no Marathon has told it of its apps, 2 times',
  ],
  ['that is another program', { hello: 'world' }, 'failed', 'answers 200 {"hello":"world"}'],
])('an autoscaler %s', async (_, answer, outcome, evidence) => {
  const { of } = await verifyWith('autoscaler', { '/v1/decisions': JSON.stringify(answer) });
  expect(of('autoscaler')).toMatchObject({ outcome, evidence: expect.stringContaining(evidence) });
});

const targetsOf = (...jobs: readonly (readonly [job: string, health: string])[]) =>
  JSON.stringify({
    data: {
      activeTargets: jobs.map(([job, health]) => ({
        ...{ labels: { job }, scrapeUrl: `http://${job}/metrics`, health },
        lastError: health === 'down' ? 'connection refused' : '',
      })),
    },
  });

test.each([
  ['all of them', targetsOf(['mesos', 'up'], ['node', 'up']), 'passed', '2 of 2 targets are up'],
  [
    'all but one of another program',
    targetsOf(['mesos', 'up'], ['cadvisor', 'down']),
    'passed',
    '1 of 2 targets are up; http://cadvisor/metrics is down (connection refused)',
  ],
  ['the exporter not yet', targetsOf(['mesos', 'unknown']), 'failed', 'http://mesos/metrics is unknown'],
  ['none, as it has none', targetsOf(), 'failed', 'it has no targets'],
  ['none, as it is another program', 'hello', 'failed', 'it has no targets'],
])('a Prometheus that reaches %s', async (_, text, outcome, evidence) => {
  const { of } = await verifyWith('prometheus', { '/api/v1/targets?state=active': text });
  // Without an exporter its check has no fault.
  expect(of('prometheus-targets')).toMatchObject({ outcome, evidence: expect.stringContaining(evidence) });
});

test.each([
  ['is ready', 'ready\n', 'passed', 'answers ready'],
  ['is not', [503, 'Ingester not ready: waiting for 15s'], 'failed', '503 Ingester not ready'],
  ['Grafana does not reach', [502, ''], 'failed', 'answers 502'],
  ['Grafana does not pass on to', [403, 'forbidden'], 'skipped', 'Loki cannot be asked'],
] as const)('a Loki that %s', async (_, answer, outcome, evidence) => {
  const { of } = await verifyWith('grafanaOfLoki', { '/api/datasources/proxy/uid/loki/ready': answer });
  expect(of('loki')).toMatchObject({ outcome, evidence: expect.stringContaining(evidence) });
});

test('what was stopped on purpose is not looked at, nor whoever asks it', () => {
  const plan = planCluster({ name: 'lab', addons: ['metrics', 'logs', 'autoscaler'] });
  const without = (down?: string) => Object.keys(addonTargets(plan, (id) => id === down));
  expect(without()).toEqual(['metrics', 'autoscaler', 'prometheus', 'grafanaOfLoki']);
  expect(without('autoscaler')).toEqual(['metrics', 'grafanaOfLoki']);
  expect(without('cadvisor')).toEqual(['metrics', 'autoscaler', 'grafanaOfLoki']);
  expect(without('loki')).toEqual(['metrics', 'autoscaler', 'prometheus']);
  expect(Object.keys(addonTargets(planCluster({ name: 'lab' })))).toEqual([]);
});
