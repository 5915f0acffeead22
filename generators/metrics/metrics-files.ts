import type { Plan, PlannedComponent } from '../../planning/plan/plan.ts';
import type { Role } from '../../planning/catalogue/roles.ts';
import { hostInUrl } from '../../protocol/host-in-url.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { yamlText } from '../../planning/spec-text/write-yaml.ts';
import { headerComment } from '../text/header-comment.ts';
import { entry, list, map } from '../text/yaml-text.ts';
import { alertTiming } from './alert-rules.ts';
import { dashboardJson, prometheusUid } from './dashboards/dashboard.ts';
import { dashboards } from './dashboards/dashboards.ts';
import { prometheusFiles, type ScrapeJob } from './prometheus-files.ts';

/** Folders of the lab, whose files are mounted where the programs look for them. */
export const prometheusFolder = 'metrics/prometheus';
export const grafanaFolder = 'metrics/grafana';

/** What is asked, and how the jobs are called. */
const scraped = [
  ['mesos', 'metrics'],
  ['prometheus', 'prometheus'],
  ['node', 'node-exporter'],
  ['cadvisor', 'cadvisor'],
  ['autoscaler', 'autoscaler'],
] as const satisfies readonly (readonly [string, Role])[];

/** As often as an exporter is asked that costs little. */
const intervalSeconds = 10;

const addressOf = ({ host, ports }: PlannedComponent) => `${hostInUrl(host)}:${ports[0]?.target ?? 0}`;

/** Configuration of Prometheus and Grafana in labs that have them: by which they find what they ask, and what is drawn. */
export function metricsFiles(plan: Plan): readonly GeneratedFile[] {
  const components = plan.nodes.flatMap((node) => node.components);
  const ofRole = (role: Role) => components.filter((component) => component.role === role);
  const jobs = scraped.map(([name, role]): ScrapeJob => ({ name, addresses: ofRole(role).map(addressOf) }));
  const [prometheus] = ofRole('prometheus');
  const inFolder = (folder: string, files: readonly GeneratedFile[]) =>
    files.map(({ path, ...file }) => ({ ...file, path: `${folder}/${path}` }));
  return [
    ...inFolder(prometheusFolder, prometheusFiles({ jobs, intervalSeconds, timing: alertTiming(plan) })),
    ...(prometheus === undefined ? [] : inFolder(grafanaFolder, grafanaFiles(`http://${addressOf(prometheus)}`))),
  ];
}

/** Of Grafana (its docs/sources/administration/provisioning): where the figures are, and the dashboards. */
function grafanaFiles(prometheusUrl: string): readonly GeneratedFile[] {
  const source = map([
    ...[entry('name', 'Prometheus'), entry('type', 'prometheus'), entry('uid', prometheusUid)],
    ...[entry('access', 'proxy'), entry('url', prometheusUrl), entry('isDefault', true)],
    entry('jsonData', map([entry('timeInterval', `${intervalSeconds}s`)])),
  ]);
  const provider = map([
    ...[entry('name', 'lab'), entry('type', 'file')],
    entry('options', map([entry('path', '/etc/grafana/dashboards')])),
  ]);
  const file = (path: string, key: string, item: typeof source) => ({
    path: `provisioning/${path}`,
    content: headerComment + yamlText(map([entry('apiVersion', 1), entry(key, list([item]))])),
  });
  return [
    file('datasources/prometheus.yml', 'datasources', source),
    file('dashboards/lab.yml', 'providers', provider),
    ...dashboards.map((each) => ({ path: `dashboards/${each.id}.json`, content: dashboardJson(each) })),
  ];
}
