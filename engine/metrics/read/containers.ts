import { numberAt, textAt, valueAt } from '../../../protocol/json.ts';
import type { Family, Labels, Measure } from '../../../protocol/exposition.ts';

const gauge = (name: string, help: string): Family => ({ name: `mesos_container_${name}`, kind: 'gauge', help });
const counter = (name: string, help: string): Family => ({
  name: `mesos_container_${name}_total`,
  kind: 'counter',
  help,
});

const cpuTime = counter('cpu_seconds', 'Processor time that the container took.');
const received = counter('network_receive_bytes', 'What came to the network of the container.');
const sent = counter('network_transmit_bytes', 'What the network of the container sent.');

interface Figure {
  readonly family: Family;
  readonly labels?: Labels;
}

/** By the fields of ResourceStatistics (mesos.proto). */
const figures: Readonly<Record<string, Figure>> = {
  cpus_user_time_secs: { family: cpuTime, labels: { mode: 'user' } },
  cpus_system_time_secs: { family: cpuTime, labels: { mode: 'system' } },
  cpus_limit: { family: gauge('cpus_limit', 'Processors that the container may use.') },
  cpus_soft_limit: { family: gauge('cpus_reserved', 'Processors that the container has for itself.') },
  cpus_nr_periods: { family: counter('cpu_periods', 'Periods of the scheduler with a bound on the container.') },
  cpus_nr_throttled: { family: counter('cpu_throttled_periods', 'Periods in which the container was held back.') },
  cpus_throttled_time_secs: { family: counter('cpu_throttled_seconds', 'How long the container was held back.') },
  mem_limit_bytes: { family: gauge('memory_limit_bytes', 'Memory that the container may use.') },
  mem_soft_limit_bytes: { family: gauge('memory_reserved_bytes', 'Memory that the container has for itself.') },
  mem_rss_bytes: { family: gauge('memory_rss_bytes', 'Memory of the processes of the container.') },
  mem_total_bytes: { family: gauge('memory_usage_bytes', 'All memory that is accounted to the container.') },
  disk_limit_bytes: { family: gauge('disk_limit_bytes', 'How large the sandbox of the container may be.') },
  disk_used_bytes: { family: gauge('disk_used_bytes', 'How large the sandbox of the container is.') },
  net_rx_bytes: { family: received },
  net_tx_bytes: { family: sent },
};

/**
 * `/monitor/statistics` of an agent: what each container uses, with the app of Marathon that it is of.
 * @param agent the label that says whose they are
 */
export function containerMeasures(statistics: unknown, agent: string): readonly Measure[] {
  if (!Array.isArray(statistics)) return [];
  return statistics.flatMap((container: unknown) => {
    const [executor, framework] = [textAt(container, 'executor_id'), textAt(container, 'framework_id')];
    // One below another, or one that no framework asked for.
    if (executor === undefined || framework === undefined) return [];
    const labels = { agent, app: appOfExecutor(executor), framework_id: framework, executor_id: executor };
    const values = valueAt(container, 'statistics');
    return Object.entries(figures).flatMap(([field, figure]): readonly Measure[] => {
      const value = numberAt(values, field);
      return value === undefined ? [] : [{ family: figure.family, labels: { ...labels, ...figure.labels }, value }];
    });
  });
}

/**
 * `/shop/web` of `shop_web.instance-UUID._app.1`, `marathon-…` of an executor and `shop_web.UUID` of older Marathons, whose
 * ids have underscores for slashes (Task.scala, Instance.scala); empty for what is none of Marathon's.
 */
export function appOfExecutor(executorId: string): string {
  const [, id] =
    /^(?:marathon-|instance-)?([a-z0-9_.-]+?)\.(?:instance-|marathon-)?[0-9a-f]{8}-[0-9a-f-]{27}/.exec(executorId) ??
    [];
  return id === undefined ? '' : `/${id.replaceAll('_', '/')}`;
}
