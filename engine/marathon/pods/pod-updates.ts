import type { TaskStatus } from '../../../protocol/mesos.ts';
import type { SharedParts } from '../leadership/shared-parts.ts';
import { instanceChanged, publishStatus } from '../instance-events.ts';
import { leave } from '../residency/leave.ts';
import { failureIn, noteFailure } from '../scheduling/last-failures.ts';
import { conditionName } from '../scheduling/instances.ts';
import { endOf, isAlive, isOver, podAfter, podHealth, specOf, type PodInstance } from './pod-instance.ts';

/** Takes what Mesos says of the containers of pods. */
export class PodUpdates {
  readonly #shared: SharedParts;

  constructor(shared: SharedParts) {
    this.#shared = shared;
  }

  handle(instance: PodInstance, status: TaskStatus): void {
    const { instances, apps, delays, events, clock } = this.#shared;
    const task = instance.containers.find(({ taskId }) => taskId === status.task_id.value);
    if (task === undefined) return;
    const next = podAfter(instance, status, clock());
    const hasEnded = isOver(next);
    // Mesos repeats what is not acknowledged yet: that counts once.
    const failure = isAlive(task) ? failureIn(status, instance) : undefined;
    if (failure !== undefined) {
      // The first container that fails ends the others.
      noteFailure(this.#shared, { ...instance, taskId: task.taskId }, failure);
      delays.addAfter(instance, apps.get(instance.appId));
    }
    if (hasEnded) leave(this.#shared, { ...next, state: status.state });
    else instances.put(next);
    if (task.state !== status.state || status.reason !== 'REASON_RECONCILIATION') {
      publishStatus(events, next, status, task.hostPorts);
    }
    if (!hasEnded) this.#announceHealth(instance, next);
    else {
      const end = endOf(next);
      if (end === 'TASK_FINISHED') delays.addAfter(instance, apps.get(instance.appId));
      events.publish('instance_changed_event', instanceChanged(next, conditionName(end)));
    }
  }

  #announceHealth(before: PodInstance, after: PodInstance): void {
    const { events } = this.#shared;
    const spec = specOf(this.#shared, after);
    if (spec === undefined) return;
    const alive = podHealth(spec.pod, after);
    if (alive === undefined || alive === podHealth(spec.pod, before)) return;
    events.publish('instance_health_changed_event', {
      instanceId: after.id,
      runSpecId: after.appId,
      runSpecVersion: after.version,
      healthy: alive,
    });
  }
}
