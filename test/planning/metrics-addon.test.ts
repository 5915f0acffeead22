import { describe, expect, it } from 'vitest';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import { checkSpec } from '../../planning/rules/check-spec.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';

const planOf = (spec: Partial<ClusterSpec>) => planCluster({ name: 'lab', addons: ['metrics'], ...spec });
const rolesOf = (spec: Partial<ClusterSpec>) => planOf(spec).nodes.map(({ roles }) => roles);

describe('the add-on metrics', () => {
  it('brings what comes with it, which is no add-on', () => {
    const plan = planOf({ preset: 'single' });
    expect(plan.addons).toEqual(['metrics']);
    expect(plan.nodes.slice(-5).map(({ name }) => name)).toEqual([
      ...['metrics', 'prometheus', 'grafana', 'node-exporter', 'cadvisor'],
    ]);
    expect(plan.urls.addons).toEqual([
      { role: 'metrics', url: 'http://127.0.0.1:9105' },
      { role: 'prometheus', url: 'http://127.0.0.1:9095' },
      { role: 'grafana', url: 'http://127.0.0.1:3000' },
    ]);
    expect(planOf({ preset: 'single', addons: [] }).nodes.flatMap(({ roles }) => roles)).not.toContain('prometheus');
  });

  it('has what tells of a machine on each, and the rest on one', () => {
    const roles = rolesOf({ preset: 'three-vm' });
    expect(roles.map((each) => each.includes('node-exporter') && each.includes('cadvisor'))).toEqual([
      true,
      true,
      true,
    ]);
    expect(roles.filter((each) => each.includes('grafana'))).toHaveLength(1);
    const elsewhere = rolesOf({
      nodes: [
        { name: 'a', address: '10.0.0.1', roles: ['zookeeper', 'mesos-master', 'marathon'] },
        { name: 'b', address: '10.0.0.2', roles: ['mesos-agent', 'metrics', 'prometheus', 'grafana'] },
      ],
    });
    expect(elsewhere[0]).toEqual(['zookeeper', 'mesos-master', 'marathon', 'node-exporter', 'cadvisor']);
  });

  it('is refused where nothing could be asked, and so is a port of what is not there', async () => {
    const problems = (spec: Partial<ClusterSpec>) => checkSpec({ name: 'lab', ...spec });
    const [lonely] = await problems({
      counts: { masters: 0, agents: 0, marathons: 0, loadBalancers: 0 },
      addons: ['metrics'],
    });
    expect(lonely?.message).toBe('There is a metrics but no mesos-master');
    const [port] = await problems({ ports: { grafana: 3001 } });
    expect(port).toMatchObject({
      message: 'ports.grafana moves nothing: the lab has no grafana',
      fix: 'Leave it out, or have one: metrics under addons (--addon metrics)',
    });
  });
});
