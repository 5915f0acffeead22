import type { ClusterSpec } from '../shape/cluster-spec.ts';
import type { PresetName } from './roles.ts';

/** What a preset says; everything in it can be overridden by the spec that names it. */
export interface Preset {
  /** One line for the question and the README. */
  readonly title: string;
  /** Which published set-up it reproduces, if any. */
  readonly source?: string;
  readonly spec: Pick<ClusterSpec, 'placement' | 'counts' | 'nodes' | 'vagrant' | 'addons' | 'mesos'>;
}

export const defaultPreset = 'single' satisfies PresetName;

/** Every preset, by name. */
export const presets: Readonly<Record<PresetName, Preset>> = {
  single: {
    title: 'one host: 1 ZooKeeper, 1 master, 2 agents, Marathon, load balancer',
    spec: {
      placement: 'one-host',
      counts: { zookeepers: 1, masters: 1, agents: 2, marathons: 1, loadBalancers: 1 },
    },
  },
  ha: {
    title: 'one host, highly available: 3 ZooKeepers, 3 masters (quorum 2), 3 agents',
    spec: {
      placement: 'one-host',
      counts: { zookeepers: 3, masters: 3, agents: 3, marathons: 1, loadBalancers: 1 },
    },
  },
  'three-vm': {
    title: 'three virtual machines (Vagrant): one with everything central, two agents',
    source: 'kiwenlau/mesos-marathon-platform',
    spec: {
      placement: 'machines',
      // Published as 192.168.59.1-3; .1 is the host's own adapter on a host-only network, so the lab counts from .11.
      nodes: [
        { name: 'node1', address: '192.168.59.11', roles: ['zookeeper', 'mesos-master', 'marathon', 'marathon-lb'] },
        { name: 'node2', address: '192.168.59.12', roles: ['mesos-agent'] },
        { name: 'node3', address: '192.168.59.13', roles: ['mesos-agent'] },
      ],
      vagrant: { provider: 'virtualbox' },
    },
  },
  'two-host': {
    title: 'two machines: master, agent, Marathon and Chronos together, and a second agent',
    source: 'the Chronos article (test166, test167)',
    spec: {
      placement: 'machines',
      nodes: [
        {
          name: 'test166',
          address: '10.86.255.166',
          roles: ['zookeeper', 'mesos-master', 'mesos-agent', 'marathon', 'chronos'],
        },
        { name: 'test167', address: '10.86.255.167', roles: ['mesos-agent'] },
      ],
    },
  },
  'three-master': {
    title: 'three machines, each ZooKeeper, master, agent and Marathon (ZooKeeper ids 2, 3, 4)',
    source: '"Docker from beginner to practice", Mesos chapter',
    spec: {
      placement: 'machines',
      mesos: { cluster: 'MesosCluster' },
      nodes: [2, 3, 4].map((id) => ({
        name: `mesos${id}`,
        address: `10.0.0.${id}`,
        zookeeperId: id,
        roles: ['zookeeper', 'mesos-master', 'mesos-agent', 'marathon'],
      })),
    },
  },
};
