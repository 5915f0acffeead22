import type { ExecutorInfo, TaskInfo } from '../../../protocol/mesos.ts';
import { addExecutor, executorOf } from '../agents/executors.ts';
import type { OfferRecord } from '../records.ts';
import { contains, describeResources, minus, toResources, type Resources } from '../resources.ts';
import type { Term } from '../term.ts';
import { refuseGroupExecutor } from './validation/executor-validation.ts';
import type { LaunchGroup } from './scheduler-call.ts';
import { addTask, allocateTo, dropTask, refuse } from './start-task.ts';
import { isOffered, refuseDescription } from './validation/task-validation.ts';

interface Group {
  /** What each task asks for is its own; what the executor does, is asked for once. */
  readonly executor: ExecutorInfo;
  readonly tasks: readonly TaskInfo[];
  readonly isNewExecutor: boolean;
}

/**
 * LAUNCH_GROUP: all tasks of a group, or none of them (src/master/master.cpp, Master::accept).
 * @param offer the first of those that were accepted
 * @param available what is left of them
 * @returns what is left then
 */
export function launchGroup(term: Term, offer: OfferRecord, given: LaunchGroup, available: Resources): Resources {
  const { framework, agent } = offer;
  const group = toGroup(offer, given);
  const { executor, tasks, isNewExecutor } = group;
  const required = toResources([
    ...tasks.flatMap(({ resources }) => resources),
    ...(isNewExecutor ? (executor.resources ?? []) : []),
  ]);
  const message = refuseGroup(offer, group, required, available);
  if (message !== undefined) {
    const why = { state: 'TASK_ERROR', message, reason: 'REASON_TASK_GROUP_INVALID' } as const;
    for (const task of tasks) refuse(term, framework, task, why);
    return available;
  }
  if (tasks.length === 0) return available;
  const records = tasks.map((task) => addTask(term, offer, task, toResources(task.resources)));
  if (agent.stream === undefined) {
    for (const record of records) dropTask(term, record);
    return available;
  }
  send(term, offer, group);
  return minus(available, required);
}

/**
 * A task of LAUNCH, on an executor of its framework's own.
 * @param task with all that Mesos adds to it
 */
export function launchOnExecutor(
  term: Term,
  offer: OfferRecord,
  task: TaskInfo & { readonly executor: ExecutorInfo },
): void {
  const { executor } = task;
  const isNewExecutor = executorOf(offer.agent, offer.framework.id, executor.executor_id.value) === undefined;
  const record = addTask(term, offer, task, toResources(task.resources));
  if (offer.agent.stream === undefined) dropTask(term, record);
  else send(term, offer, { executor, tasks: [task], isNewExecutor }, { is_single: true });
}

function send(
  term: Term,
  { framework, agent, role }: OfferRecord,
  { executor, tasks, isNewExecutor }: Group,
  single: { readonly is_single?: true } = {},
): void {
  if (isNewExecutor) addExecutor(term.cluster, agent, framework, role, executor);
  agent.stream?.send({
    type: 'RUN_TASK_GROUP',
    run_task_group: {
      framework: framework.info,
      framework_id: { value: framework.id },
      executor,
      launch_executor: isNewExecutor,
      tasks,
      ...single,
    },
  });
}

/** With what Mesos adds to what a framework says. */
export function toExecutor({ framework, role }: OfferRecord, given: ExecutorInfo): ExecutorInfo {
  return {
    ...given,
    framework_id: given.framework_id ?? { value: framework.id },
    resources: allocateTo(role, given.resources),
  };
}

function toGroup(offer: OfferRecord, { executor: given, task_group }: LaunchGroup): Group {
  const { framework, agent, role } = offer;
  const executor = toExecutor(offer, given);
  const tasks = (task_group.tasks ?? []).map((task) => ({
    ...task,
    resources: allocateTo(role, task.resources),
    executor,
  }));
  return { executor, tasks, isNewExecutor: executorOf(agent, framework.id, executor.executor_id.value) === undefined };
}

/** Why a group is invalid, in Mesos's words (src/master/validation.cpp, task::group::validate). */
function refuseGroup(
  offer: OfferRecord,
  { tasks, executor }: Group,
  required: Resources,
  available: Resources,
): string | undefined {
  const seen = new Set<string>();
  for (const task of tasks) {
    const id = task.task_id.value;
    const problem = seen.has(id) ? `Task has duplicate ID: ${id}` : refuseTaskOfGroup(task, offer);
    if (problem !== undefined) return `Task '${id}' is invalid: ${problem}`;
    seen.add(id);
  }
  const badExecutor = refuseGroupExecutor(executor, offer);
  if (badExecutor !== undefined) return badExecutor;
  const all = [...tasks.flatMap(({ resources }) => resources), ...(executor.resources ?? [])];
  if (all.every((each) => isOffered(each, offer.role)) && contains(available, required)) return undefined;
  const [total, left] = [required, available].map((each) => describeResources(each, offer.role));
  return `Total resources ${total ?? ''} required by task group and its executor are more than available ${left ?? ''}`;
}

function refuseTaskOfGroup(task: TaskInfo, offer: OfferRecord): string | undefined {
  const problem = refuseDescription(task, offer, { isInGroup: true });
  if (problem !== undefined) return problem;
  const { container } = task;
  if ((container?.network_infos ?? []).length > 0) return 'NetworkInfos must not be set on the task';
  return container?.type === 'DOCKER' ? 'Docker ContainerInfo is not supported on the task' : undefined;
}
