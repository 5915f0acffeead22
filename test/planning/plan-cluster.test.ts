import { describe, expect, it } from 'vitest';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import { isRefusedByBrowsers } from '../../planning/values/browser-ports.ts';
import type { Plan, PlannedComponent } from '../../planning/plan/plan.ts';
import type { Role } from '../../planning/catalogue/roles.ts';

const lab = (spec: Partial<ClusterSpec> = {}): Plan => planCluster({ name: 'lab', ...spec });
const componentsOf = (plan: Plan, role?: Role): readonly PlannedComponent[] =>
  plan.nodes
    .flatMap(({ components }) => components)
    .filter((component) => role === undefined || component.role === role);
const valueOf = (component: PlannedComponent | undefined, name: string): string | undefined =>
  component?.environment.find((setting) => setting.name === name)?.value;
const valuesOf = (plan: Plan, role: Role, name: string) =>
  componentsOf(plan, role).map((component) => valueOf(component, name));

describe('the quorum', () => {
  it.each([
    [1, 1],
    [3, 2],
    [5, 3],
    [7, 4],
  ])('of %i masters is %i', (masters, quorum) => {
    const plan = lab({ counts: { masters } });
    expect(plan).toMatchObject({ masterCount: masters, quorum });
    expect(valuesOf(plan, 'mesos-master', 'MESOS_QUORUM')).toEqual(Array(masters).fill(String(quorum)));
  });
});

describe('the ensemble', () => {
  it('is numbered from 1, and every member has the same server lines', () => {
    const plan = lab({ preset: 'ha' });
    expect(plan.zookeepers.map(({ id, serverLine }) => [id, serverLine])).toEqual([
      [1, 'server.1=zookeeper1:2888:3888;2181'],
      [2, 'server.2=zookeeper2:2888:3888;2181'],
      [3, 'server.3=zookeeper3:2888:3888;2181'],
    ]);
    expect(valuesOf(plan, 'zookeeper', 'ZOO_MY_ID')).toEqual(['1', '2', '3']);
    expect(new Set(valuesOf(plan, 'zookeeper', 'ZOO_SERVERS'))).toEqual(
      new Set([plan.zookeepers.map(({ serverLine }) => serverLine).join(' ')]),
    );
  });

  it('keeps the ids that the spec gives, and gives the others the lowest that are free', () => {
    const plan = lab({
      nodes: [5, undefined, 1, undefined, undefined].map((zookeeperId, index) => ({
        name: `n${String(index)}`,
        roles: ['zookeeper'],
        ...(zookeeperId === undefined ? {} : { zookeeperId }),
      })),
    });
    expect(plan.zookeepers.map(({ id }) => id)).toEqual([5, 2, 1, 3, 4]);
  });

  it('listens for clients on its own address, and on a moved port, on several machines', () => {
    const plan = lab({ preset: 'three-master', ports: { zookeeper: 2281 } });
    expect(plan.zookeepers.map(({ serverLine }) => serverLine)).toEqual([
      'server.2=10.0.0.2:2888:3888;10.0.0.2:2281',
      'server.3=10.0.0.3:2888:3888;10.0.0.3:2281',
      'server.4=10.0.0.4:2888:3888;10.0.0.4:2281',
    ]);
    expect(plan.urls.mesosZk).toBe('zk://10.0.0.2:2281,10.0.0.3:2281,10.0.0.4:2281/mesos');
  });
});

describe('the ZooKeeper URLs', () => {
  it('name every member and have the path of their users, the same for all of them', () => {
    const plan = lab({ preset: 'ha', mesos: { zkPath: '/a/mesos' }, marathon: { zkPath: '/a/marathon' } });
    const hosts = 'zookeeper1:2181,zookeeper2:2181,zookeeper3:2181';
    expect(plan.urls).toMatchObject({
      zookeeperConnect: hosts,
      mesosZk: `zk://${hosts}/a/mesos`,
      marathonZk: `zk://${hosts}/a/marathon`,
    });
    const users = [
      ...valuesOf(plan, 'mesos-master', 'MESOS_ZK'),
      ...valuesOf(plan, 'mesos-agent', 'MESOS_MASTER'),
      ...valuesOf(plan, 'marathon', 'MARATHON_MASTER'),
    ];
    expect(new Set(users)).toEqual(new Set([plan.urls.mesosZk]));
    expect(valuesOf(plan, 'marathon', 'MARATHON_ZK')).toEqual([plan.urls.marathonZk]);
  });

  it('do not change with the port that is published on one host', () => {
    const plan = lab({ ports: { zookeeper: 12_181 } });
    expect(plan.urls.mesosZk).toBe('zk://zookeeper1:2181/mesos');
    expect(componentsOf(plan, 'zookeeper')[0]?.ports[0]).toEqual({ name: 'client', target: 2181, published: 12_181 });
  });
});

