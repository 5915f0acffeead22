import type { Instances } from '../scheduling/instance-index.ts';
import { isReserved } from '../residency/resident.ts';
import type { SchedulerCall } from './scheduler-call.ts';

/** Asks for the state of every task that is known, then for those that are not (implicit reconciliation). */
export function reconcileCalls(instances: Instances): readonly SchedulerCall[] {
  const tasks = instances
    .all()
    .filter((instance) => !isReserved(instance))
    .map(({ taskId, agentId }) => ({ task_id: { value: taskId }, agent_id: { value: agentId } }));
  const implicit: SchedulerCall = { type: 'RECONCILE', reconcile: { tasks: [] } };
  return tasks.length === 0 ? [implicit] : [{ type: 'RECONCILE', reconcile: { tasks } }, implicit];
}
