import type { Component } from './component.ts';
import { webListenAddress } from './listen-address.ts';
import { prometheusDoc } from './sources.ts';

/** Asks the exporters, keeps what they say, and knows when to warn; its configuration is in generators/metrics. */
export const prometheus: Component<'prometheus'> = {
  role: 'prometheus',
  title: ['Prometheus', 'Prometheuses'],
  comesWith: ['metrics'],
  needs: { role: 'metrics', why: 'Prometheus asks the metrics exporter' },
  waitsFor: ['metrics'],
  // Its usual one, 9090, is that of the load balancer's statistics.
  ports: [{ name: 'http', usual: 9095 }],
  memory: { limit: 512, usual: 120 },
  image: { reference: 'prom/prometheus:v3.5.0', probe: 'wget' },
  probe: { path: '/-/healthy' },
  page: { title: 'Prometheus (figures and alerts)', path: '/alerts' },
  settings: [],
  arguments: [
    {
      name: '--config.file',
      value: () => ['/etc/prometheus/prometheus.yml'],
      why: 'Written by the generator, with the rules of the alerts beside it.',
      source: prometheusDoc,
    },
    {
      name: '--storage.tsdb.path',
      value: () => ['/prometheus'],
      why: 'Where the volume of the image is.',
      source: prometheusDoc,
    },
    {
      name: '--storage.tsdb.retention.size',
      value: () => ['1GB'],
      why: 'A lab that is left running does not fill the disk.',
      source: prometheusDoc,
    },
    webListenAddress,
  ],
};
