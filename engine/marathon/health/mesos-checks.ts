import type { TaskCheck } from '../../../protocol/marathon-checks.ts';
import type { App, HealthCheck } from '../../../protocol/marathon.ts';
import type { Json } from '../../../protocol/mesos.ts';
import type { TaskPort } from '../scheduling/task-environment.ts';

/** COMMAND and MESOS_… checks are run by Mesos, on the agent; Marathon runs the others itself. */
export const isRunByMesos = (check: HealthCheck) => check.protocol === 'COMMAND' || check.protocol.startsWith('MESOS_');

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
  const common = {
    delay_seconds: check.delaySeconds,
    interval_seconds: check.intervalSeconds,
    timeout_seconds: check.timeoutSeconds,
    consecutive_failures: check.maxConsecutiveFailures,
    grace_period_seconds: check.gracePeriodSeconds,
  };
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
  const common = {
    delay_seconds: check.delaySeconds,
    interval_seconds: check.intervalSeconds,
    timeout_seconds: check.timeoutSeconds,
  };
  if (check.http !== undefined) {
    const { path } = check.http;
    const http = { port: portOf(check.http, ports, app), ...(path === undefined ? {} : { path }) };
    return { type: 'HTTP', http, ...common };
  }
  if (check.tcp !== undefined) return { type: 'TCP', tcp: { port: portOf(check.tcp, ports, app) }, ...common };
  const { shell, argv = [] } = check.exec?.command ?? {};
  const [program = ''] = argv;
  const command =
    shell === undefined ? { shell: false, value: program, arguments: argv } : { shell: true, value: shell };
  return { type: 'COMMAND', command: { command }, ...common };
}
