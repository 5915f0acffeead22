import type { Component } from './component.ts';
import { lokiDoc } from './sources.ts';

const httpPort = 3100;

/** Keeps what the collectors send, and answers Grafana; its configuration is in generators/logs. */
export const loki: Component<'loki'> = {
  role: 'loki',
  title: ['Loki', 'Lokis'],
  comesWith: ['logs'],
  needs: { role: 'logs', why: 'Loki keeps what the collectors send' },
  ports: [
    // It knows no passwords: on one host only the collector and Grafana reach it.
    { name: 'http', usual: httpPort, onlyInside: true },
    // Its parts among each other, on loopback; its usual one, 9095, is that of Prometheus.
    { name: 'grpc', usual: httpPort + 1, onMachines: true },
  ],
  memory: { limit: 512, usual: 120 },
  // From 3.6 on its image has no program that could ask for a page (grafana/loki#20149).
  image: { reference: 'grafana/loki:3.5.5', probe: 'wget' },
  probe: { path: '/ready' },
  settings: [],
  arguments: [
    {
      name: '-config.file',
      value: () => ['/etc/loki/loki.yml'],
      why: 'Written by the generator.',
      source: lokiDoc,
    },
  ],
};
