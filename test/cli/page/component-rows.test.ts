import { expect, it } from 'vitest';
import { clusterAt, targetFromPlan } from '../../../checks/cluster-target.ts';
import { componentRows } from '../../../cli/page/component-rows.ts';
import { locateByKey } from '../../../cli/command-line/spec-from-flags.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import { preparePlan } from '../../../planning/plan/prepare-plan.ts';
import type { ClusterSpec } from '../../../planning/shape/cluster-spec.ts';

/** Of a lab where nothing listens. */
async function rowsOf(spec: Omit<ClusterSpec, 'name'>) {
  const { plan } = await preparePlan({ name: 'lab', ...spec }, locateByKey);
  return rowsOfPlan(plan);
}

function rowsOfPlan(plan: Plan) {
  const planned = targetFromPlan(plan);
  const zookeepers = planned.zookeepers.map(({ name }) => ({ name, host: '127.0.0.1', port: 1 }));
  const target = { ...planned, zookeepers };
  return componentRows({ plan, target, client: clusterAt(target).client, parts: [] }, AbortSignal.timeout(20_000));
}

const offset = 40_000;

it('has every component on its machine, ZooKeeper among them, and says in words that it does not answer', async () => {
  const roles = ['zookeeper', 'mesos-master', 'mesos-agent', 'marathon'] as const;
  const one = { name: 'one', address: '192.0.2.1', roles: [...roles] };
  const { plan } = await preparePlan({ name: 'lab', placement: 'machines', nodes: [one] }, locateByKey);
  // Nobody is asked outside of this machine.
  const silent = ['http://127.0.0.1:1'];
  const urls = { ...plan.urls, masters: silent, agents: silent, marathons: silent };
  const rows = await rowsOfPlan({ ...plan, urls });
  expect([...rows].map(([id, { node, state }]) => [id, node, state])).toEqual(
    roles.map((role) => [`one-${role}`, 'one', 'does not answer']),
  );
});

it('leads to something that answers a browser where the root of a component has nothing', async () => {
  const rows = await rowsOf({ addons: ['mesos-dns'], ports: { offset } });
  expect(new URL(rows.get('mesos-dns')?.url ?? '').pathname).toBe('/v1/version');
  expect(new URL(rows.get('agent1')?.url ?? '').pathname).toBe('/help');
});
