import { describe, expect, it } from 'vitest';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import { checkSpec } from '../../planning/rules/check-spec.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';

const problemsOf = async (spec: Partial<ClusterSpec>) =>
  (await checkSpec({ name: 'lab', ...spec })).map(({ severity, code, path, found, fix }) => [
    ...[severity, code, path.join('.')],
    ...[found, fix],
  ]);
const planOf = (spec: Partial<ClusterSpec>) => planCluster({ name: 'lab', ...spec });

describe('the network of tasks of a plan', () => {
  it('is none unless the spec names one', () => {
    expect(planOf({})).not.toHaveProperty('taskNetwork');
    expect(planOf({})).not.toHaveProperty('network');
  });

  it("has addresses of the lab's own network where agents have Engines of their own", () => {
    const { taskNetwork, network } = planOf({ taskNetwork: 'apps' });
    expect(taskNetwork).toMatchObject({ name: 'apps' });
    expect(network).toEqual({ addresses: expect.objectContaining({ subnet: expect.stringMatching(/\/21$/) }) });
  });

  it("is the lab's own network where they share one", () => {
    expect(planOf({ taskNetwork: 'apps', agentDocker: 'socket' }).network).toEqual({ name: 'apps' });
    expect(planOf({ taskNetwork: 'apps', agentDocker: 'socket', addons: ['mesos-dns'] }).network).toEqual({
      ...{ name: 'apps', addresses: expect.objectContaining({ subnet: expect.stringMatching(/\/24$/) }) },
    });
  });

  it('is what Marathon takes for a network without a name, unless the spec says another', () => {
    const defaultOf = (spec: Partial<ClusterSpec>) =>
      planOf(spec)
        .nodes.flatMap(({ components }) => components.flatMap(({ environment }) => environment))
        .find(({ name }) => name === 'MARATHON_DEFAULT_NETWORK_NAME')?.value;
    expect(defaultOf({})).toBeUndefined();
    expect(defaultOf({ taskNetwork: 'apps' })).toBe('apps');
    expect(defaultOf({ taskNetwork: 'apps', marathon: { flags: { default_network_name: 'mine' } } })).toBe('mine');
  });
});

describe('a spec with a network of tasks', () => {
  it.each<Partial<ClusterSpec>>([
    { taskNetwork: 'lab' },
    {
      taskNetwork: 'apps-2',
      agentDocker: 'socket',
      counts: { agents: 29 },
      mesos: { agent: { resources: 'ports:[1-2]' } },
    },
    { taskNetwork: 'lab', counts: { agents: 28 } },
  ])('is right with %j', async (spec) => {
    expect(await problemsOf(spec)).toEqual([]);
  });

  it.each<[Partial<ClusterSpec>, readonly unknown[]]>([
    [{ taskNetwork: 'My Net' }, ['error', 'SPEC_NAME', 'taskNetwork', '"My Net"', 'Write my-net']],
    [{ taskNetwork: '' }, ['error', 'SPEC_NAME', 'taskNetwork', '""', 'Write lab']],
    [{ taskNetwork: 'bridge' }, ['error', 'SPEC_NAME', 'taskNetwork', '"bridge"', 'Write lab']],
    [
      { taskNetwork: 'lab', counts: { agents: 29 } },
      ['error', 'SPEC_VALUE', 'counts.agents', '29 agents', 'Make it 28, or remove taskNetwork'],
    ],
    [
      { taskNetwork: 'lab', preset: 'three-vm' },
      [
        ...['error', 'SPEC_COMBINATION', 'taskNetwork', 'taskNetwork and placement machines'],
        expect.stringContaining('docker network create'),
      ],
    ],
  ])('is told of what it cannot have: %j', async (spec, problem) => {
    expect(await problemsOf(spec)).toEqual([problem]);
  });
});
