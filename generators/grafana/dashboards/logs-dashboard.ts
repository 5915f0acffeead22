import { lines, logLines, type Dashboard } from './dashboard.ts';

const ofComponents = '{source="component",node=~"$component"} |~ `$grep`';
const ofTasks = '{source="task",app=~"$app"} |~ `$grep`';
const counted = (by: string, selected: string) => `sum by (${by}) (count_over_time(${selected} [$__auto]))`;

/** What Grafana shows of what components and tasks say. */
export const logsDashboard: Dashboard = {
  id: 'logs',
  title: 'Mesos: what components and tasks say',
  keptBy: 'loki',
  variables: [
    { kind: 'several', name: 'component', label: 'node', of: '{source="component"}' },
    { kind: 'several', name: 'app', label: 'app', of: '{source="task"}' },
    { kind: 'text', name: 'grep' },
  ],
  panels: [
    lines('Lines of components', 'short', [counted('node', ofComponents), '{{node}}']),
    lines('Lines of apps', 'short', [counted('app', ofTasks), '{{app}}']),
    logLines('Components', ofComponents),
    logLines('Tasks', ofTasks),
  ],
};
