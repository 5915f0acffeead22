import type { Component, ComponentArgument } from './component.ts';
import { listenAddress } from './listen-address.ts';
import { metricsDoc, prometheusPorts } from './sources.ts';

const each = (
  name: string,
  why: string,
  urls: (context: Parameters<ComponentArgument['value']>[0]) => readonly string[],
) => ({ name, value: (context) => [urls(context).join(',')], why, source: metricsDoc }) satisfies ComponentArgument;

/** Figures of the whole cluster for Prometheus: a program of ours in every image set; Prometheus and others come with it. */
export const metrics: Component<'metrics'> = {
  role: 'metrics',
  title: ['metrics exporter', 'metrics exporters'],
  summary: 'figures and alerts: an exporter, Prometheus, Grafana, cAdvisor and node-exporter',
  needs: { role: 'mesos-master', why: 'the exporter finds the agents through a master' },
  waitsFor: ['zookeeper', 'mesos-master'],
  ports: [{ name: 'http', usual: 9105 }],
  memory: { limit: 256, usual: 60 },
  probe: { path: '/-/healthy' },
  page: { title: 'Metrics for Prometheus', path: '/metrics' },
  settings: [],
  arguments: [
    {
      name: '--listen',
      value: (context) => [listenAddress(context)],
      why: 'Its port is that of Mesos exporters in the list of Prometheus.',
      source: prometheusPorts,
    },
    each('--masters', 'All masters; it finds the agents through the one that leads.', ({ masterUrls }) => masterUrls),
    each('--marathons', 'Each Marathon; apps and queue are those of the leader.', ({ marathonUrls }) => marathonUrls),
    each('--load-balancers', 'The statistics of HAProxy, as CSV.', ({ statisticsUrls }) => statisticsUrls),
    each('--zookeepers', 'Each of them is asked mntr, which is in its whitelist.', ({ zookeeperConnect }) =>
      zookeeperConnect.split(','),
    ),
  ],
};
