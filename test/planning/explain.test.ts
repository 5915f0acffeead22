import { describe, expect, it } from 'vitest';
import { isUserError } from '../../errors/user-error.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';
import { composeFiles } from '../../generators/compose/compose-files.ts';
import { explain as explainIn, explainableNames } from '../../planning/explain/explain.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import { writtenValues } from '../../planning/spec-text/written-values.ts';

const plan = (spec: Partial<ClusterSpec> = {}) => planCluster({ name: 'lab', ...spec });
const ha = plan({ preset: 'ha' });
const written = (of: Plan) => writtenValues(composeFiles(of));
const explain = (of: Plan, name: string) => explainIn(of, name, written(of));
const names = (of: Plan) => explainableNames(of, written(of));

describe('explain', () => {
  it('says the value, who has it, how it was derived and the source', () => {
    expect(explain(ha, 'MESOS_QUORUM')).toEqual({
      name: 'MESOS_QUORUM',
      values: [{ value: '2', components: ['master1', 'master2', 'master3'] }],
      derivation: expect.stringContaining('floor(3/2)+1 = 2'),
      source: expect.stringContaining('operational-guide.md'),
    });
  });

  it('groups the components that share a value', () => {
    const { values } = explain(plan({ counts: { agents: 3 } }), 'MESOS_HOSTNAME');
    expect(values.map(({ value }) => value)).toEqual(['master1', 'agent1', 'agent2', 'agent3']);
    expect(explain(ha, 'ZOO_SERVERS').values).toEqual([
      {
        value: ha.zookeepers.map(({ serverLine }) => serverLine).join(' '),
        components: ['zookeeper1', 'zookeeper2', 'zookeeper3'],
      },
    ]);
  });

  it('knows a line of the ensemble', () => {
    expect(explain(ha, 'server.2')).toMatchObject({
      values: [{ value: 'server.2=zookeeper2:2888:3888;2181', components: ['zookeeper1', 'zookeeper2', 'zookeeper3'] }],
      derivation: expect.stringContaining('zookeeper2:2888'),
    });
  });

  it('knows the decisions behind several settings', () => {
    expect(explain(ha, 'quorum').values).toEqual([{ value: '2', components: ['plan'] }]);
    expect(explain(ha, 'zk').values[0]?.value).toBe('zk://zookeeper1:2181,zookeeper2:2181,zookeeper3:2181/mesos');
    expect(explain(plan({ preset: 'three-master' }), 'myid').values).toEqual([
      { value: '2', components: ['mesos2'] },
      { value: '3', components: ['mesos3'] },
      { value: '4', components: ['mesos4'] },
    ]);
  });

  it.each(['MESOS_DOCKER_KILL_ORPHANS', 'docker_kill_orphans', 'mesos_docker_kill_orphans'])(
    'finds the variable as %s',
    (name) => {
      expect(explain(ha, name)).toMatchObject({
        name: 'MESOS_DOCKER_KILL_ORPHANS',
        values: [{ value: 'true', components: ['agent1', 'agent2', 'agent3'] }],
        derivation: expect.stringMatching(/^true: /),
      });
      expect(explain(plan({ agentDocker: 'socket' }), name).derivation).toMatch(/^false: /);
    },
  );

  it('knows the arguments of programs that take no variables', () => {
    expect(explain(ha, '--group').values).toEqual([{ value: 'external', components: ['marathon-lb'] }]);
    const two = plan({ counts: { marathons: 2 } });
    expect(explain(two, '--marathon').values[0]?.value).toBe('http://marathon1:8080 http://marathon2:8080');
    expect(explain(plan({ addons: ['chronos'] }), '--zk_hosts').values).toEqual([
      { value: 'zookeeper1:2181', components: ['chronos'] },
    ]);
  });

  it('says of a flag that the user passed through where it was set', () => {
    const passed = plan({ mesos: { master: { flags: { offer_timeout: '30secs' } } } });
    expect(explain(passed, 'MESOS_OFFER_TIMEOUT')).toMatchObject({
      values: [{ value: '30secs', components: ['master1'] }],
      derivation: expect.stringMatching(
        /^Yours: passed through from mesos\.master\.flags to master1\. A flag of mesos-master/,
      ),
    });
  });

  it("explains a flag that replaces a derived value as the user's, and not by what it replaces", () => {
    const fast = plan({
      timing: 'fast',
      mesos: { master: { flags: { agent_ping_timeout: '10secs', zk_session_timeout: '20secs' } } },
    });
    expect(explain(fast, 'MESOS_AGENT_PING_TIMEOUT')).toMatchObject({
      values: [{ value: '10secs', components: ['master1'] }],
      derivation: 'Yours: passed through from mesos.master.flags to master1.',
    });
    // The agents still have the derived value.
    expect(explain(fast, 'MESOS_ZK_SESSION_TIMEOUT')).toMatchObject({
      values: [{ value: '20secs' }, { value: '6secs', components: ['agent1', 'agent2'] }],
      derivation: expect.stringMatching(/^Yours: .* to master1\. timing: fast\./),
    });
    expect(composeFiles(fast)[0]?.content).toMatch(/MESOS_MAX_AGENT_PING_TIMEOUTS/);
    expect(composeFiles(fast)[0]?.content).not.toMatch(/3 x 3 s/);
  });

  it('knows the keys of the Compose files, and who has them', () => {
    expect(explain(ha, 'restart').values).toMatchObject([{ value: 'unless-stopped' }]);
    expect(explain(ha, 'restart').values[0]?.components).toContain('agent3-docker');
    expect(explain(ha, 'platform').values).toEqual([
      { value: 'linux/amd64', components: expect.arrayContaining(['marathon1', 'marathon-lb']) },
    ]);
    expect(explain(ha, 'mem_limit').values).toContainEqual({ value: '512m', components: expect.anything() });
    expect(explain(ha, 'logging').values[0]?.value).toBe('driver local, options max-size 10m, max-file 3');
    expect(explain(plan({ images: { set: 'lite' } }), 'privileged').values).toEqual([
      { value: 'true', components: ['agent1-docker', 'agent2-docker'] },
    ]);
    expect(explain(plan({ preset: 'three-vm' }), 'network_mode').values[0]).toMatchObject({ value: 'host' });
    expect(explain(ha, 'DOCKER_TLS_CERTDIR').values).toMatchObject([{ value: '' }]);
  });

  it('says why agents of clusterd have CNI folders and privileges, and that others have not', () => {
    expect(explain(ha, 'network_cni_config_dir')).toMatchObject({
      values: [{ value: '/etc/mesos/cni', components: ['agent1', 'agent2', 'agent3'] }],
      derivation: expect.stringMatching(/refuses a folder that is not there: this one is made/),
    });
    expect(explain(ha, 'MESOS_NETWORK_CNI_PLUGINS_DIR').derivation).toMatch(/every Docker task would fail/);
    expect(explain(ha, 'privileged')).toMatchObject({
      values: [{ components: expect.arrayContaining(['agent1', 'agent1-docker']) }],
      derivation: expect.stringMatching(/network\/cni.*privileged Engine's socket anyway/),
    });
    const stock = plan({ images: { set: 'stock' } });
    expect(explain(stock, 'privileged').derivation).not.toMatch(/cni/);
    expect(explain(stock, 'network_cni_config_dir')).toMatchObject({
      values: [],
      derivation: expect.stringMatching(/^Not set: .*clusterd/),
    });
  });

  it('says why an agent is held to an API of Docker, and of clusterd that it must not be', () => {
    const overrides = { 'mesos-agent': { image: 'my/mesos:1.12' }, 'docker-engine': { image: 'docker:27-dind' } };
    expect(explain(plan({ images: { set: 'stock', overrides } }), 'DOCKER_API_VERSION')).toMatchObject({
      values: [{ value: '1.44', components: ['agent1', 'agent2'] }],
      derivation: expect.stringMatching(/ContainerConfig .*Engines 26 to 28/),
      source: expect.stringContaining('src/docker/docker.cpp'),
    });
    expect(explain(ha, 'DOCKER_API_VERSION')).toMatchObject({
      values: [],
      derivation: expect.stringMatching(/^Not set: .*clusterd's must not have it/),
    });
  });

  it('names the services of labs with more of them than an alias may usually have', () => {
    expect(explain(plan({ counts: { agents: 150 } }), 'logging').values[0]?.components.length).toBeGreaterThan(450);
  });

  it('lists only what the lab has', () => {
    expect(names(ha)).toEqual(
      expect.arrayContaining(['MESOS_QUORUM', 'ZOO_SERVERS', '--group', 'server.3', 'restart']),
    );
    expect(names(ha)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/LIBPROCESS_IP|--zk_hosts|server\.4/)]),
    );
    expect(names(plan({ preset: 'two-host' }))).toEqual(expect.arrayContaining(['LIBPROCESS_IP', '--zk_hosts']));
  });

  it('says of a flag that is not set what its program does without it, and where to set it', () => {
    expect(explain(ha, 'gc_delay')).toMatchObject({
      values: [],
      derivation: expect.stringMatching(
        /^Not set in this lab\. A flag of mesos-agent, by default 1weeks; set it under /,
      ),
    });
  });

  it('knows every name that it lists', () => {
    for (const name of names(ha)) {
      const { derivation, source } = explain(ha, name);
      expect(`${name}: ${derivation}`).toMatch(/: .{10,}/);
      expect(source, name).not.toBe('');
    }
  });

  it.each([
    ['MESOS_QOURUM', 'MESOS_QUORUM'],
    ['ZOO_SERVER', 'ZOO_SERVERS'],
    ['server.7', 'server.'],
    ['--groups', '--group'],
  ])('names what %s is nearest to', (name, near) => {
    let thrown: unknown;
    try {
      explain(ha, name);
    } catch (error) {
      thrown = error;
    }
    if (!isUserError(thrown)) throw new Error(`explain ${name} did not refuse`);
    expect(thrown.problems[0]).toMatchObject({ code: 'USAGE_UNKNOWN_SETTING', fix: expect.stringContaining(near) });
  });

  it.each(['xyzzy', '', '__proto__', 'constructor', 'toString'])(
    'refuses %j, and says how to list the names',
    (name) => {
      expect(() => explain(ha, name)).toThrow('USAGE_UNKNOWN_SETTING');
    },
  );
});
