import type { Component, LabFacts } from './component.ts';
import { zookeeperAdmin, zookeeperImage } from './sources.ts';

/** The port for followers, and the one for elections (zoo.cfg, `server.N=host:2888:3888`). */
export const zookeeperPeerPort = 2888;
export const zookeeperElectionPort = 3888;

const members = ({ zookeepers }: LabFacts): string => zookeepers.map(({ host }) => host).join(', ');

export const zookeeper: Component<'zookeeper'> = {
  role: 'zookeeper',
  title: ['ZooKeeper', 'ZooKeepers'],
  ports: [
    { name: 'client', usual: 2181 },
    { name: 'peer', usual: zookeeperPeerPort },
    { name: 'election', usual: zookeeperElectionPort },
  ],
  // At rest 51 MB were measured.
  memory: { limit: 512, usual: 100 },
  image: { reference: 'zookeeper:3.9', probe: 'bash' },
  settings: [
    {
      name: 'ZOO_MY_ID',
      value: ({ zookeeperId }) => zookeeperId,
      why: 'The myid of this member: `zookeeperId` of its node, or the lowest free number in the order of the nodes. Unique, 1 to 255.',
      source: `${zookeeperAdmin}, "Clustered (Multi-Server) Setup"; ${zookeeperImage}`,
    },
    {
      name: 'ZOO_SERVERS',
      value: ({ zooServers }) => zooServers,
      why: (lab) =>
        `One server.ID=HOST:${zookeeperPeerPort}:${zookeeperElectionPort};CLIENT for each of the ${lab.zookeepers.length} ZooKeepers (${members(lab)}): ${zookeeperPeerPort} for followers, ${zookeeperElectionPort} for elections.`,
      source: zookeeperImage,
      comment: 'All members, the same line on each; the client port behind the semicolon is set nowhere else.',
    },
    {
      name: 'ZOO_4LW_COMMANDS_WHITELIST',
      value: () => 'srvr,ruok,mntr',
      why: 'The four-letter words that health checks and people use.',
      source: `${zookeeperAdmin}, 4lw.commands.whitelist`,
      comment: 'Only srvr by default; ruok and mntr let checks ask.',
    },
    {
      name: 'ZOO_ADMINSERVER_ENABLED',
      value: () => false,
      why: "ZooKeeper's AdminServer listens on 8080, which is Marathon's port where both use the host's network.",
      source: zookeeperImage,
      comment: "Would listen on 8080, Marathon's port.",
    },
    {
      name: 'ZOO_AUTOPURGE_PURGEINTERVAL',
      value: () => 1,
      why: 'Old snapshots and logs are removed every hour, so that a lab left running does not fill the disk.',
      source: `${zookeeperAdmin}, autopurge.purgeInterval`,
      comment: 'Hours; 0, the default, keeps old snapshots for ever.',
    },
    {
      name: 'JVMFLAGS',
      value: () => '-Xmx256m',
      why: 'Heap of ZooKeeper: enough for a lab, and half of the memory limit of its container.',
      source: zookeeperImage,
      comment: 'Half of the memory limit.',
    },
  ],
};
