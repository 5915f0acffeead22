import type { RunningLab } from '../runtimes/cluster-runtime.ts';
import type { LabStatus } from './lab-status.ts';
import { table } from './table.ts';

/** A status for people. */
export function statusText({ plan, processId }: RunningLab, { components, apps, tasks }: LabStatus): string {
  const process = processId === undefined ? '' : `, process ${processId}`;
  const parts = [
    `Lab ${plan.name} (embedded${process}); Docker containers are simulated.\n`,
    table(
      ['COMPONENT', 'ROLE', 'STATE', 'URL', ''],
      components.map(({ id, role, state, url, detail = '' }) => [id, role, state, url, detail]),
    ),
  ];
  if (apps.length > 0) {
    const rows = apps.map((app) => [
      app.id,
      `${app.running} of ${app.instances}`,
      app.checked ? String(app.healthy) : '-',
      app.deploying ? 'deploying' : '',
      app.urls.join(' '),
    ]);
    parts.push(table(['APP', 'RUNNING', 'HEALTHY', '', 'SERVICE'], rows));
  }
  if (tasks.length > 0) {
    const rows = tasks.map(({ id, state, host, ports }) => [
      id,
      state,
      [host, ports.join(',')].join(':').replace(/:$/, ''),
    ]);
    parts.push(table(['TASK', 'STATE', 'ADDRESS'], rows));
  }
  return parts.join('\n');
}
