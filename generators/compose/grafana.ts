import { grafanaFiles, grafanaFolder } from '../grafana/grafana-files.ts';
import type { Builder } from './compose-service.ts';
import { serviceWithFiles } from './mounted-files.ts';

/** Grafana: data sources and dashboards are given, so that nothing of it has to be kept. */
export const grafanaServices: Builder = (component, context) => [
  serviceWithFiles(component, context, {
    files: grafanaFiles(context.plan),
    folders: [
      [`${grafanaFolder}/provisioning`, '/etc/grafana/provisioning'],
      [`${grafanaFolder}/dashboards`, '/etc/grafana/dashboards'],
    ],
  }),
];
