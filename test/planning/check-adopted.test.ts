import { describe, expect, it } from 'vitest';
import { checkSpec } from '../../planning/rules/check-spec.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';

/** A cluster as only somebody else would run it: two masters on one machine, a loopback address, no ZooKeeper. */
const adopted: ClusterSpec = {
  name: 'mine',
  placement: 'machines',
  nodes: [
    { name: 'one', address: '127.0.0.1', roles: ['mesos-master', 'mesos-agent'], attributes: 'rack:abc' },
    { name: 'two', address: '127.0.0.1', roles: ['mesos-master', 'marathon'] },
  ],
  adopted: {
    masters: ['http://one:5050', 'http://one:5060'],
    agents: ['http://one.example:5051'],
    marathons: ['https://marathon.example'],
    zookeeper: 'zk://10.0.0.2:2181/mesos',
  },
};

const problemsOf = async (spec: ClusterSpec) =>
  (await checkSpec(spec)).map(({ code, path }) => `${code} ${path.join('.')}`);

describe('an adopted cluster', () => {
  it('is right as it is, however it is', async () => {
    expect(await problemsOf(adopted)).toEqual([]);
  });

  it('has its own URLs in the plan, and everything else as planned', () => {
    const { urls, adopted: kept } = planCluster(adopted);
    expect(kept).toEqual(adopted.adopted);
    expect(urls).toMatchObject({
      masters: adopted.adopted?.masters,
      marathons: adopted.adopted?.marathons,
      agents: adopted.adopted?.agents,
      loadBalancers: [],
      services: [],
      mesosZk: 'zk://10.0.0.2:2181/mesos',
      zookeeperConnect: '10.0.0.2:2181',
    });
  });

  it('has a URL for each node with a role, and no more', async () => {
    const fewer = { ...adopted, adopted: { ...adopted.adopted, masters: ['http://one:5050'], agents: [] } };
    expect(await problemsOf(fewer)).toEqual(['SPEC_COMBINATION adopted.masters', 'SPEC_COMBINATION adopted.agents']);
  });

  it('has URLs of a host and a port, without passwords and paths', async () => {
    for (const url of [
      'one:5050',
      'http://one:5050/',
      'http://u:p@one:5050',
      'ftp://one',
      'http://one:70000',
      'http://a b',
    ]) {
      const spec = { ...adopted, adopted: { ...adopted.adopted, masters: [url, 'http://one:5060'] } };
      expect(await problemsOf(spec), url).toEqual(['SPEC_VALUE adopted.masters.0']);
    }
  });

  it('refuses settings that would make a cluster', async () => {
    for (const more of [
      { timing: 'fast' },
      { nativeConfig: true },
      { vagrant: {} },
      { bind: '0.0.0.0' },
      { cleaner: { enabled: false } },
    ] as const) {
      const [key = ''] = Object.keys(more);
      expect(await problemsOf({ ...adopted, ...more })).toEqual([`SPEC_COMBINATION ${key}`]);
    }
  });

  it('needs its nodes', async () => {
    const { nodes: _nodes, ...without } = adopted;
    expect(await problemsOf(without)).toContain('SPEC_COMBINATION adopted');
  });

  it('still has names, attributes and flags that parse', async () => {
    const [one, ...others] = adopted.nodes ?? [];
    const nodes = one === undefined ? [] : [{ ...one, name: '../x', attributes: 'rack' }, ...others];
    const spec: ClusterSpec = { ...adopted, nodes, mesos: { master: { flags: { nonsense: 'x' } } } };
    expect(await problemsOf(spec)).toEqual([
      'SPEC_NAME nodes.0.name',
      'SPEC_ATTRIBUTES nodes.0.attributes',
      'SPEC_FLAG mesos.master.flags.nonsense',
    ]);
  });
});
