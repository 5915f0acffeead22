import type { App } from '../../../protocol/marathon.ts';
import { hasHealthChecks, isPod } from '../pods/pod-spec.ts';
import { isReserved, isResident } from '../residency/resident.ts';
import { isActive, isLost, isRunning, type AppInstances, type Instance } from '../scheduling/instances.ts';
import { bySelection, scalingOrder } from './kill-order.ts';

/** What must happen to the instances of an app now. */
export interface InstancePlan {
  /** How many are to be launched. */
  readonly launch: number;
  readonly kill: readonly Instance[];
  /** Nothing is left to do, for a deployment. */
  readonly isDone: boolean;
}

export interface Judge {
  /** Undefined: nothing is known, or nothing is checked. */
  readonly health: (instance: Instance) => boolean | undefined;
  /** Whether an instance that runs is ready; whoever asks waits for it. */
  readonly isReady: (instance: Instance) => boolean;
}

const isLeaving = (instance: Instance) => instance.goal !== 'Running';

/** Old ones that are no use first, then the unhealthy ones (TaskReplaceActor.toKillOrdered of Marathon). */
function inReplaceOrder(app: App, instances: readonly Instance[], { health }: Judge): readonly Instance[] {
  const weight = (instance: Instance) => {
    if (isLost(instance)) return 0;
    if (!isRunning(instance)) return 1;
    return health(instance) === false ? 2 : 3;
  };
  const order = bySelection(app);
  return [...instances].sort((a, b) => weight(a) - weight(b) || order(a, b));
}

const isJudged = (app: App) => hasChecks(app) || app.readinessChecks !== undefined;
const hasChecks = (app: App) => (app.healthChecks ?? []).length > 0 || (isPod(app) && hasHealthChecks(app));

const isGood =
  (app: App, { health, isReady }: Judge) =>
  (instance: Instance) =>
    isRunning(instance) &&
    isActive(instance) &&
    (app.readinessChecks === undefined || isReady(instance)) &&
    (!hasChecks(app) || health(instance) === true);

/** All are asked, not only the first one that is not good. */
const isBad = (app: App, judge: Judge) => (instance: Instance) => !isGood(app, judge)(instance);

/** As many instances as the app shall have, whatever their version. */
export function scalePlan(app: App, instances: AppInstances, judge: Judge, mustBeHealthy: boolean): InstancePlan {
  const surplus = instances.active - app.instances;
  const kill = surplus > 0 ? scalingOrder(app, instances.list().filter(isActive), surplus).slice(0, surplus) : [];
  const isRight = surplus === 0 && instances.running === app.instances && instances.leaving === 0;
  const isHealthy = () =>
    !mustBeHealthy || !isJudged(app) || instances.list().filter(isActive).filter(isBad(app, judge)).length === 0;
  return { launch: Math.max(0, -surplus), kill, isDone: isRight && isHealthy() };
}

/** Of a configuration before the present one, or of one that was rolled back. */
export const isOutdated = (app: App) => (instance: Instance) =>
  instance.version < app.versionInfo.lastConfigChangeAt || instance.version > app.version;

/**
 * Replaces instances of older versions, never with fewer healthy ones than the upgrade strategy asks for, nor with
 * more than it allows (TaskReplaceActor.computeRestartStrategy of Marathon).
 */
export function replacePlan(app: App, counted: AppInstances, judge: Judge): InstancePlan {
  const instances = counted.list().filter((instance) => !isReserved(instance));
  const { minimumHealthCapacity, maximumOverCapacity } = app.upgradeStrategy;
  const wantedHealthy = Math.ceil(app.instances * minimumHealthCapacity);
  const allowed = Math.floor(app.instances * (1 + maximumOverCapacity));
  // What keeps data can only be replaced where it is: then one less is healthy, not one more there.
  const isTight = allowed <= wantedHealthy;
  const minHealthy = isTight && isResident(app) ? Math.max(0, wantedHealthy - 1) : wantedHealthy;
  const maxCapacity = isTight && !isResident(app) ? wantedHealthy + 1 : allowed;
  const old = instances.filter(isOutdated(app)).filter((instance) => !isLeaving(instance));
  const fresh = instances.filter((instance) => !isOutdated(app)(instance) && isActive(instance));
  const good = fresh.filter(isGood(app, judge)).length;
  // Old instances that are no use anyway may always go.
  const usefulOld = old.filter(isRunning).length;
  const mayGo = good >= app.instances ? old.length : Math.max(0, old.length - Math.max(0, minHealthy - good));
  const uselessOld = old.length - usefulOld;
  const kill = inReplaceOrder(app, old, judge).slice(0, Math.max(mayGo, Math.min(uselessOld, old.length)));
  const surplus = fresh.length - app.instances;
  const freshKill = surplus > 0 ? scalingOrder(app, fresh, surplus).slice(0, surplus) : [];
  const occupied = fresh.length + instances.filter(isOutdated(app)).filter((each) => !isLost(each)).length;
  return {
    launch: Math.max(0, Math.min(app.instances - fresh.length, maxCapacity - occupied)),
    kill: [...kill, ...freshKill],
    isDone: old.length === 0 && surplus <= 0 && good >= app.instances && counted.leaving === 0,
  };
}

/** Ends all of them. */
export function stopPlan(instances: AppInstances): InstancePlan {
  return {
    launch: 0,
    kill:
      instances.wanted === 0
        ? []
        : instances.list().filter((instance) => !isLeaving(instance) && !isReserved(instance)),
    isDone: instances.size === instances.lost,
  };
}
