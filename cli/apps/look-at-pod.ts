import { podPath } from '../../protocol/marathon/app-id.ts';
import { listAt, numberAt, textAt, valueAt } from '../../protocol/json.ts';
import type { MarathonClient } from './marathon-client.ts';

/** A pod with what is asked of an app while it is waited for; undefined: Marathon has none of this id. */
export async function lookAtPod({ ask }: MarathonClient, id: string): Promise<unknown> {
  // First: a pod that is seen after its deployment has ended is as that has left it.
  const { json: deployments } = await ask('GET', '/v2/deployments');
  const { status: code, json: status } = await ask('GET', `${podPath(id)}::status`);
  return code === 404 ? undefined : podAsApp(status, deployments);
}

/**
 * A pod as `GET /v2/apps/ID` would show an app.
 * @param status `GET /v2/pods/ID::status`
 * @param deployments `GET /v2/deployments`
 */
export function podAsApp(status: unknown, deployments: unknown): unknown {
  const id = textAt(status, 'id') ?? '';
  const instances = listAt(status, 'instances');
  const isStable = (instance: unknown) => textAt(instance, 'status') === 'STABLE';
  // One that runs, and is not well or not looked at yet, is DEGRADED.
  const isRunning = (instance: unknown) => isStable(instance) || textAt(instance, 'status') === 'DEGRADED';
  const containers = listAt(status, 'spec', 'containers');
  return {
    id,
    version: textAt(status, 'spec', 'version'),
    instances: numberAt(status, 'spec', 'scaling', 'instances') ?? 0,
    tasksRunning: instances.filter(isRunning).length,
    tasksHealthy: instances.filter(isStable).length,
    healthChecks: containers.flatMap((container) => valueAt(container, 'healthCheck') ?? []),
    deployments: listAt(deployments).filter((each) => listAt(each, 'affectedPods').includes(id)),
    lastTaskFailure: lastFailureOf(status),
  };
}

function lastFailureOf(status: unknown): object | undefined {
  const [termination] = listAt(status, 'terminationHistory');
  const [container] = listAt(termination, 'containers');
  if (termination === undefined) return undefined;
  return {
    state: textAt(container, 'lastKnownState'),
    taskId: textAt(container, 'containerId'),
    message: textAt(termination, 'message'),
    timestamp: textAt(termination, 'terminatedAt'),
  };
}
