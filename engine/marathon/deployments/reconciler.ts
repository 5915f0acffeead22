import type { App } from '../../../protocol/marathon.ts';
import { definitionOf, type SharedParts } from '../leadership/shared-parts.ts';
import { isPodInstance, podHealth, specOf } from '../pods/pod-instance.ts';
import { healthOf, type Instance } from '../scheduling/instances.ts';
import { isReserved, isResident } from '../residency/resident.ts';
import type { LaunchQueue } from '../scheduling/launch-queue.ts';
import type { OfferHandler } from '../scheduling/offer-handler.ts';
import type { TaskKiller } from '../scheduling/task-killer.ts';
import type { HealthMonitor } from '../health/health-monitor.ts';
import type { Deployments } from './deployments.ts';
import { isOutdated, replacePlan, scalePlan, stopPlan, type InstancePlan, type Judge } from './instance-plan.ts';
import type { AppMode } from './running-deployment.ts';
import { TimeLimits } from './time-limits.ts';

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
 * and killed, so it may be called at any time, and goes on after a restart where it was. It looks at what has changed
 * since it ran last: an idle cluster costs nothing, however large.
 */
export class Reconciler {
  readonly #parts: ReconcilerParts;
  readonly #limits: TimeLimits;
  readonly #appsWithInstances = new Set<string>();

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
    this.#limits = new TimeLimits(parts.shared, parts.killer);
    const { apps, instances, touched } = parts.shared;
    for (const { id } of apps.list()) touched.app(id);
    for (const instance of instances.all()) touched.instance(instance);
  }

  run(): void {
    const { touched } = this.#parts.shared;
    const taskIds = touched.takeTasks();
    let appIds: readonly string[] = [];
    try {
      this.#limits.note(taskIds);
      this.#limits.apply();
      this.#parts.health.sync(taskIds);
      appIds = touched.takeApps();
      this.#bringOn(appIds);
    } catch (error) {
      touched.giveBack(appIds, taskIds);
      throw error;
    }
    this.#parts.offers.adjustInterest();
  }

  #bringOn(appIds: readonly string[]): void {
    const { deployments } = this.#parts;
    for (const appId of appIds) this.#apply(appId, this.#planFor(appId, deployments.modeOf(appId)));
    deployments.advance(appIds, (appId, mode) => this.#planFor(appId, mode).isDone);
    for (const appId of appIds) this.#announceTerminated(appId);
  }

  #planFor(appId: string, mode: AppMode): InstancePlan {
    const { shared } = this.#parts;
    const { readiness } = this.#parts.health;
    const instances = shared.instances.counted(appId);
    const app = shared.apps.get(appId);
    const judge: Judge = {
      health: (instance) => this.#healthOf(instance),
      isReady: (instance) => readiness.isReady(instance),
    };
    if (mode.kind !== 'act') readiness.rest(appId);
    if (app === undefined) return stopPlan(instances);
    if (mode.kind === 'hold') return { launch: 0, kill: [], isDone: false };
    if (mode.kind === 'steady') return scalePlan(app, instances, judge, false);
    switch (mode.action) {
      case 'StartApplication':
        return { launch: 0, kill: [], isDone: true };
      case 'ScaleApplication':
        return scalePlan(app, instances, judge, mode.awaitHealth);
      case 'RestartApplication':
        return replacePlan(app, instances, judge);
      case 'StopApplication':
        return stopPlan(instances);
    }
  }

  #healthOf(instance: Instance): boolean | undefined {
    const { shared, health } = this.#parts;
    if (isPodInstance(instance)) {
      const spec = specOf(shared, instance);
      return spec && podHealth(spec.pod, instance);
    }
    const checks = definitionOf(shared, instance.appId, instance.version)?.healthChecks ?? [];
    return healthOf(health.results(instance.taskId), health.countOf(checks));
  }

  #apply(appId: string, plan: InstancePlan): void {
    const { shared, queue, killer } = this.#parts;
    queue.set(appId, plan.launch);
    const app = shared.apps.get(appId);
    if (app === undefined) this.#releaseAll(appId);
    else for (const role of this.#rolesOf(app)) this.#parts.offers.serve(role);
    for (const instance of plan.kill) {
      const isOld = app !== undefined && isOutdated(app)(instance);
      killer.kill(instance, app === undefined ? 'its app is deleted' : isOld ? 'upgrading' : 'scaling');
    }
  }

  /** What is reserved for an instance is still offered for the role that its app had then. */
  #rolesOf(app: App): readonly string[] {
    if (!isResident(app)) return [app.role];
    const held = this.#parts.shared.instances.ofApp(app.id).flatMap(({ reservation }) => reservation?.role ?? []);
    return [app.role, ...held];
  }

  /** The app is deleted, and what was kept for it goes with it. */
  #releaseAll(appId: string): void {
    const { instances, releases } = this.#parts.shared;
    for (const { taskId, id } of instances.ofApp(appId).filter(isReserved)) {
      instances.remove(taskId);
      releases.add(id);
    }
  }

  /** An app that had instances has none left, and is to have none. */
  #announceTerminated(appId: string): void {
    const { shared } = this.#parts;
    if (shared.instances.counted(appId).size > 0) this.#appsWithInstances.add(appId);
    else if (this.#appsWithInstances.delete(appId) && shared.apps.get(appId) === undefined) {
      shared.events.publish('app_terminated_event', { appId });
    }
  }
}
