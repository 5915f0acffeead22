import type { Component } from './component.ts';
import { alloyDoc } from './sources.ts';

/** Its usual one. */
const alloyPort = 12345;

/** What components and tasks of a machine say, for Loki; its configuration is in generators/logs. */
export const logs: Component<'logs'> = {
  role: 'logs',
  title: ['log collector', 'log collectors'],
  summary: 'what components and tasks say, to search: a collector, Loki, Grafana',
  isOnEachMachine: true,
  ports: [{ name: 'http', usual: alloyPort, onlyInside: true }],
  memory: { limit: 256, usual: 100 },
  // It has no program that asks for a page but a shell (Dockerfile of grafana/alloy).
  image: { reference: 'grafana/alloy:v1.13.0', probe: 'bash' },
  probe: { path: '/-/ready', onLoopback: true },
  settings: [],
  arguments: [
    {
      name: 'run',
      value: () => ['/etc/alloy/config.alloy'],
      why: 'Written by the generator.',
      source: alloyDoc,
    },
    {
      name: '--storage.path',
      value: () => ['/positions'],
      why: 'How far it has read: in a volume, so that nothing is sent twice after a restart.',
      source: alloyDoc,
    },
    {
      name: '--server.http.listen-addr',
      value: ({ port = alloyPort }) => [`127.0.0.1:${port}`],
      why: 'For its health check alone: its page shows, and reloads, what it reads.',
      source: alloyDoc,
    },
    { name: '--disable-reporting', value: () => [], why: 'A lab tells nobody about itself.', source: alloyDoc },
  ],
};
