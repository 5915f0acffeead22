import type { App } from '../../../protocol/marathon.ts';
import { isActive, isRunning, type Instance } from '../scheduling/instances.ts';

/** What must happen to the instances of an app now. */
export interface InstancePlan {
  /** How many are to be launched. */
  readonly launch: number;
  readonly kill: readonly Instance[];
  /** Nothing is left to do, for a deployment. */
  readonly isDone: boolean;
}

export type HealthLookup = (instance: Instance) => boolean | undefined;

const isLeaving = (instance: Instance) => instance.goal !== 'Running';
/** Gone from the app's point of view: Mesos may know of them again some day. */
const isLost = (instance: Instance) =>
  instance.condition === 'Unreachable' || instance.condition === 'UnreachableInactive';

/** Which goes first (ScalingProposition.scala of Marathon): those that are no use, then as killSelection says. */
function inKillOrder(app: App, instances: readonly Instance[], health: HealthLookup): readonly Instance[] {
  const weight = (instance: Instance) => {
    if (isLost(instance)) return 0;
    if (!isRunning(instance)) return 1;
    return health(instance) === false ? 2 : 3;
  };
  const age = (instance: Instance) => (app.killSelection === 'OLDEST_FIRST' ? instance.stagedAt : -instance.stagedAt);
  return [...instances].sort((a, b) => weight(a) - weight(b) || age(a) - age(b));
}

const isGood = (app: App, health: HealthLookup) => (instance: Instance) =>
  isRunning(instance) && isActive(instance) && ((app.healthChecks ?? []).length === 0 || health(instance) === true);

/** As many instances as the app shall have, whatever their version. */
export function scalePlan(
  app: App,
  instances: readonly Instance[],
  health: HealthLookup,
  mustBeHealthy: boolean,
): InstancePlan {
  const active = instances.filter(isActive);
  const surplus = active.length - app.instances;
  const kill = surplus > 0 ? inKillOrder(app, active, health).slice(0, surplus) : [];
  const good = active.filter(mustBeHealthy ? isGood(app, health) : isRunning).length;
  return {
    launch: Math.max(0, -surplus),
    kill,
    isDone: surplus <= 0 && kill.length === 0 && good >= app.instances && !instances.some(isLeavingAgent),
  };
}

/** Will go, and its agent can be told: those that are out of reach are waited for by nobody. */
const isLeavingAgent = (instance: Instance) => isLeaving(instance) && !isLost(instance);

/** Of a configuration before the present one, or of one that was rolled back. */
export const isOutdated = (app: App) => (instance: Instance) =>
  instance.version < app.versionInfo.lastConfigChangeAt || instance.version > app.version;

/**
 * Replaces instances of older versions, never with fewer healthy ones than the upgrade strategy asks for, nor with
 * more than it allows (TaskReplaceActor.computeRestartStrategy of Marathon).
 */
export function replacePlan(app: App, instances: readonly Instance[], health: HealthLookup): InstancePlan {
  const { minimumHealthCapacity, maximumOverCapacity } = app.upgradeStrategy;
  const minHealthy = Math.ceil(app.instances * minimumHealthCapacity);
  const allowed = Math.floor(app.instances * (1 + maximumOverCapacity));
  const maxCapacity = allowed <= minHealthy ? minHealthy + 1 : allowed;
  const old = instances.filter(isOutdated(app)).filter((instance) => !isLeaving(instance));
  const fresh = instances.filter((instance) => !isOutdated(app)(instance) && isActive(instance));
  const good = fresh.filter(isGood(app, health)).length;
  // Old instances that are no use anyway may always go.
  const usefulOld = old.filter(isRunning).length;
  const mayGo = good >= app.instances ? old.length : Math.max(0, old.length - Math.max(0, minHealthy - good));
  const uselessOld = old.length - usefulOld;
  const kill = inKillOrder(app, old, health).slice(0, Math.max(mayGo, Math.min(uselessOld, old.length)));
  const surplus = fresh.length - app.instances;
  const freshKill = surplus > 0 ? inKillOrder(app, fresh, health).slice(0, surplus) : [];
  const occupied = fresh.length + instances.filter(isOutdated(app)).filter((each) => !isLost(each)).length;
  return {
    launch: Math.max(0, Math.min(app.instances - fresh.length, maxCapacity - occupied)),
    kill: [...kill, ...freshKill],
    isDone: old.length === 0 && surplus <= 0 && good >= app.instances && !instances.some(isLeavingAgent),
  };
}

/** Ends all of them. */
export function stopPlan(instances: readonly Instance[]): InstancePlan {
  return {
    launch: 0,
    kill: instances.filter((instance) => !isLeaving(instance)),
    isDone: !instances.some((instance) => !isLost(instance)),
  };
}
