import { objectOf } from '../../../protocol/json.ts';
import type { Json, TaskInfo } from '../../../protocol/mesos.ts';
import type { RunningTask } from '../executors/executor.ts';
import { parseProbe, runProbe, type Probe, type Seen } from './probe.ts';

/** mesos.v1.HealthCheck, with its defaults (mesos.proto). */
export interface HealthCheck {
  readonly probe: Probe;
  readonly delayMs: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly gracePeriodMs: number;
  readonly consecutiveFailures: number;
}

const numberOf = (value: Json | undefined, other: number) => (typeof value === 'number' && value >= 0 ? value : other);

/** Undefined when the task has none. */
export function parseHealthCheck(task: TaskInfo): HealthCheck | undefined {
  const check = objectOf(task.health_check);
  const probe = parseProbe(check, check['command'], task);
  if (probe === undefined) return undefined;
  return {
    probe,
    delayMs: 1000 * numberOf(check['delay_seconds'], 15),
    intervalMs: 1000 * numberOf(check['interval_seconds'], 10),
    timeoutMs: 1000 * (numberOf(check['timeout_seconds'], 20) || 20),
    gracePeriodMs: 1000 * numberOf(check['grace_period_seconds'], 10),
    consecutiveFailures: numberOf(check['consecutive_failures'], 3),
  };
}

function isHealthy({ kind }: Probe, seen: Seen): boolean {
  if (kind === 'HTTP') return typeof seen === 'number' && seen >= 200 && seen < 400;
  return kind === 'COMMAND' ? seen === 0 : seen === true;
}

export interface HealthListener {
  /** At the first result, and whenever it changed. */
  readonly onHealth: (healthy: boolean) => void;
  /** Too many failures in a row. */
  readonly onGivenUp: () => void;
}

/**
 * Checks a task until it is told to stop, as src/checks/health_checker.cpp: failures in the grace period count only
 * after a first success.
 * @param host where the task's ports are
 */
export function startHealthCheck(check: HealthCheck, host: string, running: RunningTask, listener: HealthListener) {
  const startedAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let healthy: boolean | undefined;
  let failures = 0;
  const take = (succeeded: boolean) => {
    const isInGrace = performance.now() - startedAt <= check.gracePeriodMs;
    if (!succeeded && isInGrace && healthy === undefined) return;
    failures = succeeded ? 0 : failures + 1;
    if (healthy !== succeeded) listener.onHealth(succeeded);
    healthy = succeeded;
    if (failures >= Math.max(check.consecutiveFailures, 1)) {
      isStopped = true;
      listener.onGivenUp();
    }
  };
  const schedule = (delayMs: number) => {
    timer = setTimeout(() => {
      void runProbe(check.probe, host, running, check.timeoutMs).then((seen) => {
        if (!isStopped) take(isHealthy(check.probe, seen));
        if (!isStopped) schedule(check.intervalMs);
      });
    }, delayMs).unref();
  };
  schedule(check.delayMs);
  return {
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
