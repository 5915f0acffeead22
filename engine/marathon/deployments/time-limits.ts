import type { App } from '../../../protocol/marathon.ts';
import type { SharedParts } from '../leadership/shared-parts.ts';
import type { Instance } from '../scheduling/instances.ts';
import { instanceChanged } from '../instance-events.ts';
import type { TaskKiller } from '../scheduling/task-killer.ts';
import { Deadlines } from './deadlines.ts';

/**
 * Ends what takes too long: tasks that do not come up (OverdueInstancesActor of Marathon), and waiting for those that
 * are out of reach (unreachableStrategy).
 */
export class TimeLimits {
  readonly #shared: SharedParts;
  readonly #killer: TaskKiller;
  readonly #deadlines = new Deadlines();

  constructor(shared: SharedParts, killer: TaskKiller) {
    this.#shared = shared;
    this.#killer = killer;
  }

  /** Takes note of instances that have changed, or whose app has. */
  note(taskIds: Iterable<string>): void {
    for (const taskId of taskIds) this.#deadlines.set(taskId, this.#limitOf(this.#shared.instances.get(taskId)));
  }

  /** Does what is due. */
  apply(): void {
    const { instances, clock, settings } = this.#shared;
    for (const taskId of this.#deadlines.takeDue(clock())) {
      const instance = instances.get(taskId);
      if (instance === undefined) continue;
      if (instance.unreachableSince !== undefined) this.#giveUp(instance, instance.unreachableSince);
      else if (isOverdue(instance, clock() - settings.taskLaunchTimeoutMs)) {
        this.#killer.kill(instance, 'it did not start in time');
      }
      this.note([taskId]);
    }
  }

  #limitOf(instance: Instance | undefined): number | undefined {
    if (instance === undefined) return undefined;
    const { apps, settings } = this.#shared;
    if (instance.unreachableSince === undefined) {
      return isStarting(instance) ? instance.stagedAt + settings.taskLaunchTimeoutMs + 1 : undefined;
    }
    const patience = patienceWith(instance, apps.get(instance.appId));
    if (patience === undefined) return undefined;
    const seconds =
      instance.condition === 'Unreachable'
        ? Math.min(patience.inactiveAfterSeconds, patience.expungeAfterSeconds)
        : patience.expungeAfterSeconds;
    return instance.unreachableSince + seconds * 1000;
  }

  /** Instances that are out of reach too long are replaced, then forgotten. */
  #giveUp(instance: Instance, since: number): void {
    const { apps, instances, clock, log, events } = this.#shared;
    const patience = patienceWith(instance, apps.get(instance.appId));
    if (patience === undefined) return;
    const lostForMs = clock() - since;
    if (lostForMs >= patience.inactiveAfterSeconds * 1000 && instance.condition === 'Unreachable') {
      instances.put({ ...instance, condition: 'UnreachableInactive' });
    }
    if (lostForMs < patience.expungeAfterSeconds * 1000) return;
    log(`${instance.taskId} is out of reach and given up; it will be killed if it comes back`);
    instances.remove(instance.taskId);
    events.publish('instance_changed_event', instanceChanged(instance, 'Unreachable'));
  }
}

const isStarting = ({ condition, goal }: Instance) =>
  goal === 'Running' && (condition === 'Staging' || condition === 'Starting');

const isOverdue = (instance: Instance, limit: number) => isStarting(instance) && instance.stagedAt < limit;

/** Undefined: it is waited for as long as it takes. */
function patienceWith({ goal }: Instance, app: App | undefined) {
  const strategy = app?.unreachableStrategy;
  if (strategy === 'disabled' && goal === 'Running') return undefined;
  if (strategy === undefined || strategy === 'disabled' || goal !== 'Running') return none;
  return strategy;
}

const none = { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 };
