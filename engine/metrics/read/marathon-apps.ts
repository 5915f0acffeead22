import { listAt, numberAt, textAt, valueAt } from '../../../protocol/json.ts';
import type { Family, Measure } from '../../../protocol/exposition.ts';

const gauge = (name: string, help: string): Family => ({ name: `marathon_${name}`, kind: 'gauge', help });

/** By the fields of an app with `embed=apps.counts`. */
const ofApps: Readonly<Record<string, Family>> = {
  instances: gauge('app_instances', 'How many instances the app shall have.'),
  tasksRunning: gauge('app_tasks_running', 'Tasks of the app that run.'),
  tasksStaged: gauge('app_tasks_staged', 'Tasks of the app that are being started.'),
  tasksHealthy: gauge('app_tasks_healthy', 'Tasks of the app whose health checks pass.'),
  tasksUnhealthy: gauge('app_tasks_unhealthy', 'Tasks of the app with a health check that fails.'),
};

const deployments = gauge('app_deployments', 'Deployments that change the app.');

/** `/v2/apps?embed=apps.counts&embed=apps.deployments` of the leading Marathon. */
export const appMeasures = (answer: unknown): readonly Measure[] =>
  listAt(answer, 'apps').flatMap((app) => {
    const labels = { app: textAt(app, 'id') ?? '' };
    const counts = Object.entries(ofApps).flatMap(([field, family]): readonly Measure[] => {
      const value = numberAt(app, field);
      return value === undefined ? [] : [{ family, labels, value }];
    });
    return [...counts, { family: deployments, labels, value: listAt(app, 'deployments').length }];
  });

const queueSize = gauge('queue_size', 'Entries of the launch queue: apps and pods that wait.');
const waiting = gauge('queue_instances', 'Instances that wait for an offer, or for the end of a delay.');
const delay = gauge(
  'queue_delay_seconds',
  'How long Marathon waits until it starts the next one, as the last ones failed.',
);
const unused = {
  name: 'marathon_queue_offers_unused_total',
  kind: 'counter',
  help: 'Offers that were of no use for the instances, since they wait.',
} as const satisfies Family;

/** `/v2/queue` of the leading Marathon. */
export function queueMeasures(answer: unknown): readonly Measure[] {
  const entries = listAt(answer, 'queue');
  const measures = entries.flatMap((entry) => {
    const labels = { app: textAt(entry, 'app', 'id') ?? textAt(entry, 'pod', 'id') ?? '' };
    return [
      ...numberOf(waiting, labels, numberAt(entry, 'count')),
      ...numberOf(delay, labels, numberAt(entry, 'delay', 'timeLeftSeconds')),
      ...numberOf(unused, labels, numberAt(entry, 'processedOffersSummary', 'unusedOffersCount')),
    ];
  });
  return valueAt(answer, 'queue') === undefined
    ? []
    : [{ family: queueSize, labels: {}, value: entries.length }, ...measures];
}

const numberOf = (family: Family, labels: Measure['labels'], value: number | undefined): readonly Measure[] =>
  value === undefined ? [] : [{ family, labels, value }];
