import type { TaskStatus } from '../../../protocol/mesos.ts';
import { definitionOf, type SharedParts } from '../leadership/shared-parts.ts';
import { instanceChanged, publishStatus } from '../instance-events.ts';
import { noteFailure } from '../scheduling/last-failures.ts';
import { conditionName, failures, killedAsIll } from '../scheduling/instances.ts';
import { endOf, isOver, podAfter, podHealth, type PodInstance } from './pod-instance.ts';
import { isPod } from './pod-spec.ts';

/** Takes what Mesos says of the containers of pods. */
export class PodUpdates {
  readonly #shared: SharedParts;

  constructor(shared: SharedParts) {
    this.#shared = shared;
  }

  handle(instance: PodInstance, status: TaskStatus): void {
    const { instances, events, clock } = this.#shared;
    const task = instance.containers.find(({ taskId }) => taskId === status.task_id.value);
    if (task === undefined) return;
    const next = podAfter(instance, status, clock());
    if (failures.has(status.state)) this.#noteEnd(instance, status, status.message ?? '');
    // Mesos gave the health check of a container up: nobody asked for the end of it.
    const isIll = status.state === 'TASK_KILLED' && status.healthy === false && instance.goal === 'Running';
    if (isIll)
      this.#noteEnd(instance, { ...status, state: 'TASK_FAILED' }, `${killedAsIll} Reason: ${status.message ?? ''}`);
    if (isOver(next)) instances.remove(instance.taskId);
    else instances.put(next);
    if (task.state !== status.state || status.reason !== 'REASON_RECONCILIATION') {
      publishStatus(events, next, status, task.hostPorts);
    }
    if (!isOver(next)) this.#announceHealth(instance, next);
    else {
      const end = endOf(next);
      if (end === 'TASK_FINISHED') this.#delay(instance);
      events.publish('instance_changed_event', instanceChanged(next, conditionName(end)));
    }
  }

  /** The first container that fails ends the others. */
  #noteEnd(instance: PodInstance, { state, task_id }: TaskStatus, message: string): void {
    noteFailure(this.#shared, { ...instance, taskId: task_id.value }, state, message);
    this.#delay(instance);
  }

  /** The next launch waits, unless the definition is another one by now. */
  #delay(instance: PodInstance): void {
    const spec = this.#shared.apps.get(instance.appId);
    const isCurrent = spec !== undefined && instance.version >= spec.versionInfo.lastConfigChangeAt;
    if (isCurrent && instance.goal === 'Running') this.#shared.delays.add(spec);
  }

  #announceHealth(before: PodInstance, after: PodInstance): void {
    const { events } = this.#shared;
    const spec = definitionOf(this.#shared, after.appId, after.version);
    if (spec === undefined || !isPod(spec)) return;
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
