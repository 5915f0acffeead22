import { describe, expect, it } from 'vitest';
import { agentsChange } from '../../../../runtimes/embedded/agents/agents-change.ts';
import { embeddedCluster } from '../../../../runtimes/embedded/embedded-cluster.ts';
import type { ClusterSpec } from '../../../../planning/shape/cluster-spec.ts';
import { planOf } from '../plan-of.ts';

const bounds: Omit<ClusterSpec, 'name'> = { addons: ['autoscaler'], autoscale: { agents: { min: 1, max: 5 } } };

const clusterOf = async (agents: number, spec: Omit<ClusterSpec, 'name'> = bounds) =>
  embeddedCluster(await planOf({ ...spec, counts: { agents } }), { ownAddresses: true });

/** As a record has it. */
const read = <Each extends object>(value: Each) => JSON.parse(JSON.stringify(value)) as Each;

describe('what differs between two clusters', () => {
  it('are agents that come and go, where ports are kept for so many', async () => {
    const [two, four] = [await clusterOf(2), await clusterOf(4)];
    const [third, fourth] = four.agents.slice(2);
    expect(agentsChange(read(two), four)).toEqual({ added: [third, fourth], gone: [] });
    expect(agentsChange(read(four), two)).toEqual({ added: [], gone: [third, fourth] });
    expect(agentsChange(read(two), two)).toEqual({ added: [], gone: [] });
  });

  it('is more where agents divide all ports among themselves', async () => {
    expect(agentsChange(read(await clusterOf(2, {})), await clusterOf(3, {}))).toBeUndefined();
  });

  it('is more where something else is changed, too', async () => {
    const two = read(await clusterOf(2));
    expect(agentsChange(two, await clusterOf(3, { ...bounds, ports: { marathon: 9999 } }))).toBeUndefined();
    const otherBounds = { ...bounds, autoscale: { agents: { min: 1, max: 6 } } };
    expect(agentsChange(two, await clusterOf(2, otherBounds))).toBeUndefined();
  });
});
