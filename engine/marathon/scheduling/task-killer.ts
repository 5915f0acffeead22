import type { SharedParts } from '../leadership/shared-parts.ts';
import type { Instance } from './instances.ts';

/** Ends tasks, and asks again until they have ended (KillServiceActor.scala of Marathon). */
export class TaskKiller {
  readonly #shared: SharedParts;
  readonly #sentAt = new Map<string, number>();

  constructor(shared: SharedParts) {
    this.#shared = shared;
  }

  /** The instance is not wanted any more. */
  kill(instance: Instance, reason: string): void {
    const { instances, log, store } = this.#shared;
    if (instance.goal === 'Running') {
      log(`killing ${instance.taskId}: ${reason}`);
      instances.put({ ...instance, goal: 'Decommissioned' });
      store.markDirty();
    }
    this.#send(instance.taskId, instance.agentId);
  }

  /** A task that Marathon knows nothing of, or gave up. */
  killUnknown(taskId: string, agentId: string | undefined): void {
    this.#shared.log(`killing ${taskId}: it is not known`);
    this.#send(taskId, agentId);
    this.#sentAt.delete(taskId);
  }

  /** Repeats what showed no effect for a while. */
  retry(): void {
    const { instances, clock, settings } = this.#shared;
    for (const [taskId, sentAt] of this.#sentAt) {
      const instance = instances.get(taskId);
      if (instance === undefined) this.#sentAt.delete(taskId);
      else if (clock() - sentAt >= settings.killRetryMs) this.#send(taskId, instance.agentId);
    }
    for (const instance of instances.all()) {
      const isForgotten = instance.goal !== 'Running' && !this.#sentAt.has(instance.taskId);
      if (isForgotten) this.#send(instance.taskId, instance.agentId);
    }
  }

  /** Tasks that have been launched and do not come up (OverdueInstancesActor of Marathon). */
  killOverdue(): void {
    const { instances, clock, settings } = this.#shared;
    for (const instance of instances.all()) {
      const isWaiting = instance.condition === 'Staging' || instance.condition === 'Starting';
      const isOverdue = isWaiting && clock() - instance.stagedAt > settings.taskLaunchTimeoutMs;
      if (isOverdue && instance.goal === 'Running') this.kill(instance, 'it did not start in time');
    }
  }

  #send(taskId: string, agentId: string | undefined): void {
    this.#sentAt.set(taskId, this.#shared.clock());
    void this.#shared.call({
      type: 'KILL',
      kill: { task_id: { value: taskId }, ...(agentId === undefined ? {} : { agent_id: { value: agentId } }) },
    });
  }
}
