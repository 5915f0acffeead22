import { listAt, numberAt, textAt, valueAt } from '../../protocol/json.ts';
import type { AppStatus } from './app-status.ts';

/**
 * Pods, as they stand among the apps: an instance runs when all of its containers do.
 * @param pods `GET /v2/pods/::status`; undefined of a Marathon that has none
 */
export function podStatuses(pods: unknown): readonly AppStatus[] {
  return listAt({ pods }, 'pods').map(podStatus);
}

function podStatus(pod: unknown): AppStatus {
  const instances = listAt(pod, 'instances').map((instance) => textAt(instance, 'status'));
  const running = instances.filter((status) => status === 'STABLE').length;
  const wanted = numberAt(pod, 'spec', 'scaling', 'instances') ?? instances.length;
  const checked = listAt(pod, 'spec', 'containers').some(
    (container) => valueAt(container, 'healthCheck') !== undefined,
  );
  const counts = { instances: wanted, running, healthy: checked ? running : 0 };
  return { id: textAt(pod, 'id') ?? '', ...counts, checked, deploying: running !== wanted, urls: [] };
}
