import type { Resource, TaskInfo } from '../../../../protocol/mesos.ts';
import type { OfferRecord } from '../../records.ts';
import { newExecutorResources, refuseTaskExecutor } from './executor-validation.ts';
import { refuseId, refuseResources } from './resource-validation.ts';
import { refuseFields } from './task-fields.ts';
import { contains, describeResources, type Resources } from '../../resources.ts';

/** What no offer of this master has: from a provider of its own, revocable or shared. */
const special = ['provider_id', 'revocable', 'shared'] as const;

export function isOffered(resource: Resource, role: string): boolean {
  return resource.allocation_info?.role === role && !special.some((name) => name in resource);
}

/**
 * Why a task may not be launched, whatever was offered. What is set by a group's executor is not looked at twice.
 * @param offer the first of those that were accepted
 */
export function refuseDescription(
  task: TaskInfo,
  { framework, agent }: OfferRecord,
  { isInGroup = false } = {},
): string | undefined {
  const id = task.task_id.value;
  const badId = refuseId(id);
  if (badId !== undefined) return badId;
  if (framework.tasks.has(id)) return `Task has duplicate ID: ${id}`;
  if (framework.unreachableTasks.has(id)) return `Task reuses the ID of an unreachable task: ${id}`;
  if (task.agent_id.value !== agent.id) {
    return `Task uses invalid agent ${task.agent_id.value} while agent ${agent.id} is expected`;
  }
  const resources = (task.resources as TaskInfo['resources'] | undefined) ?? [];
  const badResources = resources.length === 0 ? 'Task uses no resources' : refuseResources(resources, 'Task');
  return badResources ?? refuseFields(task, { isInGroup });
}

/**
 * Why a task may not be launched, in Mesos's words and order (src/master/validation.cpp, task::validate).
 * @param offer the first of those that were accepted; all are of one agent, for one role
 * @param required what the task asks for
 * @param available what is left of the accepted offers
 */
export function refuseTask(
  task: TaskInfo,
  offer: OfferRecord,
  required: Resources,
  available: Resources,
): string | undefined {
  const badDescription = refuseDescription(task, offer);
  if (badDescription !== undefined) return badDescription;
  const { role } = offer;
  if ((task.command === undefined) === (task.executor === undefined)) {
    return 'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present';
  }
  const badExecutor = task.executor === undefined ? undefined : refuseTaskExecutor(task.executor, offer);
  if (badExecutor !== undefined) return badExecutor;
  const all = [...task.resources, ...newExecutorResources(task, offer)];
  if (!all.every((each) => isOffered(each, role)) || !contains(available, required)) {
    const [total, left] = [required, available].map((each) => describeResources(each, role));
    return `Total resources ${total ?? ''} required by task and its executor is more than available ${left ?? ''}`;
  }
  return undefined;
}
