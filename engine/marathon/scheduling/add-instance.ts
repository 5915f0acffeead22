import type { App } from '../../../protocol/marathon.ts';
import type { TaskInfo } from '../../../protocol/mesos.ts';
import type { SharedParts } from '../leadership/shared-parts.ts';
import { buildTaskGroup, newPodIds, newPodTasks } from '../pods/build-task-group.ts';
import { isPod, type PodSpec } from '../pods/pod-spec.ts';
import type { TaskGroup } from '../../framework/scheduler-api/scheduler-call.ts';
import { buildTask, newIds } from './build-task.ts';
import type { Instance } from './instances.ts';
import type { Match } from './match-offer.ts';
import type { OpenOffer } from './open-offer.ts';

type Found = Extract<Match, { readonly kind: 'match' }>;

/** One more instance of an app or a pod, where there is room for it. */
export function addInstance(shared: SharedParts, app: App, open: OpenOffer, match: Found): void {
  if (isPod(app)) open.addGroup(newGroup(shared, app, open, match), match.pool);
  else open.add(newTask(shared, app, open, match), match.pool);
}

function newTask(shared: SharedParts, app: App, open: OpenOffer, match: Found): TaskInfo {
  const { instanceId, taskId } = newIds(app.id);
  putInstance(shared, app, open, match, { id: instanceId, taskId });
  return buildTask(app, taskId, open.offer, match.resources, match.hostPorts, shared.settings.envVarsPrefix);
}

function newGroup(shared: SharedParts, spec: PodSpec, open: OpenOffer, match: Found): TaskGroup {
  const ids = newPodIds(spec.id);
  const { instanceId: id } = ids;
  const containers = newPodTasks(spec, { instanceId: id, hostPorts: match.hostPorts, now: shared.clock() });
  putInstance(shared, spec, open, match, { id, taskId: id, containers });
  return buildTaskGroup(spec, { ...ids, ...match, offer: open.offer, envVarsPrefix: shared.settings.envVarsPrefix });
}

function putInstance(
  { instances, clock }: SharedParts,
  app: App,
  { offer, pool }: OpenOffer,
  match: Found,
  ids: Pick<Instance, 'id' | 'taskId' | 'containers'>,
): void {
  instances.put({
    ...ids,
    appId: app.id,
    version: app.version,
    agentId: offer.agent_id.value,
    host: offer.hostname,
    attributes: pool.attributes,
    hostPorts: match.hostPorts,
    ipAddresses: [],
    condition: 'Staging',
    state: 'TASK_STAGING',
    goal: 'Running',
    stagedAt: clock(),
  });
}
