import type { Component } from './component.ts';
import { libprocessAddress, ownAddress } from './mesos-settings.ts';
import { chronosDoc, chronosScript } from './sources.ts';

const libprocessPort = 4401;

/** Cron for Mesos. Keeps its jobs in ZooKeeper. */
export const chronos: Component<'chronos'> = {
  role: 'chronos',
  title: ['Chronos', 'Chronos'],
  summary: 'jobs that run at given times',
  needs: { role: 'mesos-master', why: 'Chronos gets its offers from a master' },
  waitsFor: ['zookeeper', 'mesos-master'],
  ports: [
    { name: 'http', usual: 4400 },
    { name: 'libprocess', usual: libprocessPort },
  ],
  memory: { limit: 1024, usual: 450 },
  image: { reference: 'mesosphere/chronos:v3.0.2', onlyPlatform: 'linux/amd64', probe: 'bash' },
  probe: { path: '/ping', onLoopback: true, startsSlowly: true },
  page: { title: 'Chronos (jobs)' },
  settings: [
    {
      name: 'PORT0',
      value: ({ port }) => port,
      why: 'The image passes it to --http_port.',
      source: chronosScript,
      comment: 'Web page and API.',
    },
    {
      name: 'PORT1',
      value: () => libprocessPort,
      why: 'The image passes it to LIBPROCESS_PORT.',
      source: chronosScript,
      comment: 'libprocess.',
    },
    {
      name: 'JVM_OPTS',
      value: () => '-Xmx512m',
      why: 'Heap of Chronos; its old Java would take a quarter of the machine and not of the container.',
      source: chronosScript,
      comment: 'Half of the memory limit; its old Java would look at the whole machine.',
    },
    libprocessAddress(ownAddress),
  ],
  arguments: [
    {
      name: '--zk_hosts',
      value: ({ zookeeperConnect }) => [zookeeperConnect],
      why: 'All ZooKeepers; Chronos keeps its jobs there.',
      source: chronosDoc,
    },
    { name: '--master', value: ({ mesosZk }) => [mesosZk], why: 'The same URL as MESOS_ZK.', source: chronosDoc },
    {
      name: '--hostname',
      value: ({ host }) => [host],
      why: 'What the other machines reach Chronos by.',
      source: chronosDoc,
    },
  ],
};
