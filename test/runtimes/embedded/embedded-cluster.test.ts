import { describe, expect, it } from 'vitest';
import { targetFromPlan } from '../../../checks/cluster-target.ts';
import { embeddedCluster, listenersOf } from '../../../runtimes/embedded/embedded-cluster.ts';
import { leftOut, planToRun } from '../../../runtimes/embedded/plan-to-run.ts';
import { flagsWithoutEffect } from '../../../runtimes/lite/flag-options/spec-flags.ts';
import { planOf } from './plan-of.ts';

const ordinary = { ownAddresses: true };
const places = (listeners: readonly { readonly id: string; readonly host: string; readonly port: number }[]) =>
  listeners.map(({ id, host, port }) => `${id} ${host}:${port}`);

describe('an embedded cluster', () => {
  it('has the ports that the plan publishes, all on loopback addresses', async () => {
    const plan = await planOf({ preset: 'ha', bind: '0.0.0.0' });
    expect(places(listenersOf(embeddedCluster(plan, ordinary)))).toEqual([
      'master1 127.0.0.1:5050',
      'master2 127.0.0.1:5150',
      'master3 127.0.0.1:5250',
      'agent1 127.0.0.1:5051',
      'agent2 127.0.0.2:5052',
      'agent2 127.0.0.1:5052',
      'agent3 127.0.0.3:5053',
      'agent3 127.0.0.1:5053',
      'marathon1 127.0.0.1:8080',
      'marathon-lb 127.0.0.1:9090',
    ]);
  });

  it('has the ports of virtual hosts and app ids where the spec publishes them', async () => {
    const plan = await planOf({
      ports: { offset: 1, 'virtual-hosts': 8081, 'virtual-hosts-tls': 8443, 'app-ids': 9092 },
    });
    const cluster = embeddedCluster(plan, ordinary);
    expect(cluster.loadBalancers[0]?.frontPorts).toEqual({
      virtualHosts: 8082,
      secureVirtualHosts: 8444,
      appIds: 9093,
    });
    const own = places(listenersOf(cluster)).filter((place) => place.startsWith('marathon-lb '));
    expect(own).toEqual([9091, 8082, 8444, 9093].map((port) => `marathon-lb 127.0.0.1:${port}`));
    expect(embeddedCluster(await planOf({ preset: 'single' }), ordinary).loadBalancers[0]?.frontPorts).toEqual({});
  });

  it('has all agents on one address where the machine has no other', async () => {
    const cluster = embeddedCluster(await planOf({ preset: 'ha' }), { ownAddresses: false });
    expect(places(cluster.agents)).toEqual(['agent1 127.0.0.1:5051', 'agent2 127.0.0.1:5052', 'agent3 127.0.0.1:5053']);
  });

  it('has tasks wait for their agents as long as recovery_timeout says', async () => {
    const flags = { recovery_timeout: '90secs' };
    const { agents } = embeddedCluster(await planOf({ preset: 'single', mesos: { agent: { flags } } }), ordinary);
    expect(agents.map(({ recoveryTimeoutMs }) => recoveryTimeoutMs)).toEqual([90_000, 90_000]);
  });

  it('has executors subscribe within what the plan or the spec says', async () => {
    const flags = { executor_registration_timeout: '90secs' };
    const plans = [{ preset: 'single' }, { preset: 'single', mesos: { agent: { flags } } }] as const;
    const clusters = await Promise.all(plans.map(async (spec) => embeddedCluster(await planOf(spec), ordinary)));
    expect(clusters.map(({ agents }) => agents[0]?.executorRegistrationMs)).toEqual([300_000, 90_000]);
  });

  it('has flags of the spec that its components know, by any of their names', async () => {
    const ofExecutors = { executor_shutdown_grace_period: '2secs', executor_reregistration_timeout: '3secs' };
    const mesos = {
      master: { flags: { offer_timeout: '30secs', slave_ping_timeout: '4secs', acls: 'file:///acls' } },
      agent: { flags: { strict: false, fetcher_cache_size: '1MB', ...ofExecutors, http_heartbeat_interval: '5secs' } },
    };
    const marathon = {
      flags: { decline_offer_duration: 60_000, framework_name: 'other', enable_features: 'secrets, task_killing' },
    };
    const cluster = embeddedCluster(await planOf({ preset: 'single', mesos, marathon }), ordinary);
    expect(cluster.masters[0]).toMatchObject({ agentPingTimeoutMs: 4000, offerTimeoutMs: 30_000 });
    const fetch = { cacheBytes: 1_048_576, timeoutMs: 300_000 };
    expect(cluster.agents[0]).toMatchObject({ strict: false, executorShutdownMs: 2000, fetch });
    expect(cluster.agents[0]).toMatchObject({ executorReregistrationMs: 3000, heartbeatMs: 5000 });
    expect(cluster.marathons[0]).toMatchObject({ declineOfferSeconds: 60, frameworkName: 'other' });
    expect(cluster.marathons[0]?.features).toEqual(['secrets', 'task_killing']);
    expect(flagsWithoutEffect(await planOf({ preset: 'single', marathon }))).toEqual([]);
  });

  it('names the flags of the spec that do nothing here', async () => {
    const mesos = {
      master: { flags: { authenticate_frameworks: true, offer_timeout: '30secs', authenticate_http_readonly: false } },
      agent: { flags: { docker_remove_delay: '1mins', recovery_timeout: '1mins', gc_delay: '1days' } },
    };
    const marathon = {
      flags: {
        mesos_leader_ui_url: 'http://web',
        ha: false,
        zk_compression: false,
        enable_features: 'secrets,gpu_resources',
      },
    };
    expect(flagsWithoutEffect(await planOf({ preset: 'single', mesos, marathon }))).toEqual([
      'mesos.master.flags.authenticate_frameworks',
      'mesos.agent.flags.docker_remove_delay',
      'mesos.agent.flags.gc_delay',
      'marathon.flags.mesos_leader_ui_url',
      'marathon.flags.ha',
      'marathon.flags.enable_features',
    ]);
    expect(flagsWithoutEffect(await planOf({ preset: 'single' }))).toEqual([]);
  });

  it('has the flags of Marathon and of masters that the engine understands', async () => {
    const plan = await planOf({
      preset: 'single',
      mesos: {
        master: { flags: { max_completed_frameworks: 7, offer_timeout: '30secs', agent_reregister_timeout: '15mins' } },
      },
      marathon: {
        flags: {
          framework_name: 'mine',
          failover_timeout: 60,
          env_vars_prefix: 'X_',
          decline_offer_duration: 1500,
          task_launch_timeout: 7000,
          mesos_role: 'web',
          new_group_enforce_role: 'top',
          accepted_resource_roles_default_behavior: 'reserved',
          default_network_name: 'dcos',
        },
      },
    });
    const { masters, marathons } = embeddedCluster(plan, ordinary);
    expect(masters).toMatchObject([
      { maxCompletedFrameworks: 7, offerTimeoutMs: 30_000, agentReregisterTimeoutMs: 900_000 },
    ]);
    expect(marathons).toMatchObject([
      {
        frameworkName: 'mine',
        failoverTimeoutSeconds: 60,
        declineOfferSeconds: 1.5,
        taskLaunchTimeoutMs: 7000,
        envVarsPrefix: 'X_',
        mesosRole: 'web',
        newGroupEnforceRole: 'top',
        acceptedByDefault: 'reserved',
        defaultNetworkName: 'dcos',
      },
    ]);
    expect(flagsWithoutEffect(plan)).toEqual([]);
  });

  it('names the flags of the spec that change nothing here', async () => {
    const plan = await planOf({
      preset: 'single',
      mesos: {
        master: { flags: { acls: '/acls' } },
        agent: { flags: { recovery_timeout: '1mins', gc_delay: '1days' } },
      },
      marathon: { flags: { plugin_dir: '/plugins', framework_name: 'mine' } },
    });
    expect(flagsWithoutEffect(plan)).toEqual([
      'mesos.master.flags.acls',
      'mesos.agent.flags.gc_delay',
      'marathon.flags.plugin_dir',
    ]);
    expect(flagsWithoutEffect(await planOf({ preset: 'ha', timing: 'fast' }))).toEqual([]);
  });

  it('moves every port by one number', async () => {
    const plan = await planOf({ preset: 'single', ports: { 'mesos-master': 6000, offset: 100 } });
    const without = await planOf({ preset: 'single', ports: { 'mesos-master': 6000 } });
    const cluster = embeddedCluster(plan, ordinary);
    expect(listenersOf(cluster).map(({ port }) => port)).toEqual(
      listenersOf(embeddedCluster(without, ordinary)).map(({ port }) => port + 100),
    );
    expect(planToRun(plan, cluster).urls).toMatchObject({
      masters: ['http://127.0.0.1:6100'],
      services: ['http://127.0.0.1:10100'],
    });
    // Apps go on to name the service ports of their files.
    expect(cluster.loadBalancers[0]).toMatchObject({ servicePorts: { first: 10_000 }, servicePortOffset: 100 });
  });

  it('has each of several machines on a loopback address of its own, with its ports', async () => {
    const plan = await planOf({ preset: 'two-host', addons: ['chronos'] });
    const cluster = embeddedCluster(plan, ordinary);
    const [first = '', second = ''] = plan.nodes.map(({ name }) => name);
    expect(places(listenersOf(cluster))).toEqual([
      `${first}-mesos-master 127.0.0.1:5050`,
      `${first}-mesos-agent 127.0.0.1:5051`,
      `${second}-mesos-agent 127.0.0.2:5051`,
      `${first}-marathon 127.0.0.1:8080`,
      `${first}-chronos 127.0.0.1:4400`,
    ]);
    expect(planToRun(plan, cluster)).toMatchObject({
      placement: 'one-host',
      urls: {
        agents: ['http://127.0.0.1:5051', 'http://127.0.0.2:5051'],
        addons: [{ role: 'chronos', url: 'http://127.0.0.1:4400' }],
      },
    });
  });

  it('divides the task ports among the agents', async () => {
    const cluster = embeddedCluster(await planOf({ preset: 'single', counts: { agents: 3 } }), ordinary);
    expect(cluster.agents.map(({ resources }) => resources.split(';').at(-1))).toEqual([
      'ports:[31000-31332]',
      'ports:[31333-31665]',
      'ports:[31666-32000]',
    ]);
  });

  it('has the ping times of the plan', async () => {
    const standard = embeddedCluster(await planOf({ preset: 'single' }), ordinary).masters[0];
    expect(standard).toMatchObject({ agentPingTimeoutMs: 15_000, maxAgentPingTimeouts: 5 });
    const fast = embeddedCluster(await planOf({ preset: 'single', timing: 'fast' }), ordinary).masters[0];
    expect(fast?.agentPingTimeoutMs).toBeLessThan(15_000);
  });

  it('has Mesos-DNS at its usual ports, by DNS at one that is not for root alone', async () => {
    const plan = await planOf({ preset: 'single', addons: ['mesos-dns'], ports: { offset: 200 }, bind: '0.0.0.0' });
    const cluster = embeddedCluster(plan, ordinary);
    expect(cluster.mesosDns).toEqual([{ id: 'mesos-dns', host: '127.0.0.1', port: 8323, dnsPort: 8253 }]);
    expect(
      listenersOf(cluster)
        .filter(({ id }) => id === 'mesos-dns')
        .map(({ port }) => port),
    ).toEqual([8323, 8253]);
    const run = planToRun(plan, cluster);
    expect(leftOut(plan)).toEqual([]);
    expect(run.addons).toEqual(['mesos-dns']);
    expect(run.urls.addons).toEqual([{ role: 'mesos-dns', url: 'http://127.0.0.1:8323' }]);
    expect(targetFromPlan(run).mesosDns).toEqual({ url: 'http://127.0.0.1:8323', dns: '127.0.0.1:8253' });
  });

  it('leaves out what the engine does not have', async () => {
    const plan = await planOf({ preset: 'single', addons: ['chronos', 'registry'] });
    expect(leftOut(plan).map(({ role }) => role)).toEqual(['registry']);
    const run = planToRun(plan, embeddedCluster(plan, ordinary));
    expect(run.zookeepers).toEqual([]);
    expect(new Set(run.nodes.flatMap(({ components }) => components.map(({ role }) => role)))).toEqual(
      new Set(['mesos-master', 'mesos-agent', 'marathon', 'marathon-lb', 'chronos']),
    );
    expect(run.urls.addons).toEqual([{ role: 'chronos', url: 'http://127.0.0.1:4400' }]);
  });
});
