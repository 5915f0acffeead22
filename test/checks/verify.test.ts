import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyLabel } from '../../checks/app-definition.ts';
import { targetFromUrls } from '../../checks/cluster-target.ts';
import { allChecks, verify, type VerifyOptions, type VerifyResult } from '../../checks/verify/verify.ts';
import { ClockOfLooks } from './clock-of-looks.ts';
import { startFakeCluster, type FakeCluster, type Faults } from './fake-cluster.ts';

const apps = {
  basic: { id: 'basic-0', cmd: 'echo', instances: 1 },
  nginx: {
    id: 'nginx',
    instances: 2,
    healthChecks: [{ path: '/' }],
    labels: { HAPROXY_GROUP: 'external' },
    container: { portMappings: [{ containerPort: 80, servicePort: 10_000 }] },
  },
};

const times = { lookMs: 300, startMs: 300, cleanUpMs: 1000, intervalMs: 10 };
const common = () => ({ signal: new AbortController().signal, apps, times, clock: new ClockOfLooks(times.intervalMs) });
const verifyOf = ({ target }: FakeCluster, options: Partial<VerifyOptions> = {}) =>
  verify(target, { ...common(), runId: 'run-1', ...options });
const checkOf = (result: VerifyResult, name: string) => result.checks.find((check) => check.name === name);
const outcomes = (result: VerifyResult, outcome: string) =>
  result.checks.filter((check) => check.outcome === outcome).map(({ name }) => name);

const namesOf = ({ target }: FakeCluster) =>
  allChecks.filter(({ isAbout }) => isAbout?.(target) ?? true).map(({ name }) => name);

