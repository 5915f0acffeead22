import type { Range, Resource, TaskInfo } from '../../../protocol/mesos.ts';
import type { OfferRecord } from '../records.ts';
import { refuseFields } from './task-fields.ts';
import { contains, describeResources, type Resources } from '../resources.ts';

/** Whether an id may stand in a path (src/common/validation.cpp, validateID). */
export function refuseId(id: string): string | undefined {
  if (id === '') return 'ID must not be empty';
  if (id.length > 255) return 'ID must not be greater than 255 characters';
  if (id === '.' || id === '..') return `'${id}' is disallowed`;
  if (/[\u0000-\u001f\u007f/\\]/.test(id)) return `'${id}' contains invalid characters`;
  return undefined;
}

/** A repeated field may be missing in JSON. */
const toRanges = (ranges: Resource['ranges']): readonly Range[] =>
  (ranges as { readonly range?: readonly Range[] } | undefined)?.range ?? [];

function refuseResources(task: TaskInfo): string | undefined {
  const resources = task.resources as TaskInfo['resources'] | undefined;
  if (resources === undefined || resources.length === 0) return 'Task uses no resources';
  const problem = refuseValues(resources);
  return problem === undefined ? undefined : `Task uses invalid resources: Invalid resources: ${problem}`;
}

/** Why these are no amounts of resources (src/common/resources.cpp, Resources::validate). */
export function refuseValues(resources: readonly Resource[]): string | undefined {
  for (const { name, type, scalar, ranges, set } of resources) {
    const value = { SCALAR: scalar, RANGES: ranges, SET: set }[type];
    const problem =
      value === undefined
        ? `Invalid ${type.toLowerCase()} resource`
        : (scalar?.value ?? 0) < 0
          ? 'Invalid scalar resource: value < 0'
          : toRanges(ranges).some(({ begin, end }) => begin > end)
            ? 'Invalid ranges resource: begin > end'
            : undefined;
    if (problem !== undefined) return `${problem} (${name})`;
  }
  return undefined;
}

/** What no offer of this master has: from a provider of its own, revocable or shared. */
const special = ['provider_id', 'revocable', 'shared'] as const;

function isOffered(resource: Resource, role: string): boolean {
  return resource.allocation_info?.role === role && !special.some((name) => name in resource);
}

/**
 * Why a task may not be launched, in Mesos's words and order (src/master/validation.cpp, task::validate).
 * @param offer the first of those that were accepted; all are of one agent, for one role
 * @param required what the task asks for
 * @param available what is left of the accepted offers
 */
export function refuseTask(
  task: TaskInfo,
  { framework, agent, role }: OfferRecord,
  required: Resources,
  available: Resources,
): string | undefined {
  const id = task.task_id.value;
  const badId = refuseId(id);
  if (badId !== undefined) return badId;
  if (framework.tasks.has(id)) return `Task has duplicate ID: ${id}`;
  if (framework.unreachableTasks.has(id)) return `Task reuses the ID of an unreachable task: ${id}`;
  if (task.agent_id.value !== agent.id) {
    return `Task uses invalid agent ${task.agent_id.value} while agent ${agent.id} is expected`;
  }
  const badResources = refuseResources(task);
  if (badResources !== undefined) return badResources;
  const badFields = refuseFields(task);
  if (badFields !== undefined) return badFields;
  if ((task.command === undefined) === (task.executor === undefined)) {
    return 'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present';
  }
  if (task.executor !== undefined) return 'This master runs tasks with a CommandInfo only: no executors';
  if (!task.resources.every((each) => isOffered(each, role)) || !contains(available, required)) {
    const [total, left] = [required, available].map((each) => describeResources(each, role));
    return `Total resources ${total ?? ''} required by task and its executor is more than available ${left ?? ''}`;
  }
  return undefined;
}