describe('published ports', () => {
  const publishedOf = (plan: Plan) =>
    componentsOf(plan).flatMap(({ ports }) =>
      ports.flatMap(({ published, target, targetEnd }) =>
        published === undefined
          ? []
          : Array.from({ length: (targetEnd ?? target) - target + 1 }, (_, n) => published + n),
      ),
    );

  it('never clash, however many masters and agents there are', () => {
    const plan = lab({
      counts: { zookeepers: 5, masters: 7, agents: 400, marathons: 3 },
      addons: ['chronos', 'mesos-dns', 'registry'],
    });
    const published = publishedOf(plan);
    expect(published.length).toBeGreaterThan(400);
    expect(published.filter((port, index) => published.indexOf(port) !== index)).toEqual([]);
    expect(plan.urls.masters.slice(0, 3)).toEqual(['5050', '5150', '5250'].map((port) => `http://127.0.0.1:${port}`));
  });

  it('are the usual ones for the first of each role', () => {
    expect(publishedOf(lab()).filter((port) => port < 10_000 || port === 10_000)).toEqual([
      2181, 5050, 5051, 5052, 8080, 9090, 10_000,
    ]);
  });

  it('are open to browsers', () => {
    for (const offset of [0, 100, 1600]) {
      const plan = lab({ counts: { masters: 5, agents: 30 }, ports: { offset } });
      const published = publishedOf(plan).filter((port) => port - offset < 8080);
      expect(published).toHaveLength(1 + 5 + 30);
      expect(published.filter((port) => isRefusedByBrowsers(port))).toEqual([]);
    }
  });

  it('do not exist on several hosts, where every node has its own', () => {
    expect(publishedOf(lab({ preset: 'three-vm' }))).toEqual([]);
  });
});

describe('agents', () => {
  it('say what they offer when they share a machine', () => {
    expect(valuesOf(lab(), 'mesos-agent', 'MESOS_RESOURCES')).toEqual(
      Array(2).fill('cpus:2;mem:1024;disk:5120;ports:[31000-32000]'),
    );
    expect(valuesOf(lab({ preset: 'three-vm' }), 'mesos-agent', 'MESOS_RESOURCES')).toEqual([undefined, undefined]);
  });

  it('kill orphans only in an Engine that is their own', () => {
    expect(valuesOf(lab(), 'mesos-agent', 'MESOS_DOCKER_KILL_ORPHANS')).toEqual(['true', 'true']);
    expect(valuesOf(lab({ agentDocker: 'socket' }), 'mesos-agent', 'MESOS_DOCKER_KILL_ORPHANS')).toEqual([
      'false',
      'false',
    ]);
  });

  it('divide the ports and the work directory when they share an Engine', () => {
    const plan = lab({
      agentDocker: 'socket',
      counts: { agents: 3 },
      mesos: { agent: { resources: 'cpus:1;mem:64' } },
    });
    expect(valuesOf(plan, 'mesos-agent', 'MESOS_RESOURCES')).toEqual([
      'cpus:1;mem:64;ports:[31000-31049]',
      'cpus:1;mem:64;ports:[31050-31099]',
      'cpus:1;mem:64;ports:[31100-31149]',
    ]);
    expect(new Set(valuesOf(plan, 'mesos-agent', 'MESOS_WORK_DIR')).size).toBe(3);
  });

  it('keep their part of the ports when there are more of them', () => {
    const resources = (agents: number) =>
      valuesOf(lab({ agentDocker: 'socket', counts: { agents } }), 'mesos-agent', 'MESOS_RESOURCES');
    expect(resources(20).slice(0, 2)).toEqual(resources(2));
    expect(resources(20).at(-1)).toContain('ports:[31950-31999]');
  });

  it('take their own attributes and resources before the common ones', () => {
    const plan = lab({
      nodes: [
        { name: 'z', roles: ['zookeeper', 'mesos-master'] },
        { name: 'a', roles: ['mesos-agent'], attributes: { rack: 'x', level: 3 }, resources: 'cpus:9' },
        { name: 'b', roles: ['mesos-agent'] },
      ],
      mesos: { agent: { attributes: 'rack:common', resources: 'cpus:1;mem:100' } },
    });
    expect(plan.agents.map(({ attributes }) => attributes)).toEqual(['rack:x;level:3', 'rack:common']);
    expect(valuesOf(plan, 'mesos-agent', 'MESOS_RESOURCES')[0]).toBe('cpus:9');
  });
});

