import type { TaskInfo } from '../../../protocol/mesos.ts';
import type { AgentOptions } from '../agent-options.ts';

/** Of Mesos's command executor, for tasks without a kill policy. */
const commandGraceMs = 3000;

/** How long a task may take to end that says nothing of it. */
export const defaultGraceMs = ({ container }: TaskInfo, { dockerTasks }: AgentOptions): number =>
  typeof dockerTasks !== 'string' && container?.docker !== undefined ? dockerTasks.stopTimeoutMs : commandGraceMs;

/** How long it may take by its kill policy, if it has one. */
export function ownGraceMs(task: TaskInfo, agent: AgentOptions): number {
  const policy = task.kill_policy?.grace_period?.nanoseconds;
  return policy === undefined ? defaultGraceMs(task, agent) : policy / 1e6;
}
