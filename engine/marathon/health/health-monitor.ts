import { isReserved } from '../residency/resident.ts';
import type { App, Health, HealthCheck } from '../../../protocol/marathon.ts';
import { definitionOf, type SharedParts } from '../leadership/shared-parts.ts';
import { isoTime } from '../timestamps.ts';
import { healthOf, type Instance } from '../scheduling/instances.ts';
import { isRunByMesos } from './mesos-checks.ts';
import type { TaskKiller } from '../scheduling/task-killer.ts';
import { CheckLoop } from './check-loop.ts';
import { killedAsIll, noteFailure } from '../scheduling/last-failures.ts';
import type { ask as Ask, probe as Probe, ProbeResult } from './probe.ts';
import { ReadinessMonitor } from './readiness-monitor.ts';

interface WatchedTask {
  readonly loops: readonly CheckLoop[];
  /** By the index of the check in the definition. */
  readonly results: Map<number, Health>;
}

/**
 * Watches the health of running tasks (shared/health of Marathon). HTTP, HTTPS and TCP checks are Marathon's own; the
 * others (COMMAND, MESOS_…) are run by Mesos, and count as passed only when a status says that the task is healthy.
 */
export class HealthMonitor {
  readonly readiness: ReadinessMonitor;
  readonly #shared: SharedParts;
  readonly #killer: TaskKiller;
  readonly #probe: typeof Probe;
  readonly #watched = new Map<string, WatchedTask>();

  constructor(
    shared: SharedParts,
    killer: TaskKiller,
    { probe, ask }: { readonly probe: typeof Probe; readonly ask: typeof Ask },
  ) {
    this.readiness = new ReadinessMonitor(shared, ask);
    this.#shared = shared;
    this.#killer = killer;
    this.#probe = probe;
  }

  /** What is known of a task's health, one entry a check that has a result. */
  results(taskId: string): readonly Health[] {
    return [...(this.#watched.get(taskId)?.results.entries() ?? [])].sort(([a], [b]) => a - b).map(([, each]) => each);
  }

  /** How many results there will be: Mesos runs at most one check. */
  countOf(checks: readonly HealthCheck[]): number {
    const own = checks.filter((check) => !isRunByMesos(check)).length;
    return own + (own < checks.length ? 1 : 0);
  }

  /** Begins to watch what runs now, and forgets what has gone, of the instances that have changed. */
  sync(taskIds: readonly string[]): void {
    this.readiness.sync(taskIds);
    for (const taskId of taskIds) {
      const instance = this.#shared.instances.get(taskId);
      if (instance === undefined || isReserved(instance)) this.#unwatch(taskId, true);
      else if (instance.goal !== 'Running') this.#unwatch(taskId, false);
      else if (instance.condition === 'Running') this.#look(instance);
    }
  }

  #unwatch(taskId: string, isGone: boolean): void {
    for (const loop of this.#watched.get(taskId)?.loops ?? []) loop.stop();
    if (isGone) this.#watched.delete(taskId);
  }

  #look(instance: Instance): void {
    const app = definitionOf(this.#shared, instance.appId, instance.version);
    if (app?.healthChecks === undefined) return;
    if (!this.#watched.has(instance.taskId)) this.#watch(instance, app, app.healthChecks);
    this.#takeMesosHealth(instance, app.healthChecks);
  }

  stop(): void {
    this.readiness.stop();
    for (const { loops } of this.#watched.values()) for (const loop of loops) loop.stop();
    this.#watched.clear();
  }

  #watch(instance: Instance, app: App, checks: readonly HealthCheck[]): void {
    const loops = checks.flatMap((check, index) =>
      isRunByMesos(check)
        ? []
        : [
            new CheckLoop(instance, app, check, { probe: this.#probe, clock: this.#shared.clock }, (result) => {
              this.#record(instance.taskId, check, index, result);
            }),
          ],
    );
    this.#watched.set(instance.taskId, { loops, results: new Map() });
    for (const loop of loops) loop.start();
  }

  /** A result of Marathon's own check. */
  #record(taskId: string, check: HealthCheck, index: number, result: ProbeResult): void {
    const { instances, clock, events, delays, apps } = this.#shared;
    const instance = instances.get(taskId);
    if (instance?.goal !== 'Running') return;
    const before = this.#watched.get(taskId)?.results.get(index);
    const now = clock();
    const runsFor = now - (instance.startedAt ?? now);
    const isInGrace = before?.firstSuccess === undefined && runsFor < check.gracePeriodSeconds * 1000;
    if (result !== undefined && isInGrace) return;
    const after = nextHealth(instance.id, before, isoTime(now), result);
    this.#set(instance, index, after);
    if (result === undefined) return;
    events.publish('failed_health_check_event', { appId: instance.appId, instanceId: instance.id, healthCheck: check });
    const isLost = instance.condition !== 'Running';
    if (isLost || check.maxConsecutiveFailures === 0 || after.consecutiveFailures < check.maxConsecutiveFailures)
      return;
    events.publish('unhealthy_instance_kill_event', {
      appId: instance.appId,
      taskId,
      instanceId: instance.id,
      version: instance.version,
      reason: result,
      host: instance.host,
      slaveId: instance.agentId,
    });
    // TaskFailure.FromUnhealthyInstanceKillEvent of Marathon.
    noteFailure(this.#shared, instance, killedAsIll(result));
    const app = apps.get(instance.appId);
    if (app !== undefined) delays.add(app);
    this.#killer.kill(instance, `unhealthy: ${result}`);
    this.#shared.wake();
  }

  #takeMesosHealth(instance: Instance, checks: readonly HealthCheck[]): void {
    const index = checks.findIndex(isRunByMesos);
    if (index < 0 || instance.mesosHealthy === undefined) return;
    const before = this.#watched.get(instance.taskId)?.results.get(index);
    if (before?.alive === instance.mesosHealthy) return;
    const failure = instance.mesosHealthy ? undefined : 'Mesos reports the task as unhealthy';
    this.#set(instance, index, nextHealth(instance.id, before, isoTime(this.#shared.clock()), failure));
  }

  #set(instance: Instance, index: number, health: Health): void {
    const watched = this.#watched.get(instance.taskId);
    if (watched === undefined) return;
    const checks = definitionOf(this.#shared, instance.appId, instance.version)?.healthChecks ?? [];
    const overall = () => healthOf(this.results(instance.taskId), this.countOf(checks));
    const before = overall();
    watched.results.set(index, health);
    const alive = overall();
    if (alive === before || alive === undefined) return;
    const { events, touched } = this.#shared;
    events.publish('health_status_changed_event', {
      appId: instance.appId,
      instanceId: instance.id,
      version: instance.version,
      alive,
    });
    events.publish('instance_health_changed_event', {
      instanceId: instance.id,
      runSpecId: instance.appId,
      runSpecVersion: instance.version,
      healthy: alive,
    });
    touched.app(instance.appId);
  }
}

/** Health after one more result. */
function nextHealth(instanceId: string, before: Health | undefined, at: string, failure: ProbeResult): Health {
  const base = before ?? { instanceId, alive: false, consecutiveFailures: 0 };
  if (failure === undefined) {
    return { ...base, alive: true, consecutiveFailures: 0, lastSuccess: at, firstSuccess: base.firstSuccess ?? at };
  }
  return {
    ...base,
    alive: false,
    consecutiveFailures: base.consecutiveFailures + 1,
    lastFailure: at,
    lastFailureCause: failure,
  };
}
