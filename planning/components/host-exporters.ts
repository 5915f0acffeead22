import type { Component } from './component.ts';
import { webListenAddress } from './listen-address.ts';
import { cadvisorDoc, nodeExporterDoc } from './sources.ts';

/** Figures of a machine: processors, memory, disks, network. */
export const nodeExporter: Component<'node-exporter'> = {
  role: 'node-exporter',
  title: ['node-exporter', 'node-exporters'],
  comesWith: ['metrics'],
  isOnEachMachine: true,
  needs: { role: 'prometheus', why: 'it is for Prometheus, which asks it' },
  ports: [{ name: 'http', usual: 9100, onlyInside: true }],
  memory: { limit: 64, usual: 15 },
  image: { reference: 'prom/node-exporter:v1.9.1', probe: 'wget' },
  probe: { path: '/' },
  settings: [],
  arguments: [
    webListenAddress,
    {
      name: '--path.rootfs',
      value: () => ['/host'],
      why: 'The file system of the machine, which the container has there, to read.',
      source: nodeExporterDoc,
    },
  ],
};

const cadvisorPort = 9101;

/** Figures of the containers of a machine's Engine. */
export const cadvisor: Component<'cadvisor'> = {
  role: 'cadvisor',
  title: ['cAdvisor', 'cAdvisors'],
  comesWith: ['metrics'],
  isOnEachMachine: true,
  needs: { role: 'prometheus', why: 'it is for Prometheus, which asks it' },
  // Its usual one, 8080, is Marathon's.
  ports: [{ name: 'http', usual: cadvisorPort, onlyInside: true }],
  memory: { limit: 256, usual: 60 },
  image: { reference: 'gcr.io/cadvisor/cadvisor:v0.49.1', probe: 'wget' },
  probe: { path: '/healthz' },
  settings: [],
  arguments: [
    {
      name: '--listen_ip',
      value: ({ placement, host }) => [placement === 'machines' ? host : '0.0.0.0'],
      why: 'Where Prometheus asks for it.',
      source: cadvisorDoc,
    },
    {
      name: '--port',
      value: ({ port = cadvisorPort }) => [String(port)],
      why: "Not cAdvisor's usual 8080, which is Marathon's.",
      source: cadvisorDoc,
    },
    {
      name: '--docker_only',
      value: () => ['true'],
      why: 'Containers, and not each slice of systemd: those are of the machine.',
      source: cadvisorDoc,
    },
  ],
};
