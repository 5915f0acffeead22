import { describe, expect, it } from 'vitest';
import { neededLinks, sampledLinks } from '../../../../runtimes/hosts/preflight/needed-links.ts';
import { planCluster } from '../../../../planning/plan/plan-cluster.ts';
import type { Role } from '../../../../planning/catalogue/roles.ts';

const planOf = (...roles: readonly (readonly Role[])[]) =>
  planCluster({
    name: 'lab',
    placement: 'machines',
    nodes: roles.map((own, index) => ({
      name: `node${String(index + 1)}`,
      address: `192.168.60.${String(index + 11)}`,
      roles: [...own],
    })),
  });

const words = (...roles: readonly (readonly Role[])[]) =>
  neededLinks(planOf(...roles)).map(
    ({ from, to, ports }) => `${from} ${to} ${ports.map(({ port }) => port).join(',')}`,
  );

describe('which ways between machines a lab needs', () => {
  it('is from agents to ZooKeeper and masters, and from masters to agents', () => {
    expect(words(['zookeeper', 'mesos-master', 'marathon', 'marathon-lb'], ['mesos-agent'], ['mesos-agent'])).toEqual([
      'node1 node2 5051',
      'node1 node3 5051',
      'node2 node1 2181,5050',
      'node3 node1 2181,5050',
    ]);
  });

  it('is among the members of an ensemble, among masters and among Marathons', () => {
    const all = ['zookeeper', 'mesos-master', 'marathon'] as const;
    expect(words(all, all)).toEqual(['node1 node2 2181,2888,3888,5050,8080', 'node2 node1 2181,2888,3888,5050,8080']);
  });

  it('says who listens there', () => {
    const [link] = neededLinks(planOf(['zookeeper', 'mesos-master'], ['mesos-agent']));
    expect(link).toEqual({
      from: 'node1',
      to: 'node2',
      address: '192.168.60.12',
      ports: [{ port: 5051, what: 'Mesos agent' }],
    });
  });

  it('is nothing on a single machine', () => {
    expect(words(['zookeeper', 'mesos-master', 'mesos-agent'])).toEqual([]);
  });
});

describe('which of them are tried', () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `node${String(index + 1)}`);
  const lab = (agents: number) => {
    const control = ['zookeeper', 'mesos-master', 'mesos-agent'] as const;
    return neededLinks(
      planOf(control, control, control, ...Array.from({ length: agents }, () => ['mesos-agent'] as const)),
    );
  };

  it('is every way among ten machines', () => {
    const links = lab(7);
    expect(sampledLinks(links, names(10))).toEqual(links);
  });

  it('grows with the machines of a large lab, not with their pairs; the ensemble is always tried', () => {
    const links = lab(47);
    const sampled = sampledLinks(links, names(50));
    expect(links.length).toBeGreaterThan(280);
    expect(sampled.length).toBeLessThan(50 * 2 + 6);
    expect(new Set(sampled.map(({ from }) => from)).size).toBe(50);
    const ensemble = sampled.filter(({ ports }) => ports.some(({ port }) => port === 3888));
    expect(ensemble).toHaveLength(6);
  });
});
