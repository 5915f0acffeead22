import type { AppPort } from '../../protocol/marathon/app-ports.ts';
import { servedPort, words } from '../../protocol/marathon/served-port.ts';
import { mergeDeploymentGroups } from './deployment-groups.ts';
import type { MarathonApp, MarathonTask } from './marathon-app.ts';

export type ServiceMode = 'http' | 'tcp';

/** One task behind a service. */
export interface ServerAddress {
  /** As HAProxy's statistics call it in marathon-lb: `agent1_31005`. */
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
}

export interface TableOptions {
  /** Groups that are served; `*`: all of them. */
  readonly groups: readonly string[];
  /** Addresses of agents by the hostname that Marathon tells, for names that do not resolve here. */
  readonly hosts: Readonly<Record<string, string>>;
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
  return {
    port: served.port,
    appId: app.id,
    name: `${app.id.slice(1).replaceAll('/', '_')}_${served.port}`,
    mode: modeOf(app, index, label('MODE'), label('VHOST')),
    virtualHosts: words(label('VHOST'), ',').map((name) => name.toLowerCase()),
    paths: words(label('PATH'), ' '),
    weight: Number.parseInt(label('BACKEND_WEIGHT') ?? '0', 10) || 0,
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
function modeOf(app: MarathonApp, index: number, mode: string | undefined, vhost: string | undefined): ServiceMode {
  const wanted = mode?.toLowerCase();
  if (wanted === 'http' || wanted === 'tcp') return wanted;
  if (vhost !== undefined && vhost !== '') return 'http';
  const isHttp = app.healthChecks.some(
    (check) => httpChecks.has(check.protocol) && check.port === undefined && (check.portIndex ?? 0) === index,
  );
  return isHttp ? 'http' : 'tcp';
}

function isServing(app: MarathonApp, task: MarathonTask, options: TableOptions): boolean {
  if (task.state !== 'TASK_RUNNING') return false;
  return app.healthChecks.length === 0 || (task.alive ?? options.wasServing(task.id));
}

function serverOf(
  app: MarathonApp,
  index: number,
  port: AppPort,
  task: MarathonTask,
  { hosts }: TableOptions,
): readonly ServerAddress[] {
  const [address] = task.addresses;
  const own = app.addressPerTask && address !== undefined && port.containerPort !== undefined;
  const hostPort = own ? port.containerPort : task.ports[index];
  if (hostPort === undefined || hostPort < 1 || hostPort > 65_535) return [];
  const host = own ? address : ((Object.hasOwn(hosts, task.host) ? hosts[task.host] : undefined) ?? task.host);
  const name = `${task.host}_${hostPort}`.replaceAll(/[^\dA-Za-z-]/g, '_');
  return [{ name, host, port: hostPort, taskId: task.id, isDraining: task.isDraining === true }];
}