describe('flags of the user', () => {
  it('replace a derived value in its place, and follow the others', () => {
    const plan = lab({ mesos: { master: { flags: { registry: 'in_memory', offer_timeout: '30secs' } } } });
    const names = componentsOf(plan, 'mesos-master')[0]?.environment.map(({ name, origin }) => `${name} ${origin}`);
    expect(names?.indexOf('MESOS_REGISTRY spec')).toBe(2);
    expect(names?.at(-1)).toBe('MESOS_OFFER_TIMEOUT spec');
  });

  it('become empty variables when they are switches of Marathon', () => {
    const flags = { ha: true, http_compression: false, disable_http: false, framework_name: 'm' };
    const marathon = componentsOf(lab({ marathon: { flags } }), 'marathon')[0];
    expect(valueOf(marathon, 'MARATHON_HA')).toBe('');
    expect(valueOf(marathon, 'MARATHON_DISABLE_HTTP_COMPRESSION')).toBe('');
    expect(marathon?.environment.map(({ name }) => name)).not.toContain('MARATHON_DISABLE_DISABLE_HTTP');
    expect(valueOf(marathon, 'MARATHON_FRAMEWORK_NAME')).toBe('m');
  });

  it('stand on the command line where the image would override the environment', () => {
    const master = componentsOf(lab({ images: { set: 'stock' } }), 'mesos-master')[0];
    expect(master?.image.command).toEqual(['--registry=replicated_log']);
    expect(valueOf(master, 'MESOS_REGISTRY')).toBeUndefined();
  });
});

describe('the reference systems', () => {
  const table = (plan: Plan) => plan.nodes.map(({ name, address, roles }) => [name, address, roles.join(' ')]);

  it('B: one central machine and two agents', () => {
    expect(table(lab({ preset: 'three-vm' }))).toEqual([
      ['node1', '192.168.59.11', 'zookeeper mesos-master marathon marathon-lb'],
      ['node2', '192.168.59.12', 'mesos-agent'],
      ['node3', '192.168.59.13', 'mesos-agent'],
    ]);
  });

  it('C: a machine that is master and agent, and a second agent', () => {
    expect(table(lab({ preset: 'two-host' }))).toEqual([
      ['test166', '10.86.255.166', 'zookeeper mesos-master mesos-agent marathon chronos'],
      ['test167', '10.86.255.167', 'mesos-agent'],
    ]);
  });

  it('D: three masters with ids 2, 3 and 4, quorum 2, cluster MesosCluster', () => {
    const plan = lab({ preset: 'three-master' });
    expect(table(plan)).toEqual(
      [2, 3, 4].map((id) => [
        `mesos${String(id)}`,
        `10.0.0.${String(id)}`,
        'zookeeper mesos-master mesos-agent marathon',
      ]),
    );
    expect(plan.zookeepers.map(({ id }) => id)).toEqual([2, 3, 4]);
    expect(plan).toMatchObject({ quorum: 2, clusterName: 'MesosCluster' });
  });
});

it('plans the same for the same spec', () => {
  const spec: ClusterSpec = { name: 'lab', preset: 'ha', addons: ['registry'], timing: 'fast', bind: '0.0.0.0' };
  expect(planCluster(structuredClone(spec))).toEqual(planCluster(spec));
  expect(JSON.stringify(planCluster(structuredClone(spec)))).toBe(JSON.stringify(planCluster(spec)));
});
