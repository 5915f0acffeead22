import type { Plan } from '../../planning/plan/plan.ts';
import { yamlText } from '../../planning/spec-text/write-yaml.ts';
import { filesIn, type GeneratedFile } from '../generated-file.ts';
import { intervalSeconds } from '../metrics/metrics-files.ts';
import { addressInside } from '../text/address-inside.ts';
import { headerComment } from '../text/header-comment.ts';
import { entry, list, map, type Yaml } from '../text/yaml-text.ts';
import { dashboardJson, type Dashboard } from './dashboards/dashboard.ts';
import { dashboards } from './dashboards/dashboards.ts';
import { logsDashboard } from './dashboards/logs-dashboard.ts';

/** A folder of the lab, whose files are mounted where Grafana looks for them. */
export const grafanaFolder = 'grafana';

/** What Grafana can show, by who keeps it. */
const kept = [
  {
    role: 'prometheus',
    title: 'Prometheus',
    dashboards,
    options: [entry('jsonData', map([entry('timeInterval', `${intervalSeconds}s`)]))],
  },
  { role: 'loki', title: 'Loki', dashboards: [logsDashboard], options: [] },
] as const;

const provisioned = (path: string, key: string, item: Yaml): GeneratedFile => ({
  path: `provisioning/${path}`,
  content: headerComment + yamlText(map([entry('apiVersion', 1), entry(key, list([item]))])),
});

/** Configuration of Grafana in labs that have it (its docs/sources/administration/provisioning): data sources and dashboards. */
export function grafanaFiles(plan: Plan): readonly GeneratedFile[] {
  const components = plan.nodes.flatMap((node) => node.components);
  const there = kept.flatMap((source) => {
    const component = components.find(({ role }) => role === source.role);
    return component === undefined ? [] : [{ ...source, url: `http://${addressInside(component)}` }];
  });
  const provider = map([
    ...[entry('name', 'lab'), entry('type', 'file')],
    entry('options', map([entry('path', '/etc/grafana/dashboards')])),
  ]);
  return filesIn(grafanaFolder, [
    ...there.map(({ role, title, url, options }, index) => {
      const source = map([
        ...[entry('name', title), entry('type', role), entry('uid', role)],
        ...[entry('access', 'proxy'), entry('url', url), entry('isDefault', index === 0)],
        ...options,
      ]);
      return provisioned(`datasources/${role}.yml`, 'datasources', source);
    }),
    provisioned('dashboards/lab.yml', 'providers', provider),
    ...there
      .flatMap((source): readonly Dashboard[] => source.dashboards)
      .map((each) => ({ path: `dashboards/${each.id}.json`, content: dashboardJson(each) })),
  ]);
}
