import type { TaskState, TaskStatus } from '../../../protocol/mesos.ts';
import type { PodTemplate } from '../../../protocol/marathon/pods.ts';
import { definitionOf, type SharedParts } from '../leadership/shared-parts.ts';
import { conditions, failures, type Condition, type Instance, type PodTask } from '../scheduling/instances.ts';
import { isPod, type PodSpec } from './pod-spec.ts';

/* An instance of a pod: a group of tasks, one for each container, of which it is as one (Instance.scala of Marathon). */

/** An instance that has the tasks of its containers. */
export type PodInstance = Instance & Required<Pick<Instance, 'containers'>>;

export const isPodInstance = (instance: Instance): instance is PodInstance => instance.containers !== undefined;

/** What an instance was made of. */
export function specOf(shared: SharedParts, { appId, version }: PodInstance): PodSpec | undefined {
  const definition = definitionOf(shared, appId, version);
  return definition !== undefined && isPod(definition) ? definition : undefined;
}

export const isAlive = ({ state }: PodTask) => conditions[state] !== undefined;

/** Ids of what Mesos knows of an instance that has not ended. */
export const taskIdsOf = (instance: Instance): readonly string[] =>
  isPodInstance(instance) ? instance.containers.filter(isAlive).map(({ taskId }) => taskId) : [instance.taskId];

/** What all are like of whom one is (conditionHierarchy of Marathon's Instance.scala); who has ended does not count. */
const hierarchy: readonly TaskState[] = [
  'TASK_UNREACHABLE',
  'TASK_KILLING',
  'TASK_STARTING',
  'TASK_STAGING',
  'TASK_RUNNING',
];

/** The instance after news of one of its containers; one of them has not ended, or all have (`isOver`). */
export function podAfter(instance: PodInstance, status: TaskStatus, now: number): PodInstance {
  const containers = instance.containers.map((each) =>
    each.taskId === status.task_id.value && isAlive(each) ? taskAfter(each, status, now) : each,
  );
  const alive = containers.filter(isAlive).map(({ state }) => state);
  // The executor ends the others of a group when one of them has failed.
  const isEnding = containers.some(({ state }) => failures.has(state) || state === 'TASK_KILLED');
  const worst = hierarchy.find((state) => alive.includes(state)) ?? instance.state;
  const state = isEnding && worst !== 'TASK_UNREACHABLE' ? 'TASK_KILLING' : worst;
  const { unreachableSince, ...rest } = instance;
  // A reconciliation may not undo what Marathon decided of an instance that is still out of reach.
  const isStillLost = state === 'TASK_UNREACHABLE' && instance.condition === 'UnreachableInactive';
  const condition: Condition = conditions[state] ?? instance.condition;
  return {
    ...rest,
    containers,
    condition: isStillLost ? instance.condition : condition,
    state,
    ...(condition === 'Running' && instance.startedAt === undefined ? { startedAt: now } : {}),
    ...(state === 'TASK_UNREACHABLE' ? { unreachableSince: unreachableSince ?? now } : {}),
  };
}

function taskAfter(task: PodTask, status: TaskStatus, now: number): PodTask {
  const healthy = status.healthy ?? task.healthy;
  const networks = networksOf(status) ?? task.networks;
  return {
    ...task,
    state: status.state,
    ...(status.state === task.state ? {} : { since: now }),
    ...(status.state === 'TASK_RUNNING' && task.startedAt === undefined ? { startedAt: now } : {}),
    ...(healthy === undefined ? {} : { healthy }),
    ...(networks === undefined ? {} : { networks }),
  };
}

/** All its containers have ended. */
export const isOver = ({ containers }: PodInstance) => !containers.some(isAlive);

const endHierarchy: readonly TaskState[] = [
  'TASK_ERROR',
  'TASK_FAILED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
  'TASK_DROPPED',
  'TASK_LOST',
  'TASK_UNKNOWN',
  'TASK_FINISHED',
];

/** How an instance ended: as one of its containers did. */
export const endOf = ({ containers }: PodInstance): TaskState =>
  endHierarchy.find((state) => containers.some((each) => each.state === state)) ?? 'TASK_KILLED';

/** All checks pass: true. Some fail: false. Nothing is known yet, or nothing is checked: undefined. */
export function podHealth({ containers: definitions }: PodTemplate, { containers }: PodInstance): boolean | undefined {
  const checked = new Set(definitions.flatMap(({ name, healthCheck }) => (healthCheck === undefined ? [] : name)));
  const results = containers.filter(({ name }) => checked.has(name)).map(({ healthy }) => healthy);
  if (results.includes(false)) return false;
  return results.length === 0 || results.includes(undefined) ? undefined : true;
}

interface ContainerStatus {
  readonly network_infos?: readonly {
    readonly name?: string;
    readonly ip_addresses?: readonly { readonly ip_address?: string }[];
  }[];
}

function networksOf({ container_status: status }: TaskStatus): PodTask['networks'] {
  return (status as ContainerStatus | undefined)?.network_infos?.map(({ name, ip_addresses: addresses = [] }) => ({
    ...(name === undefined ? {} : { name }),
    addresses: addresses.flatMap(({ ip_address: address }) => address ?? []),
  }));
}
