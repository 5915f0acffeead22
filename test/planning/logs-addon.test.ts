import { describe, expect, it } from 'vitest';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import { checkSpec } from '../../planning/rules/check-spec.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';

const planOf = (spec: Partial<ClusterSpec>) => planCluster({ name: 'lab', preset: 'single', ...spec });
const namesOf = (spec: Partial<ClusterSpec>, last: number) =>
  planOf(spec)
    .nodes.slice(-last)
    .map(({ name }) => name);

describe('the add-on logs', () => {
  it('brings Loki, and Grafana, of which there is one for figures and logs', () => {
    expect(namesOf({ addons: ['logs'] }, 4)).toEqual(['marathon-lb', 'logs', 'loki', 'grafana']);
    expect(namesOf({ addons: ['logs', 'metrics'] }, 7)).toEqual([
      ...['metrics', 'logs', 'prometheus', 'loki', 'grafana', 'node-exporter', 'cadvisor'],
    ]);
  });

  it('publishes nothing but Grafana, on loopback', () => {
    const plan = planOf({ addons: ['logs'] });
    expect(plan.urls.addons).toEqual([{ role: 'grafana', url: 'http://127.0.0.1:3000' }]);
    const ports = plan.nodes.slice(-3).flatMap(({ components }) => components.flatMap((each) => each.ports));
    expect(ports.filter(({ published }) => published !== undefined)).toEqual([
      { name: 'http', target: 3000, published: 3000 },
    ]);
  });

  it('has a collector on each machine, and Loki and Grafana on one', () => {
    const { nodes } = planCluster({ name: 'lab', preset: 'three-vm', addons: ['logs'] });
    expect(nodes.map(({ roles }) => roles.includes('logs'))).toEqual([true, true, true]);
    for (const role of ['loki', 'grafana'] as const) {
      expect(nodes.filter(({ roles }) => roles.includes(role))).toHaveLength(1);
    }
  });

  it('is what a Loki without collectors, and a Grafana without anything to show, are told to be with', async () => {
    const problems = await checkSpec({
      name: 'lab',
      nodes: [
        { name: 'a', roles: ['zookeeper', 'mesos-master', 'mesos-agent', 'marathon'] },
        { name: 'b', roles: ['loki'] },
      ],
    });
    expect(problems.map(({ message }) => message)).toEqual(['There is a loki but no logs']);
    const [grafana] = await checkSpec({
      name: 'lab',
      nodes: [{ name: 'a', roles: ['zookeeper', 'mesos-master', 'mesos-agent', 'marathon', 'grafana'] }],
    });
    expect(grafana).toMatchObject({
      message: 'There is a grafana but no prometheus or loki',
      fix: 'Add a prometheus or loki, or remove grafana',
    });
  });
});
