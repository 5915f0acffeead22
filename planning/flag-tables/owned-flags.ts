import type { FlagProgram } from './find-flag.ts';

/** Flags that the plan derives, and the key of the spec that changes them. Passed through, they would contradict it. */
export const ownedFlags: Readonly<Record<FlagProgram, Readonly<Record<string, string>>>> = {
  'mesos-master': {
    zk: 'it is derived from the ZooKeeper nodes; mesos.zkPath sets its path',
    quorum: 'use mesos.quorum, or nothing: it is derived',
    work_dir: 'use mesos.workDir',
    cluster: 'use mesos.cluster',
    port: 'use ports.mesos-master',
    hostname: "it is the node's name or address; use nodes",
    ip: "it is the node's address; use nodes",
    advertise_ip: "it is the node's address; use nodes",
    advertise_port: 'use ports.mesos-master',
  },
  'mesos-agent': {
    master: 'it is derived from the ZooKeeper nodes; mesos.zkPath sets its path',
    work_dir: 'use mesos.workDir',
    port: 'use ports.mesos-agent',
    hostname: "it is the node's name or address; use nodes",
    ip: "it is the node's address; use nodes",
    advertise_ip: "it is the node's address; use nodes",
    advertise_port: 'use ports.mesos-agent',
    resources: 'use mesos.agent.resources, or resources of a node',
    attributes: 'use mesos.agent.attributes, or attributes of a node',
  },
  marathon: {
    master: 'it is derived from the ZooKeeper nodes; mesos.zkPath sets its path',
    zk: 'it is derived from the ZooKeeper nodes; marathon.zkPath sets its path',
    hostname: "it is the node's name or address; use nodes",
    http_address: "it is the node's address; use nodes",
    http_port: 'use ports.marathon',
  },
};
