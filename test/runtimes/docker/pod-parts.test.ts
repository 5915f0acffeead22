import { expect, it } from 'vitest';
import type { ClusterSpec } from '../../../planning/shape/cluster-spec.ts';
import { podParts } from '../../../runtimes/docker/agents/pod-parts.ts';
import { readCompose } from '../../support/compose-file.ts';
import { planOf } from '../embedded/plan-of.ts';
import { composeText } from './fake-lab.ts';

it.each<Partial<ClusterSpec>>([
  {},
  { preset: 'ha', counts: { agents: 12 } },
  { images: { set: 'lite' } },
  { agentDocker: 'socket' },
  // Its own Engine does not pull through a cache in the lab.
  { agentDocker: 'socket', addons: ['registry'] },
  { counts: { agents: 0 } },
  { cleaner: { enabled: false } },
  { taskNetwork: 'lab' },
  { taskNetwork: 'lab', agentDocker: 'socket' },
])('what a plan has beside its components is what its Compose file has beside them: %j', async (spec) => {
  const plan = await planOf(spec);
  const components = plan.nodes.flatMap((node) => node.components);
  const parts = components.map(({ service, node, role }) => ({ id: service, node, role }));
  const services = Object.entries(readCompose(composeText(plan)).services).map(([id, { labels = {} }]) => ({
    ...{ id, node: labels['create-mesos-cluster.node'], role: labels['create-mesos-cluster.role'] },
  }));
  const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1);
  expect([...parts, ...podParts(plan)].sort(byId)).toEqual(services.sort(byId));
});
