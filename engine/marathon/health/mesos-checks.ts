import type { TaskCheck } from '../../../protocol/marathon/marathon-checks.ts';
import type { App, HealthCheck } from '../../../protocol/marathon.ts';
import type { Json } from '../../../protocol/mesos.ts';
import { ownCommand } from '../scheduling/own-command.ts';
import type { TaskPort } from '../scheduling/task-environment.ts';

/** COMMAND and MESOS_… checks are run by Mesos, on the agent; Marathon runs the others itself. */
export const isRunByMesos = (check: HealthCheck) => check.protocol === 'COMMAND' || check.protocol.startsWith('MESOS_');

interface Times {
  readonly delaySeconds: number;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
}

interface HealthTimes extends Times {
  readonly maxConsecutiveFailures: number;
  readonly gracePeriodSeconds: number;
}

const timesOf = (check: Times) => ({
  delay_seconds: check.delaySeconds,
  interval_seconds: check.intervalSeconds,
  timeout_seconds: check.timeoutSeconds,
});

/** When Mesos asks for the health of a task, and what it thinks of the answers. */
export const healthTimesOf = (check: HealthTimes) => ({
  ...timesOf(check),
  consecutive_failures: check.maxConsecutiveFailures,
  grace_period_seconds: check.gracePeriodSeconds,
});

interface Place {
  readonly port?: number;
  readonly portIndex?: number;
}

/** Mesos looks from inside of the container's network, so its own port counts there (MesosCheckWithPorts.effectivePort). */
function portOf({ port, portIndex }: Place, ports: readonly TaskPort[], app: App): number {
  const indexed = ports[portIndex ?? 0];
  const isHost = app.networks.every((network) => network.mode === 'host');
  const containerPort = indexed?.requested === 0 ? indexed.hostPort : indexed?.requested;
  return port ?? (isHost ? indexed?.hostPort : containerPort) ?? 0;
}

/** The HealthCheck of a TaskInfo. */
export function mesosHealthCheck(check: HealthCheck, ports: readonly TaskPort[], app: App): Json {
  const common = healthTimesOf(check);
  if (check.protocol === 'COMMAND') {
    return { type: 'COMMAND', command: { shell: true, value: check.command?.value ?? '' }, ...common };
  }
  const port = portOf(check, ports, app);
  const family = check.ipProtocol === 'IPv6' ? { protocol: 'IPv6' } : {};
  if (check.protocol === 'MESOS_TCP') return { type: 'TCP', tcp: { port, ...family }, ...common };
  const scheme = check.protocol === 'MESOS_HTTPS' ? 'https' : 'http';
  return { type: 'HTTP', http: { scheme, port, path: check.path ?? '/', ...family }, ...common };
}

/** The CheckInfo of a TaskInfo (Check.scala of Marathon). Its results are shown, and judged by nobody. */
export function mesosCheck(check: TaskCheck, ports: readonly TaskPort[], app: App): Json {
  const common = timesOf(check);
  const { http, tcp = {}, exec } = check;
  if (http !== undefined) {
    const path = http.path === undefined ? {} : { path: http.path };
    return { type: 'HTTP', http: { port: portOf(http, ports, app), ...path }, ...common };
  }
  if (exec === undefined) return { type: 'TCP', tcp: { port: portOf(tcp, ports, app) }, ...common };
  return { type: 'COMMAND', command: { command: ownCommand(exec.command) as unknown as Json }, ...common };
}
