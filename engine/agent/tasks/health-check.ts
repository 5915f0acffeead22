import { connect } from 'node:net';
import { get } from 'node:http';
import { objectOf } from '../../../protocol/json.ts';
import type { Json, TaskInfo } from '../../../protocol/mesos.ts';
import type { RunningTask } from '../executors/executor.ts';

/** mesos.v1.HealthCheck, with its defaults (mesos.proto). */
export interface HealthCheck {
  readonly kind: 'command' | 'http' | 'tcp';
  /** Of a command. */
  readonly value: string;
  readonly port: number;
  /** The port is one inside of the container, which no port of the agent leads to. */
  readonly isInContainer: boolean;
  readonly path: string;
  readonly delayMs: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly gracePeriodMs: number;
  readonly consecutiveFailures: number;
}

const numberOf = (value: Json | undefined, other: number) => (typeof value === 'number' && value >= 0 ? value : other);
const textOf = (value: Json | undefined, other: string) => (typeof value === 'string' ? value : other);

/** Undefined when the task has none that this agent knows. */
export function parseHealthCheck(task: TaskInfo): HealthCheck | undefined {
  const check = objectOf(task.health_check);
  const command = objectOf(check['command']);
  const http = objectOf(check['http']);
  const tcp = objectOf(check['tcp']);
  const kind = 'command' in check ? 'command' : 'http' in check ? 'http' : 'tcp' in check ? 'tcp' : undefined;
  if (kind === undefined) return undefined;
  const containerPort = numberOf(http['port'] ?? tcp['port'], 0);
  const mapping = task.container?.docker?.port_mappings?.find(({ container_port }) => container_port === containerPort);
  return {
    kind,
    value: textOf(command['value'], 'true'),
    port: mapping?.host_port ?? containerPort,
    isInContainer: mapping === undefined && ['BRIDGE', 'USER'].includes(task.container?.docker?.network ?? 'HOST'),
    path: textOf(http['path'], '/'),
    delayMs: 1000 * numberOf(check['delay_seconds'], 15),
    intervalMs: 1000 * numberOf(check['interval_seconds'], 10),
    timeoutMs: 1000 * (numberOf(check['timeout_seconds'], 20) || 20),
    gracePeriodMs: 1000 * numberOf(check['grace_period_seconds'], 10),
    consecutiveFailures: numberOf(check['consecutive_failures'], 3),
  };
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
      // A check that cannot even be made, such as of port 99999, has failed.
      const result = probe(check, host, running).catch(() => false);
      void result.then((succeeded) => {
        if (!isStopped) take(succeeded);
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

function probe(check: HealthCheck, host: string, running: RunningTask): Promise<boolean> {
  switch (check.kind) {
    case 'command':
      // Nothing to run it in: a simulated container passes, as its message says what it is.
      return running.check?.(check.value, check.timeoutMs) ?? Promise.resolve(true);
    case 'http':
      return probeHttp(check, host);
    case 'tcp':
      return probeTcp(check, host);
  }
}

function probeHttp({ port, path, timeoutMs }: HealthCheck, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const request = get({ host, port, path: encodeURI(path), agent: false, signal }, (response) => {
      const { statusCode = 0 } = response;
      response.destroy();
      resolve(statusCode >= 200 && statusCode < 400);
    });
    request.on('error', () => {
      resolve(false);
    });
  });
}

function probeTcp({ port, timeoutMs }: HealthCheck, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs });
    const end = (succeeded: boolean) => () => {
      socket.destroy();
      resolve(succeeded);
    };
    socket.on('connect', end(true)).on('timeout', end(false)).on('error', end(false));
  });
}
