import { describe, expect, it } from 'vitest';
import { agentChanges } from '../../planning/plan/agent-changes.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import { editSpecText } from '../../planning/spec-text/edit-spec.ts';
import { loadSpec } from '../../planning/spec-text/load-spec.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';

const place = () => ({ kind: 'file' as const, file: 'mesos-cluster.yaml', line: 4, column: 1 });
const changes = (spec: Partial<ClusterSpec>, wanted: number) => agentChanges({ name: 'lab', ...spec }, wanted, place);
const agent = (name: string, address: string, more = {}) => ({
  name,
  address,
  roles: ['mesos-agent' as const],
  ...more,
});
const central = { name: 'central', address: '10.0.0.9', roles: ['mesos-master' as const, 'mesos-agent' as const] };

describe('another number of agents', () => {
  it('is a count where nodes are counted', () => {
    expect(changes({ preset: 'ha' }, 5)).toEqual([{ path: ['counts', 'agents'], value: 5 }]);
  });

  it('is more machines of Vagrant, like the last agent, with the next names and addresses', () => {
    const text = editSpecText('# mine\nname: lab\npreset: three-vm # three\n', changes({ preset: 'three-vm' }, 4));
    const { spec } = loadSpec(Buffer.from(text), 'mesos-cluster.yaml');
    const { nodes, vagrant } = planCluster(spec);
    expect(vagrant?.provider).toBe('virtualbox');
    expect(nodes.map(({ name, address, components }) => [name, address, components.length])).toEqual([
      ['node1', '192.168.59.11', 4],
      ['node2', '192.168.59.12', 1],
      ['node3', '192.168.59.13', 1],
      ['node4', '192.168.59.14', 1],
      ['node5', '192.168.59.15', 1],
    ]);
    expect(text).toMatch(/^# mine\nname: lab\npreset: three-vm # three\nnodes:/);
  });

  it('leaves a spec as it is that has so many', () => {
    expect(changes({ preset: 'three-vm' }, 2)).toEqual([]);
  });

  it('leaves the nodes of the file as they are written, and adds behind them', () => {
    const nodes = [central, agent('w7', '10.0.0.7', { attributes: { rack: 'a' } }), agent('w8', '10.0.0.6')];
    const spec = { nodes, vagrant: {}, placement: 'machines' as const };
    expect(changes(spec, 4)).toEqual([{ path: ['nodes', 3], value: agent('w9', '10.0.0.10') }]);
    expect(changes(spec, 3)).toEqual([]);
  });

  it('is fewer machines, the last ones, of those that are nothing but agents', () => {
    const nodes = [central, agent('w1', '10.0.0.1'), agent('w2', '10.0.0.2')];
    const spec = { nodes, vagrant: {}, placement: 'machines' as const };
    expect(changes(spec, 1)).toEqual([
      { path: ['nodes', 2], value: undefined },
      { path: ['nodes', 1], value: undefined },
    ]);
    expect(() => changes({ ...spec, nodes: [central, agent('w1', '10.0.0.1')] }, 0)).toThrow(
      'only one machine has an agent and nothing else, and 2 would go',
    );
  });

  it('is refused where no address is left', () => {
    const spec = { nodes: [agent('w1', '10.0.0.254')], vagrant: {}, placement: 'machines' as const };
    expect(() => changes(spec, 2)).toThrow('10.0.0.0/24 has no address left');
    expect(() => changes({ ...spec, nodes: [agent('w1', 'a.example')] }, 2)).toThrow('no IPv4 addresses');
  });

  it('is refused where the machines are somebody’s own', () => {
    expect(() => changes({ preset: 'two-host' }, 3)).toThrow('names its machines one by one');
  });
});
