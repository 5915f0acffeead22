import type { Component } from './component.ts';

/** Names such as `nginx.marathon.mesos` for tasks; its settings are in a file (generators/compose/mesos-dns-config.ts). */
export const mesosDns: Component<'mesos-dns'> = {
  role: 'mesos-dns',
  title: ['Mesos-DNS', 'Mesos-DNS'],
  summary: 'names for tasks',
  needs: { role: 'mesos-master', why: 'Mesos-DNS reads the tasks from a master' },
  waitsFor: ['zookeeper', 'mesos-master'],
  ports: [
    { name: 'http', usual: 8123 },
    { name: 'dns', usual: 53 },
  ],
  memory: { limit: 128, usual: 30 },
  image: {
    reference: 'mesosphere/mesos-dns:v0.6.0',
    onlyPlatform: 'linux/amd64',
    command: ['/mesos-dns', '-config=/config.json'],
    probe: 'wget',
  },
  probe: { path: '/v1/version' },
  page: { title: 'Mesos-DNS' },
  settings: [],
};
