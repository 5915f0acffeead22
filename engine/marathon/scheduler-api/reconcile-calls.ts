import type { Instances } from '../scheduling/instance-index.ts';
import { taskIdsOf } from '../pods/pod-instance.ts';
import { isReserved } from '../residency/resident.ts';
import type { SchedulerCall } from '../../framework/scheduler-api/scheduler-call.ts';

/** Asks for the state of every task that is known, then for those that are not (implicit reconciliation). */
export function reconcileCalls(instances: Instances): readonly SchedulerCall[] {
  const tasks = instances
    .all()
    .filter((instance) => !isReserved(instance))
    .flatMap((instance) =>
      taskIdsOf(instance).map((value) => ({ task_id: { value }, agent_id: { value: instance.agentId } })),
    );
  const implicit: SchedulerCall = { type: 'RECONCILE', reconcile: { tasks: [] } };
  return tasks.length === 0 ? [implicit] : [{ type: 'RECONCILE', reconcile: { tasks } }, implicit];
}
