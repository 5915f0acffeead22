import { describe, expect, it } from 'vitest';
import { checkSpec } from '../../planning/rules/check-spec.ts';
import { checkPlan } from '../../planning/plan-rules/check-plan-ports.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';

const problemsOf = (partial: Partial<ClusterSpec>) => {
  const spec = { name: 'lab', ...partial };
  return checkPlan(planCluster(spec), spec);
};
const messages = (spec: Partial<ClusterSpec>) => problemsOf(spec).map(({ message }) => message);

const central = {
  name: 'a',
  address: '10.0.0.11',
  roles: ['zookeeper', 'mesos-master', 'marathon', 'marathon-lb', 'mesos-agent'],
} as const;
const onHosts = (ports: ClusterSpec['ports'], resources?: string): Partial<ClusterSpec> => ({
  nodes: [{ ...central, roles: [...central.roles], ...(resources !== undefined && { resources }) }],
  ...(ports && { ports }),
});

describe('the ports of a plan', () => {
  it('may be anything that does not clash', () => {
    expect(messages({ ports: { marathon: 18080, services: '20000-20010' } })).toEqual([]);
    expect(messages(onHosts({ 'mesos-agent': 15051 }))).toEqual([]);
  });

  it.each([
    [{ ports: { marathon: 6000 } }, ['ports', 'marathon'], 'No browser opens marathon1 on port 6000'],
    [{ ports: { offset: 2000 } }, ['ports', 'offset'], 'No browser opens marathon1 on port 10080'],
    [onHosts({ 'mesos-master': 5060 }), ['ports', 'mesos-master'], 'No browser opens a-mesos-master on port 5060'],
  ] as const)('are named where no browser opens them: %o', (spec, path, message) => {
    expect(problemsOf(spec)).toMatchObject([{ severity: 'warning', code: 'SPEC_PORT', path, message }]);
  });

  it('are right for what is no page', () => {
    expect(messages({ ports: { zookeeper: 6000 } })).toEqual([]);
  });

  it('clash on one host when they are published', () => {
    expect(problemsOf({ ports: { chronos: 8080 }, addons: ['chronos'] })).toMatchObject([
      {
        code: 'SPEC_PORT',
        path: ['ports', 'chronos'],
        message: 'marathon1 (http) and chronos (http) would both listen on port 8080 on 127.0.0.1',
      },
    ]);
  });

  it('clash on a node when two of its programs want them', () => {
    expect(problemsOf(onHosts({ 'mesos-master': 8080 }))).toMatchObject([
      { path: ['ports', 'mesos-master'], found: '8080 and 8080' },
    ]);
    expect(problemsOf(onHosts({ marathon: 80 }))).toMatchObject([{ path: ['ports', 'marathon'] }]);
  });

  it('do not clash between nodes', () => {
    const nodes: ClusterSpec['nodes'] = [
      { name: 'a', address: '10.0.0.11', roles: ['zookeeper', 'mesos-master'] },
      { name: 'b', address: '10.0.0.12', roles: ['mesos-agent', 'marathon'] },
    ];
    expect(messages({ nodes, ports: { 'mesos-master': 8080 } })).toEqual([]);
  });

  it('clash with the ports that an agent gives to tasks', () => {
    expect(messages(onHosts({ services: '31990-32010' }))).toHaveLength(1);
    expect(messages(onHosts({ services: '31990-32010' }, 'ports:[40000-41000]'))).toEqual([]);
    expect(messages(onHosts({}, 'cpus:1;ports:[5000-6000]'))).toHaveLength(2);
  });

  it('end at 65535', () => {
    expect(problemsOf({ counts: { marathons: 9 }, ports: { marathon: 65530 } })).toMatchObject([
      { code: 'SPEC_PORT', found: '65536' },
    ]);
  });
});

describe('the services of a plan', () => {
  const agent = { roles: ['mesos-agent'] } satisfies Partial<NonNullable<ClusterSpec['nodes']>[number]>;
  const base = { name: 'base', roles: ['zookeeper', 'mesos-master'] } satisfies NonNullable<
    ClusterSpec['nodes']
  >[number];

  it('have names of their own', () => {
    expect(problemsOf({ nodes: [base, { name: 'base-zookeeper', ...agent }] })).toMatchObject([
      { code: 'SPEC_NAME', path: ['nodes', 1, 'name'] },
    ]);
    expect(problemsOf({ nodes: [base, { name: 'x', ...agent }, { name: 'x-node', ...agent }] })).toMatchObject([
      { path: ['nodes', 2, 'name'] },
    ]);
  });

  it('have names that fit into a DNS label', () => {
    expect(problemsOf({ nodes: [base, { name: 'a'.repeat(60), ...agent }] })).toMatchObject([
      { code: 'SPEC_NAME', path: ['nodes', 1, 'name'] },
    ]);
  });
});

describe('a lab of 10,000 agents', () => {
  it('is checked in the time that its size takes', async () => {
    const nodes = Array.from({ length: 10_000 }, (_, index) => ({
      name: `node${index}`,
      address: `10.0.${index >> 8}.${index & 255 || 2}`,
      roles: ['mesos-agent' as const],
      attributes: { rack: 'a' },
      resources: 'cpus:2;mem:1024',
    }));
    expect((await checkSpec({ name: 'lab', placement: 'machines', nodes })).length).toBeLessThan(200);
  }, 5000);
});

