import type { SharedParts } from '../leadership/shared-parts.ts';
import { taskIdsOf } from '../pods/pod-instance.ts';
import { isReserved } from '../residency/resident.ts';
import { isLost, type Instance } from './instances.ts';

/** Ends tasks, and asks again until they have ended (KillServiceActor.scala of Marathon). */
export class TaskKiller {
  readonly #shared: SharedParts;
  /** When each was last taken by the master; Infinity while a call is on its way, which thousands of others may hold up. */
  readonly #takenAt = new Map<string, number>();

  constructor(shared: SharedParts) {
    this.#shared = shared;
  }

  /** The instance is not wanted any more. */
  kill(instance: Instance, reason: string): void {
    const { instances, log } = this.#shared;
    if (instance.goal === 'Running') {
      log(`killing ${instance.taskId}: ${reason}`);
      instances.put({ ...instance, goal: 'Decommissioned' });
    }
    this.#send(instance);
  }

  /** Neither it nor what is reserved for it is wanted: its data goes, too. */
  wipe(instance: Instance): void {
    const { instances, releases, wake } = this.#shared;
    if (instance.reservation !== undefined && (isReserved(instance) || isLost(instance))) {
      instances.remove(instance.taskId);
      releases.add(instance.id);
      wake();
      return;
    }
    const wiped = { ...instance, isWiped: true };
    instances.put(wiped);
    this.kill(wiped, 'wiped by the API');
  }

  /** A task that Marathon knows nothing of, or gave up. */
  killUnknown(taskId: string, agentId: string | undefined): void {
    this.#shared.log(`killing ${taskId}: it is not known`);
    void this.#kill(taskId, agentId);
  }

  /** Repeats what showed no effect for a while. */
  retry(): void {
    const { instances, clock, settings } = this.#shared;
    for (const [taskId, takenAt] of this.#takenAt) {
      const instance = instances.get(taskId);
      // One of a pod has the same id when it has come back.
      if (instance === undefined || isReserved(instance) || instance.goal === 'Running') this.#takenAt.delete(taskId);
      else if (clock() - takenAt >= settings.killRetryMs) this.#send(instance);
    }
    for (const instance of instances.unwanted()) if (!this.#takenAt.has(instance.taskId)) this.#send(instance);
  }

  #send(instance: Instance): void {
    this.#takenAt.set(instance.taskId, Infinity);
    const calls = taskIdsOf(instance).map((taskId) => this.#kill(taskId, instance.agentId));
    void Promise.all(calls).then(() => {
      if (this.#takenAt.has(instance.taskId)) this.#takenAt.set(instance.taskId, this.#shared.clock());
    });
  }

  #kill(taskId: string, agentId: string | undefined): Promise<boolean> {
    return this.#shared.call({
      type: 'KILL',
      kill: { task_id: { value: taskId }, ...(agentId === undefined ? {} : { agent_id: { value: agentId } }) },
    });
  }
}
