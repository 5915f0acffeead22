import type { AppPort } from '../../protocol/marathon/app-ports.ts';
import { servedPort, words } from '../../protocol/marathon/served-port.ts';
import { mergeDeploymentGroups } from './deployment-groups.ts';
import type { MarathonApp, MarathonTask } from './marathon-app.ts';
import { serviceRules, type ServiceRules } from './rules/service-rules.ts';

export type ServiceMode = 'http' | 'tcp';

/** One task behind a service. */
export interface ServerAddress {
  /** As HAProxy's statistics call it in marathon-lb: `10_0_0_5_31005`, `agent1_172_18_0_5_31005`. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly taskId: string;
  /** It gets nothing new, and what runs on it runs to its end: `disabled` in an haproxy.cfg. */
  readonly isDraining: boolean;
}

/** One service port, and who answers there. */
export interface Service {
  readonly port: number;
  readonly appId: string;
  /** As marathon-lb calls its backend: `nginx_10000`, `shop_web_10001`. */
  readonly name: string;
  readonly mode: ServiceMode;
  readonly servers: readonly ServerAddress[];
  /** Names by which it is asked on port 80, in lower case. */
  readonly virtualHosts: readonly string[];
  /** Of these names only paths that begin so; without one all. */
  readonly paths: readonly string[];
  /** The higher it is, the earlier a service is looked at for a virtual host. */
  readonly weight: number;
  readonly rules: ServiceRules;
}

export interface TableOptions {
  /** Groups that are served; `*`: all of them. */
  readonly groups: readonly string[];
  /** Addresses of agents by the hostname that Marathon tells, for names that do not resolve here. */
  readonly hosts: Readonly<Record<string, string>>;
  /** Of other names, for what servers are called alone. */
  readonly addresses?: Readonly<Record<string, string>>;
  /** Whether a running task without health results served before: a new leader of Marathon has none for a while. */
  readonly wasServing: (taskId: string) => boolean;
}

const httpChecks: ReadonlySet<string> = new Set(['HTTP', 'HTTPS', 'MESOS_HTTP', 'MESOS_HTTPS']);

/**
 * The service ports of all apps, in the order of ids and ports (marathon-lb: get_apps and config).
 * A port that two apps claim belongs to the first of them. Unlike marathon-lb, a service without a task is kept, so
 * that its port answers 503 instead of refusing the connection.
 */
export function serviceTable(apps: readonly MarathonApp[], options: TableOptions): readonly Service[] {
  const byPort = new Map<number, Service>();
  const sorted = [...mergeDeploymentGroups(apps)].sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const app of sorted) {
    for (const [index, port] of app.ports.entries()) {
      const service = serviceOf(app, index, port, options);
      if (service !== undefined && !byPort.has(service.port)) byPort.set(service.port, service);
    }
  }
  return [...byPort.values()].sort((a, b) => a.port - b.port);
}

function serviceOf(app: MarathonApp, index: number, port: AppPort, options: TableOptions): Service | undefined {
  const label = (name: string) => app.labels[`HAPROXY_${index}_${name}`];
  const served = servedPort(app.labels, index, port.servicePort, options.groups);
  if (!('port' in served)) return undefined;
  const paths = words(label('PATH'), ' ');
  return {
    port: served.port,
    appId: app.id,
    name: `${app.id.slice(1).replaceAll('/', '_')}_${served.port}`,
    mode: modeOf(app, index, label),
    virtualHosts: words(label('VHOST'), ',').map((name) => name.toLowerCase()),
    paths,
    // Paths go before the whole host, unless a weight says otherwise (set_path in config.py).
    weight: Number.parseInt(label('BACKEND_WEIGHT') ?? '0', 10) || Math.min(1, paths.length),
    rules: serviceRules(label),
    servers: app.tasks
      .filter((task) => isServing(app, task, options))
      .flatMap((task) => serverOf(app, index, port, task, options))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/**
 * The label decides; without one a service with an HTTP health check or a virtual host is HTTP, every other is TCP
 * (marathon-lb: MarathonService and config; its Longhelp.md has the label's default as TCP).
 */
function modeOf(app: MarathonApp, index: number, label: (name: string) => string | undefined): ServiceMode {
  const wanted = label('MODE')?.toLowerCase();
  if (wanted === 'http' || wanted === 'tcp') return wanted;
  if ((label('VHOST') ?? '') !== '') return 'http';
  const checked = label('BACKEND_HEALTHCHECK_PORT_INDEX');
  const check = checkOf(app, index) ?? (checked === undefined ? undefined : checkOf(app, Number(checked)));
  return check !== undefined && httpChecks.has(check.protocol) ? 'http' : 'tcp';
}

/** The health check of a port: one that names a port by number is of all of them (get_health_check). */
const checkOf = ({ healthChecks }: MarathonApp, index: number) =>
  healthChecks.find(({ port, portIndex = 0 }) => port !== undefined || portIndex === index);

function isServing(app: MarathonApp, task: MarathonTask, options: TableOptions): boolean {
  if (task.state !== 'TASK_RUNNING') return false;
  return app.healthChecks.length === 0 || (task.alive ?? options.wasServing(task.id));
}

function serverOf(
  app: MarathonApp,
  index: number,
  port: AppPort,
  task: MarathonTask,
  { hosts, addresses = {} }: TableOptions,
): readonly ServerAddress[] {
  const [address] = task.addresses;
  const own = app.addressPerTask;
  const hostPort = own ? port.containerPort : task.ports[index];
  if (hostPort === undefined || hostPort < 1 || hostPort > 65_535) return [];
  // It gets one later, or its network has none to give (get_task_ip in utils.py of marathon-lb).
  if (own && address === undefined) return [];
  const at = (names: Readonly<Record<string, string>>) =>
    Object.hasOwn(names, task.host) ? names[task.host] : undefined;
  const host = (own ? address : at(hosts)) ?? task.host;
  const ip = (own ? address : (at(hosts) ?? at(addresses))) ?? task.host;
  const words = ip === task.host ? [ip, hostPort] : [task.host, ip, hostPort];
  const name = words.join('_').replaceAll(/[^\dA-Za-z-]/g, '_');
  return [{ name, host, port: hostPort, taskId: task.id, isDraining: task.isDraining === true }];
}
