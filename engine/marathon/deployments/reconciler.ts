import { definitionOf, type SharedParts } from '../leadership/shared-parts.ts';
import { instanceChanged } from '../scheduling/status-updates.ts';
import { healthOf, type Instance } from '../scheduling/instances.ts';
import type { LaunchQueue } from '../scheduling/launch-queue.ts';
import type { OfferHandler } from '../scheduling/offer-handler.ts';
import type { TaskKiller } from '../scheduling/task-killer.ts';
import type { HealthMonitor } from '../health/health-monitor.ts';
import type { AppMode, Deployments } from './deployments.ts';
import { isOutdated, replacePlan, scalePlan, stopPlan, type InstancePlan } from './instance-plan.ts';

export interface ReconcilerParts {
  readonly shared: SharedParts;
  readonly deployments: Deployments;
  readonly queue: LaunchQueue;
  readonly offers: OfferHandler;
  readonly killer: TaskKiller;
  readonly health: HealthMonitor;
}

/**
 * Brings the instances towards what apps and deployments say: works out from the state alone what is to be launched
 * and killed, so it may be called at any time, and goes on after a restart where it was.
 */
export class Reconciler {
  readonly #parts: ReconcilerParts;
  readonly #appsWithInstances = new Set<string>();

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
  }

  run(): void {
    const { shared, deployments, queue, offers, health } = this.#parts;
    this.#expireUnreachable();
    health.sync();
    for (const appId of this.#appIds()) this.#apply(appId, this.#planFor(appId, deployments.modeOf(appId)));
    // A step that ends may begin another one, of other apps.
    if (deployments.advance((appId, mode) => this.#isDone(appId, mode))) shared.wake();
    this.#announceTerminated();
    for (const appId of queue.appIds()) if (shared.apps.get(appId) === undefined) queue.set(appId, 0);
    offers.adjustInterest();
  }

  #appIds(): ReadonlySet<string> {
    const { shared } = this.#parts;
    return new Set([...shared.apps.list().map(({ id }) => id), ...shared.instances.appIds()]);
  }

  #planFor(appId: string, mode: AppMode): InstancePlan {
    const { shared } = this.#parts;
    const instances = shared.instances.ofApp(appId);
    const app = shared.apps.get(appId);
    const health = (instance: Instance) => this.#healthOf(instance);
    if (app === undefined) return stopPlan(instances);
    if (mode.kind === 'hold') return { launch: 0, kill: [], isDone: false };
    if (mode.kind === 'steady') return scalePlan(app, instances, health, false);
    switch (mode.action) {
      case 'StartApplication':
        return { launch: 0, kill: [], isDone: true };
      case 'ScaleApplication':
        return scalePlan(app, instances, health, mode.awaitHealth);
      case 'RestartApplication':
        return replacePlan(app, instances, health);
      case 'StopApplication':
        return stopPlan(instances);
    }
  }

  #isDone(appId: string, mode: AppMode): boolean {
    return this.#planFor(appId, mode).isDone;
  }

  #healthOf(instance: Instance): boolean | undefined {
    const { shared, health } = this.#parts;
    const checks = definitionOf(shared, instance.appId, instance.version)?.healthChecks ?? [];
    return healthOf(health.results(instance.taskId), health.countOf(checks));
  }

  #apply(appId: string, plan: InstancePlan): void {
    const { shared, queue, killer } = this.#parts;
    queue.set(appId, plan.launch);
    const app = shared.apps.get(appId);
    for (const instance of plan.kill) {
      const isOld = app !== undefined && isOutdated(app)(instance);
      killer.kill(instance, app === undefined ? 'its app is deleted' : isOld ? 'upgrading' : 'scaling');
    }
  }

  /** Instances that are out of reach too long are replaced, then forgotten (unreachableStrategy). */
  #expireUnreachable(): void {
    const { shared } = this.#parts;
    for (const instance of shared.instances.all()) {
      if (instance.unreachableSince === undefined) continue;
      const strategy = shared.apps.get(instance.appId)?.unreachableStrategy;
      if (strategy === 'disabled' && instance.goal === 'Running') continue;
      const { inactiveAfterSeconds, expungeAfterSeconds } =
        strategy === undefined || strategy === 'disabled' || instance.goal !== 'Running'
          ? { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 }
          : strategy;
      const lostForSeconds = (shared.clock() - instance.unreachableSince) / 1000;
      if (lostForSeconds >= inactiveAfterSeconds && instance.condition === 'Unreachable') {
        shared.instances.put({ ...instance, condition: 'UnreachableInactive' });
        shared.store.markDirty();
      }
      if (lostForSeconds >= expungeAfterSeconds) {
        shared.log(`${instance.taskId} is out of reach and given up; it will be killed if it comes back`);
        shared.instances.remove(instance.taskId);
        shared.store.markDirty();
        shared.events.publish('instance_changed_event', instanceChanged(instance, 'Unreachable'));
      }
    }
  }

  /** An app that had instances has none left, and is to have none. */
  #announceTerminated(): void {
    const { shared } = this.#parts;
    for (const appId of this.#appsWithInstances) {
      if (shared.instances.ofApp(appId).length > 0) continue;
      this.#appsWithInstances.delete(appId);
      if (shared.apps.get(appId) === undefined) shared.events.publish('app_terminated_event', { appId });
    }
    for (const appId of shared.instances.appIds()) this.#appsWithInstances.add(appId);
  }
}
