import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { nativeConfig } from '../../generators/native/native-config.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';

const plan = (preset: ClusterSpec['preset'], extra: Partial<ClusterSpec> = {}): Plan =>
  planCluster({ name: 'lab', preset, ...extra });

/** The files of a lab by their paths, without `native/`. */
const filesOf = (of: Plan): Readonly<Record<string, string>> =>
  Object.fromEntries(nativeConfig(of).map(({ path, content }) => [path.replace(/^native\//, ''), content]));

const namesIn = (files: Readonly<Record<string, string>>, folder: string) =>
  Object.keys(files)
    .filter((path) => path.startsWith(`${folder}/`))
    .map((path) => path.slice(folder.length + 1))
    .sort();

describe('the native configuration of reference system C', () => {
  const files = filesOf(plan('two-host'));

  it('names both hosts on both', () => {
    for (const node of ['test166', 'test167']) {
      const lines = files[`${node}/etc/hosts`]?.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      expect(lines).toEqual(['10.86.255.166 test166', '10.86.255.167 test167']);
    }
  });

  it('gives both the ZooKeeper URL, and the agents their containerizers and a patient executor timeout', () => {
    for (const node of ['test166', 'test167']) {
      expect(files[`${node}/etc/mesos/zk`]).toBe('zk://10.86.255.166:2181/mesos\n');
      expect(files[`${node}/etc/mesos-slave/containerizers`]).toBe('docker,mesos\n');
      expect(files[`${node}/etc/mesos-slave/executor_registration_timeout`]).toBe('5mins\n');
    }
    expect(namesIn(files, 'test167/etc/mesos-master')).toEqual([]);
  });

  it('configures Chronos', () => {
    expect(files['test166/etc/chronos/conf/http_port']).toBe('4400\n');
    expect(files['test166/etc/chronos/conf/zk_hosts']).toBe('10.86.255.166:2181\n');
    expect(files['test166/etc/chronos/conf/master']).toBe('zk://10.86.255.166:2181/mesos\n');
    expect(files['test166/etc/default/chronos']).toContain("export LIBPROCESS_IP='10.86.255.166'");
  });

  it('configures Mesos-DNS where a node has it', () => {
    const nodes = [
      { name: 'a', address: '10.0.0.1', roles: ['zookeeper', 'mesos-master', 'mesos-dns'] as const },
      { name: 'b', address: '10.0.0.2', roles: ['mesos-agent'] as const },
    ];
    const own = filesOf(
      planCluster({
        name: 'lab',
        placement: 'machines',
        nodes: nodes.map((node) => ({ ...node, roles: [...node.roles] })),
      }),
    );
    expect(JSON.parse(own['a/etc/mesos-dns/config.json'] ?? '')).toEqual({
      ...{ zk: 'zk://10.0.0.1:2181/mesos', domain: 'mesos', listener: '10.0.0.1', port: 53, httpport: 8123 },
      ...{ refreshSeconds: 10, ttl: 10, externalon: false, IPSources: ['host'] },
    });
    expect(namesIn(own, 'b/etc/mesos-dns')).toEqual([]);
  });

  it('has no server lines, because a single ZooKeeper is no ensemble', () => {
    expect(files['test166/etc/zookeeper/conf/zoo.cfg']).not.toContain('server.1');
    expect(files['test166/etc/zookeeper/conf/zoo.cfg']).toContain('admin.enableServer=false');
  });

  it('says in what order to start', () => {
    expect(files['README.md']).toContain(
      '| test166 | zookeeper, mesos-master, marathon, chronos, docker, mesos-slave |',
    );
    expect(files['README.md']).toContain('| test167 | docker, mesos-slave |');
  });
});

describe('the native configuration of reference system D', () => {
  const files = filesOf(plan('three-master'));

  it('numbers the ZooKeepers 2, 3 and 4, without the client port that old releases do not read', () => {
    expect(files['mesos3/etc/zookeeper/conf/myid']).toBe('3\n');
    expect(files['mesos3/etc/zookeeper/conf/zoo.cfg']?.match(/^server.*$/gm)).toEqual([
      'server.2=10.0.0.2:2888:3888',
      'server.3=10.0.0.3:2888:3888',
      'server.4=10.0.0.4:2888:3888',
    ]);
  });

  it('has one file per flag of the master, with its value and nothing else', () => {
    expect(namesIn(files, 'mesos2/etc/mesos-master')).toEqual(
      expect.arrayContaining(['cluster', 'hostname', 'hostname_lookup', 'ip', 'quorum', 'work_dir']),
    );
    expect(files['mesos2/etc/mesos-master/quorum']).toBe('2\n');
    expect(files['mesos2/etc/mesos-master/ip']).toBe('10.0.0.2\n');
    expect(files['mesos2/etc/mesos-master/cluster']).toBe('MesosCluster\n');
    expect(files['mesos2/etc/mesos-master/hostname_lookup']).toBe('false\n');
    expect(files['mesos2/etc/mesos-slave/ip']).toBe('10.0.0.2\n');
  });

  it('tells Marathon, old and new, where Mesos is and where to keep its state', () => {
    const hosts = '10.0.0.2:2181,10.0.0.3:2181,10.0.0.4:2181';
    expect(files['mesos2/etc/marathon/conf/master']).toBe(`zk://${hosts}/mesos\n`);
    expect(files['mesos2/etc/marathon/conf/zk']).toBe(`zk://${hosts}/marathon\n`);
    expect(files['mesos2/etc/default/marathon']).toContain(`MARATHON_ZK='zk://${hosts}/marathon'\n`);
  });

  it('gives no flag both in /etc/default and as a file, which Mesos refuses', () => {
    expect(files['mesos2/etc/default/mesos-master']).toContain("PORT='5050'\nZK=$(cat /etc/mesos/zk)\n");
    expect(files['mesos2/etc/default/mesos-slave']).toContain('MASTER=$(cat /etc/mesos/zk)\n');
    for (const twice of ['mesos-master/zk', 'mesos-master/port', 'mesos-slave/master']) {
      expect(files).not.toHaveProperty([`mesos2/etc/${twice}`]);
    }
  });
});

describe('native configuration', () => {
  it('leaves out what is right in containers only, unless the user asked for it', () => {
    expect(namesIn(filesOf(plan('two-host')), 'test167/etc/mesos-slave')).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/launcher|isolation|systemd_enable_support/)]),
    );
    const asked = filesOf(
      plan('two-host', { mesos: { agent: { flags: { isolation: 'cgroups/cpu', log_dir: '/logs' } } } }),
    );
    expect(asked['test167/etc/mesos-slave/isolation']).toBe('cgroups/cpu\n');
    expect(asked['test167/etc/default/mesos-slave']).toContain("LOGS='/logs'\n");
    expect(asked).not.toHaveProperty(['test167/etc/mesos-slave/log_dir']);
  });

  it('keeps the flags that an image set needs on the command line', () => {
    for (const set of ['clusterd', 'stock'] as const) {
      const files = filesOf(plan('two-host', { images: { set } }));
      expect(files['test166/etc/mesos-master/registry']).toBe('replicated_log\n');
    }
  });

  it('writes a switch of Marathon as a variable, never as a file whose name Windows refuses', () => {
    const files = filesOf(plan('three-master', { marathon: { flags: { checkpoint: false } } }));
    expect(files['mesos2/etc/default/marathon']).toContain("MARATHON_DISABLE_CHECKPOINT=''\n");
    expect(Object.keys(files).filter((path) => !/^[A-Za-z0-9_./-]+$/.test(path))).toEqual([]);
  });

  it('has files in /etc/default that a shell reads without a word', () => {
    for (const [path, content] of Object.entries(filesOf(plan('two-host')))) {
      if (!path.includes('/default/')) continue;
      const { status, stderr } = spawnSync('sh', ['-n'], { input: content, encoding: 'utf8' });
      expect({ path, status, stderr }).toEqual({ path, status: 0, stderr: '' });
    }
  });

  it('knows no addresses on a single host, and writes the rest', () => {
    const files = filesOf(plan('ha'));
    expect(Object.keys(files).filter((path) => path.endsWith('/hosts'))).toEqual([]);
    expect(files['master2/etc/mesos-master/quorum']).toBe('2\n');
  });

  it('stays small for thousands of agents', () => {
    const nodes = Array.from({ length: 3000 }, (_, index) => ({
      name: `n${index}`,
      address: `10.1.${index >> 8}.${index & 255}`,
      roles: index === 0 ? (['zookeeper', 'mesos-master'] as const).slice() : (['mesos-agent'] as const).slice(),
    }));
    const size = nativeConfig(planCluster({ name: 'big', placement: 'machines', nodes })).reduce(
      (sum, { content }) => sum + content.length,
      0,
    );
    expect(size / nodes.length).toBeLessThan(2000);
  });

  it('never leaves its folder', () => {
    const two = plan('two-host');
    const renamed = (name: string) => ({ ...two, nodes: two.nodes.map((node) => ({ ...node, name })) });
    for (const name of ['..', 'a/b', '', '.']) expect(() => nativeConfig(renamed(name))).toThrow('folder');
    const flagged = (name: string, value: string): Plan => ({
      ...two,
      nodes: two.nodes.map((node) => ({
        ...node,
        components: node.components.map((it) => ({ ...it, environment: [{ name, value, origin: 'spec' }] })),
      })),
    });
    expect(() => nativeConfig(flagged('MESOS_../../X', 'x'))).toThrow('not the name of a flag');
    expect(() => nativeConfig(flagged('MESOS_IP', '1.2.3.4\n--foo'))).toThrow('more than one line');
  });
});