describe('verify', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await startFakeCluster();
  });
  afterEach(() => cluster.stop());
  const run = (options: Partial<VerifyOptions> = {}) => verifyOf(cluster, options);

  it('passes on a cluster that is as planned, gives evidence for each check, and removes what it deployed', async () => {
    const result = await run();
    expect(outcomes(result, 'failed')).toEqual([]);
    expect(outcomes(result, 'skipped')).toEqual([]);
    expect(result.outcome).toBe('passed');
    expect(result.checks.map(({ name }) => name)).toEqual([...namesOf(cluster), 'clean-up']);
    const evidence = Object.fromEntries(result.checks.map((check) => [check.name, check.evidence]));
    expect(evidence).toMatchObject({
      zookeeper: 'zookeeper1 standalone (3.9.5)',
      masters: '2 of 2 masters answer (Mesos 1.12.0)',
      agents: '2 of 2 agents are active: agent1:5051, agent2:5051; agent1 has rack:a; level:10.0',
      marathon: expect.stringContaining('leader marathon1:8080, framework cf47c429') as string,
      'basic-0-sandbox': expect.stringContaining('shows "Hello Marathon" (2 times)') as string,
      'mesos-dns': 'basic-0.marathon.mesos leads to 10.0.0.1',
      'nginx-healthy': expect.stringContaining('2 of 2 instances of /nginx run') as string,
      'nginx-answers': expect.stringContaining('answers 200 (a simulated container)') as string,
      'nginx-round-robin': '4 requests reached 2 of 2 instances: agent1_31000 2, agent2_31000 2',
      'pod-deployed': 'Marathon accepted /verify-pod',
      'pod-running': '2 of 2 containers of /verify-pod run on agent1, port 31005',
      'clean-up': '/basic-0 is removed, /nginx is removed, /verify-pod is removed',
    });
    expect(result.checks.every(({ durationMs }) => durationMs >= 0)).toBe(true);
    expect([cluster.apps.size, cluster.pods.size]).toEqual([0, 0]);
  });

  it('marks its apps and spreads nginx over the agents', async () => {
    await run({ keep: true });
    expect(cluster.apps.get('/basic-0')?.definition['labels']).toEqual({ [verifyLabel]: 'run-1' });
    expect(cluster.apps.get('/nginx')?.definition).toMatchObject({
      labels: { HAPROXY_GROUP: 'external', [verifyLabel]: 'run-1' },
      constraints: [['hostname', 'UNIQUE']],
    });
  });

  it('skips what depends on a check that failed, and says so', async () => {
    cluster.faults.nobodyElected = true;
    const result = await run();
    expect(checkOf(result, 'marathon')?.evidence).toBe('it needs leading-master, which failed');
    expect(checkOf(result, 'basic-0-running')?.evidence).toBe('it needs basic-0-deployed, which was skipped');
    expect(outcomes(result, 'passed')).toEqual(['zookeeper', 'masters', 'load-balancer']);
    expect(cluster.writes).toEqual([]);
  });

  it('looks at an app of the same name that it did not deploy, and neither changes nor removes it', async () => {
    const definition = { id: '/basic-0', cmd: 'theirs', instances: 1 };
    cluster.apps.set('/basic-0', { id: '/basic-0', definition });
    const result = await run();
    expect(result.outcome).toBe('passed');
    expect(checkOf(result, 'basic-0-deployed')?.evidence).toMatch(/was there already: it is looked at, not changed/);
    expect(cluster.apps.get('/basic-0')?.definition).toBe(definition);
    expect(cluster.writes.filter((write) => write.includes('basic'))).toEqual([]);
  });

  it('says of an app of somebody else that it has no instances', async () => {
    cluster.apps.set('/basic-0', { id: '/basic-0', definition: { id: '/basic-0', instances: 0 } });
    expect(checkOf(await run(), 'basic-0-running')?.evidence).toMatch(/suspended/);
  });

  it('takes over what an earlier verify left, and removes it', async () => {
    const definition = { ...apps.basic, id: '/basic-0', labels: { [verifyLabel]: 'run-0' } };
    cluster.apps.set('/basic-0', { id: '/basic-0', definition });
    const result = await run();
    expect(checkOf(result, 'basic-0-deployed')?.evidence).toMatch(/in place of the one that an earlier verify left/);
    expect(cluster.writes).toContain('PUT /v2/apps/basic-0?force=true');
    expect(cluster.apps.size).toBe(0);
  });

  it('keeps its apps when told to', async () => {
    const result = await run({ keep: true });
    expect(checkOf(result, 'clean-up')?.evidence).toBe('kept: /basic-0, /nginx, /verify-pod');
    expect([...cluster.apps.keys()]).toEqual(['/basic-0', '/nginx']);
  });

  it('leaves an app alone that somebody else has put in place of its own', async () => {
    const result = await run({
      onProgress: (progress) => {
        if (progress.kind === 'finished' && progress.result.name === 'basic-0-sandbox') {
          cluster.apps.set('/basic-0', { id: '/basic-0', definition: { id: '/basic-0', cmd: 'theirs' } });
        }
      },
    });
    expect(checkOf(result, 'clean-up')?.evidence).toBe(
      "/basic-0 is somebody else's by now, /nginx is removed, /verify-pod is removed",
    );
    expect([...cluster.apps.keys()]).toEqual(['/basic-0']);
  });

  it('does not wait to the end for an image that the agents fail to pull again and again', async () => {
    cluster.faults.cannotPull = '/nginx';
    const clock = new ClockOfLooks(times.intervalMs);
    const { outcome, checks } = await run({ clock, times: { ...times, startMs: 60_000 } });
    expect(outcome).toBe('failed');
    expect(checks.find(({ name }) => name === 'nginx-healthy')).toMatchObject({
      outcome: 'failed',
      evidence: expect.stringMatching(/no such host.*the agents cannot pull the image/),
    });
    expect(clock.now()).toBeLessThan(10_000);
  });

  it('ends with the words of the task, and its last lines, when one after another fails alike', async () => {
    cluster.faults.failsWith = {
      app: '/nginx',
      message: 'Container terminated',
      stderr: [
        'x'.repeat(20_000),
        '',
        "\u001b[31mterminate called\u0007 after throwing an instance of 'std::length_error'\u001b[0m",
        '  what():  basic_string::_M_create',
        'PC: @     0x7f2b0d4a9d3c (unknown)',
        ...Array<string>(20).fill('    @     0x7f2b0d45afd0 gsignal'),
        '',
      ].join('\n'),
    };
    const evidence = checkOf(await run({ times: { ...times, startMs: 60_000 } }), 'nginx-healthy')?.evidence;
    expect(evidence?.split('\n')).toEqual([
      expect.stringMatching(/last failure TASK_FAILED: Container terminated.*clusterd crashes/),
      expect.stringMatching(/^stderr: x{300}…$/),
      "stderr: terminate called after throwing an instance of 'std::length_error'",
      'stderr:   what():  basic_string::_M_create',
      expect.stringMatching(/^fix: .*generate/),
    ]);
  });

  it.each([
    ['running', 'basic-0-sandbox'],
    ['failed', 'basic-0-running'],
  ] as const)(
    'says why an app fails whose tasks each run for a moment, and is seen %s first, in the check %s',
    async (begins, name) => {
      const flickers = { app: '/basic-0', message: 'Command exited with status 3', stderr: 'no luck\n', begins };
      cluster.faults.flickers = flickers;
      const result = await run({ times: { ...times, startMs: 60_000, lookMs: 60_000, settleMs: 60_000 } });
      expect(outcomes(result, 'failed')).toEqual([name]);
      expect(checkOf(result, name)?.evidence).toMatch(
        /last failure TASK_FAILED: .*status 3: one task after another fails with these words\nstderr: no luck$/,
      );
    },
  );

  it('believes an app whose first task has failed once the next one goes on running', async () => {
    cluster.faults.failedOnce = '/basic-0';
    const result = await run({ times: { ...times, startMs: 60_000, settleMs: 50 } });
    expect(result.outcome).toBe('passed');
  });

  it('cleans up when it is interrupted, even with keep', async () => {
    cluster.faults.neverRuns = '/basic-0';
    const controller = new AbortController();
    const result = await run({
      signal: controller.signal,
      keep: true,
      times: { ...times, startMs: 60_000 },
      onProgress: (progress) => {
        if (progress.kind === 'started' && progress.name === 'basic-0-running') {
          setTimeout(() => {
            controller.abort(new Error('Ctrl-C'));
          }, 30);
        }
      },
    });
    expect(result.outcome).toBe('interrupted');
    expect(checkOf(result, 'basic-0-running')).toMatchObject({ outcome: 'skipped', evidence: 'interrupted' });
    expect(checkOf(result, 'clean-up')?.outcome).toBe('passed');
    expect(cluster.apps.size).toBe(0);
  });

  it('relies on Marathon and the load balancer where an instance cannot be reached from here', async () => {
    cluster.faults.instanceUnknown = true;
    const result = await run();
    expect(result.outcome).toBe('passed');
    expect(checkOf(result, 'nginx-answers')?.evidence).toContain(
      'not reachable from this machine, but healthy for Marathon',
    );
  });

  it('verifies a cluster that is known by its URLs alone, also through a standby master', async () => {
    const { masters, marathons, loadBalancer, services, hosts } = cluster.target;
    const target = targetFromUrls({
      mesos: [`${masters[1] ?? ''}/`],
      marathon: marathons,
      loadBalancer: `${loadBalancer ?? ''}/`,
    });
    const published = services?.published ?? 0;
    const nginx = { ...apps.nginx, container: { portMappings: [{ servicePort: published }] } };
    cluster.faults.noStatistics = true;
    const result = await verify({ ...target, hosts }, { ...common(), apps: { ...apps, nginx } });
    expect(outcomes(result, 'failed')).toEqual(['nginx-service-port']);
    expect(checkOf(result, 'leading-master')?.evidence).toContain(masters[0]);
    expect(checkOf(result, 'agents')?.evidence).toBe('2 agents are active: agent1:5051, agent2:5051');
    expect(checkOf(result, 'zookeeper')?.evidence).toMatch(/has no ZooKeeper/);
    const bare = targetFromUrls({ mesos: masters, marathon: marathons });
    const without = await verify({ ...bare, hosts }, common());
    expect(without.outcome).toBe('passed');
    expect(outcomes(without, 'skipped')).toEqual([
      'zookeeper',
      'load-balancer',
      'nginx-service-port',
      'nginx-round-robin',
    ]);
  });
});

