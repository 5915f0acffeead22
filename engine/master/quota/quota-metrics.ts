import type { Term } from '../term.ts';
import { Consumption } from './consumption.ts';
import { quotaOf } from './quota.ts';

/** Of each role with a quota (src/master/allocator/mesos/metrics.cpp). */
export function quotaMetrics({ cluster, registrar }: Term): Readonly<Record<string, number>> {
  const { registry } = registrar;
  const roles = Object.keys(registry.quotas);
  if (roles.length === 0) return {};
  const [used, allocated] = [new Consumption(cluster, 'used'), new Consumption(cluster)];
  const metrics: Record<string, number> = {};
  for (const role of roles) {
    const quota = quotaOf(registry, role);
    const nameOf = (resource: string, figure: string) =>
      `allocator/mesos/quota/roles/${role}/resources/${resource}/${figure}`;
    for (const [resource, value] of Object.entries(quota.guarantees)) {
      metrics[nameOf(resource, 'guarantee')] = value;
      metrics[nameOf(resource, 'offered_or_allocated')] = allocated.of(role, resource);
    }
    for (const [resource, value] of Object.entries(quota.limits)) metrics[nameOf(resource, 'limit')] = value;
    for (const [resource, value] of Object.entries(used.all(role))) metrics[nameOf(resource, 'consumed')] = value;
  }
  return metrics;
}