describe('a port offset', () => {
  it('moves every published port, and Mesos inside, too', () => {
    const plan = planCluster({ name: 'lab', preset: 'single', ports: { offset: 100, marathon: 18080 } });
    expect(plan.urls).toMatchObject({
      masters: ['http://127.0.0.1:5150'],
      agents: ['http://127.0.0.1:5151', 'http://127.0.0.1:5152'],
      marathons: ['http://127.0.0.1:18180'],
      loadBalancers: ['http://127.0.0.1:9190'],
      services: ['http://127.0.0.1:10100'],
    });
    const ports = plan.nodes.flatMap(({ components }) => components.flatMap((each) => each.ports));
    expect(ports).toContainEqual({ name: 'http', target: 5150, published: 5150 });
    expect(ports).toContainEqual({ name: 'http', target: 8080, published: 18_180 });
    // Apps go on to name the service ports of their files.
    expect(ports).toContainEqual({ name: 'services', target: 10_000, targetEnd: 10_020, published: 10_100 });
    expect(plan.servicePorts).toEqual({ first: 10_000, last: 10_020 });
  });

  it('moves the published ports of virtual hosts and app ids, which are published only if they are asked for', () => {
    const ports = { offset: 100, 'virtual-hosts': 8081, 'virtual-hosts-tls': 8443, 'app-ids': 9091 };
    const published = (spec: ClusterSpec) =>
      planCluster(spec)
        .nodes.flatMap(({ components }) => components)
        .find(({ role }) => role === 'marathon-lb')
        ?.ports.slice(2);
    expect(published({ name: 'lab' })).toEqual([]);
    expect(published({ name: 'lab', ports })).toEqual([
      { name: 'virtual-hosts', target: 80, published: 8181 },
      { name: 'virtual-hosts-tls', target: 443, published: 8543 },
      { name: 'app-ids', target: 9091, published: 9191 },
    ]);
    expect(problemsOf({ ports })).toEqual([]);
  });

  it('leads agents around the ports of virtual hosts', () => {
    const { urls } = planCluster({ name: 'lab', ports: { 'virtual-hosts': 5052 } });
    expect(urls.agents).toEqual(['http://127.0.0.1:5051', 'http://127.0.0.1:5053']);
  });

  it.each([60_000, 55_516])('of %i is too large, and the largest is named', (offset) => {
    expect(problemsOf({ ports: { offset } })).toMatchObject([
      { code: 'SPEC_PORT', path: ['ports', 'offset'], fix: 'The largest offset that fits is 55515' },
    ]);
    expect(problemsOf({ ports: { offset: 55_515 } })).toEqual([]);
  });

  it('leaves mistakes that are there without it where they are', () => {
    expect(problemsOf({ ports: { offset: 20, marathon: 65_535 }, counts: { marathons: 2 } })).toMatchObject([
      { path: ['ports', 'marathon'] },
    ]);
  });

  it('must not bring a port to where tasks have theirs', () => {
    expect(problemsOf({ ports: { offset: 26_000 } })).toMatchObject([
      { code: 'SPEC_PORT', path: ['ports', 'offset'], message: expect.stringContaining('31051 in agent1') },
    ]);
  });

  it('does not start below 0, and is for one host', async () => {
    expect(await checkSpec({ name: 'lab', ports: { offset: -1 } })).toMatchObject([{ path: ['ports', 'offset'] }]);
    expect(await checkSpec({ name: 'lab', preset: 'three-vm', ports: { offset: 100 } })).toMatchObject([
      { code: 'SPEC_COMBINATION', path: ['ports', 'offset'] },
    ]);
  });
});

describe('the fix of ports that clash, done as it says,', () => {
  const hostPorts = (ports: ClusterSpec['ports']) => onHosts(ports);
  it.each<Partial<ClusterSpec>>([
    { ports: { chronos: 8080 }, addons: ['chronos'] },
    { ports: { services: '8000-8100' } },
    { ports: { services: '9085-9095' } },
    { ports: { marathon: 31_050 }, agentDocker: 'socket' },
    { ports: { marathon: 6000 } },
    { ports: { 'virtual-hosts': 8080 } },
    { ports: { marathon: 65_530 }, counts: { marathons: 9 } },
    hostPorts({ 'mesos-master': 8080 }),
    hostPorts({ marathon: 80 }),
    hostPorts({ marathon: 3888 }),
  ])('leaves nothing to say: %j', (spec) => {
    const [first] = problemsOf(spec);
    const path = /(?:ports\.([\w-]+): (\S+) fits|Write (\d+) for ports\.([\w-]+)|for ports\.([\w-]+), such as (\d+))$/;
    const [, a, valueA, valueB, b, c, valueC] = path.exec(first?.fix ?? '') ?? [];
    const [key, value] = [a ?? b ?? c ?? '', valueA ?? valueB ?? valueC ?? ''];
    const fixed = { ...spec, ports: { ...spec.ports, [key]: key === 'services' ? value : Number(value) } };
    expect([first?.fix, problemsOf(fixed)]).toEqual([expect.stringMatching(path), []]);
  });

  it('leaves nothing to say of an offset', () => {
    for (const offset of [2000, 26_000]) {
      const [, value = ''] = /such as (\d+)$/.exec(problemsOf({ ports: { offset } })[0]?.fix ?? '') ?? [];
      expect([value, problemsOf({ ports: { offset: Number(value) } })]).toEqual([expect.stringMatching(/^\d+$/), []]);
    }
  });
});
