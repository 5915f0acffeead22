import { metricsFiles, prometheusFolder } from '../metrics/metrics-files.ts';
import { dockerSocket, type Builder } from './compose-service.ts';
import { serviceWithFiles } from './mounted-files.ts';
import { plainService } from './plain-service.ts';

/** Prometheus: its configuration and rules, and a volume for what it keeps. */
export const prometheusServices: Builder = (component, context) => {
  const volume = `${component.service}-data`;
  const service = serviceWithFiles(component, context, {
    files: metricsFiles(context.plan),
    folders: [[prometheusFolder, '/etc/prometheus']],
    namedVolumes: [{ name: volume }],
    volumes: [`${volume}:/prometheus`],
  });
  return [service];
};

/** It looks at the machine's own file systems (README of node_exporter). */
export const nodeExporterServices: Builder = (component, context) => [
  plainService(component, context, { volumes: ['/:/host:ro'] }),
];

/** It asks the machine's Engine for names, and reads the rest of its files (docs/running.md of cAdvisor). */
export const cadvisorServices: Builder = (component, context) => [
  plainService(component, context, {
    volumes: ['/:/rootfs:ro', '/sys:/sys:ro', '/var/lib/docker:/var/lib/docker:ro', `${dockerSocket}:ro`],
  }),
];