describe('verify of a cluster with a fault', () => {
  const broken: readonly (readonly [check: string, faults: Faults, seen: RegExp])[] = [
    ['zookeeper', { zookeeperWithoutLeader: true }, /zookeeper1 follower/],
    ['leading-master', { nobodyElected: true }, /no master is elected/],
    ['leading-master', { twoElected: true }, /2 masters say they are elected/],
    ['leading-master', { notRecovered: true }, /503 Master has not finished recovery/],
    ['masters', { standbyDown: true }, /1 of 2 masters answer .*503 gone/],
    ['masters', { standbyForeign: true }, /1 of 2 masters answer .*200 <html>Sign in/],
    ['agents', { agentMissing: true }, /1 of 2 agents are active.*agent2 \(agent2:5051\) has not registered/],
    ['agents', { agentInactive: true }, /agent2 is not active/],
    ['agents', { attributeWrong: true }, /agent1 has rack:b instead of rack:a/],
    ['marathon', { marathonDown: true }, /\/ping answers 503 no/],
    ['marathon', { noMarathonLeader: true }, /There is no leader/],
    ['marathon', { frameworkMissing: true }, /is not registered/],
    ['marathon', { frameworkInactive: true }, /not active/],
    ['load-balancer', { balancerSick: true }, /answers 503 sick/],
    ['basic-0-deployed', { refuses: '/basic-0' }, /Marathon answers 422 .*Object is not valid.* to \/basic-0/],
    ['nginx-deployed', { refuses: '/nginx' }, /422/],
    [
      'basic-0-running',
      { neverRuns: '/basic-0' },
      /0 of 1 .*no such command, no offer fits: 2 agents: too few MB of memory free/,
    ],
    ['basic-0-sandbox', { wrongGreeting: true }, /shows "something else/],
    ['basic-0-sandbox', { wrongAgent: true }, /is the agent .*-S7, not .*-S0/],
    ['mesos-dns', { taskWithoutName: true }, /has no name for basic-0\.instance-0/],
    ['mesos-dns', { nameWithoutAddress: true }, /answers 200 .*"ip":""/],
    ['nginx-healthy', { unhealthy: true }, /2 of 2 instances of \/nginx run .*, 1 healthy/],
    ['nginx-healthy', { oneAgentOnly: true }, /all on one agent, although 2 are active/],
    ['nginx-answers', { instanceBroken: true }, /answers 500/],
    ['nginx-service-port', { serviceBroken: true }, /answers 503 <h1>503 Service Unavailable/],
    ['nginx-service-port', { noStatistics: true }, /shows no server of service port 10000/],
    ['nginx-service-port', { serviceForeign: true }, /answers 200, but not by the load balancer: .* no session for it/],
    [
      'nginx-round-robin',
      { alwaysTheSame: true },
      /requests reached 1 of 2 instances: agent1_31000 \d+, agent2_31000 0/,
    ],
    ['pod-deployed', { podRefused: true }, /Marathon answers 422 .*Object is not valid.* to \/verify-pod/],
    ['pod-running', { podContainer: 'staging' }, /1 of 2 containers of \/verify-pod run on agent1, .*it is STAGING/],
    ['pod-running', { podContainer: 'failed' }, /0 of 2 containers .*the last one ended with TASK_FAILED: no luck/],
    ['pod-running', { podWithoutPort: true }, /2 of 2 containers .*0 of 1 endpoints have a port/],
    ['clean-up', { podRemains: true }, /\/verify-pod is still being removed/],
    ['clean-up', { deleteFails: true }, /DELETE \/v2\/apps\/\S+ answers 500 broken/],
  ];
  it.for(broken)('fails %s with what it last saw: %o', async ([name, faults, seen], { expect, onTestFinished }) => {
    const cluster = await startFakeCluster();
    onTestFinished(() => cluster.stop());
    Object.assign(cluster.faults, faults);
    const result = await verifyOf(cluster);
    expect(result.outcome).toBe('failed');
    expect(outcomes(result, 'failed')).toEqual([name]);
    expect(checkOf(result, name)?.evidence).toMatch(seen);
    if (name !== 'clean-up') expect([...cluster.apps.keys()]).toEqual([]);
  });

  it('fails zookeeper when it takes a connection and says nothing', async ({ expect, onTestFinished }) => {
    const cluster = await startFakeCluster();
    onTestFinished(() => cluster.stop());
    const clock = new ClockOfLooks(times.intervalMs);
    cluster.faults.zookeeperSilent = () => {
      clock.pass(times.lookMs);
    };
    const result = await verifyOf(cluster, { clock });
    expect(outcomes(result, 'failed')).toEqual(['zookeeper']);
    expect(checkOf(result, 'zookeeper')?.evidence).toMatch(/no answer before the deadline/);
  });

  // Of Chronos: verify-chronos.test.ts.
  it('has a failing case for each of its checks', async ({ expect, onTestFinished }) => {
    const cluster = await startFakeCluster();
    onTestFinished(() => cluster.stop());
    const names = new Set(broken.map(([name]) => name));
    expect([...namesOf(cluster), 'clean-up'].filter((name) => !names.has(name))).toEqual([]);
  });
});
