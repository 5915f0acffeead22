import { portsOfApp, type AppPort } from '../../protocol/marathon/app-ports.ts';

/*
 * What the load balancer reads of `GET /v2/apps?embed=apps.tasks` (Marathon's AppDefinition and Task). It may be
 * another Marathon than ours, so nothing is taken for granted: what has the wrong type is as if it were missing.
 */

export interface MarathonHealthCheck {
  readonly protocol: string;
  readonly portIndex?: number;
  readonly port?: number;
}

export interface MarathonTask {
  readonly id: string;
  readonly host: string;
  /** Host ports, in the order of the app's ports. */
  readonly ports: readonly number[];
  readonly state: string;
  /** First addresses of the container's own network, where it has one. */
  readonly addresses: readonly string[];
  /** By one of its checks at least, as marathon-lb has it. Undefined while Marathon has no result yet. */
  readonly alive?: boolean;
  /** It gets no new connections: another app of its deployment group takes over. */
  readonly isDraining?: boolean;
}

export interface MarathonApp {
  /** Begins with `/`. */
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly AppPort[];
  readonly healthChecks: readonly MarathonHealthCheck[];
  readonly tasks: readonly MarathonTask[];
  /** Every task has an address of its own (network mode `container`). */
  readonly addressPerTask: boolean;
  readonly instances: number;
  readonly lastScalingAt?: string;
}

type Fields = Readonly<Record<string, unknown>>;

const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) ? value : undefined;

/** The apps of an answer, without those that have no id. */
export function readApps(answer: unknown): readonly MarathonApp[] {
  return list(fields(answer)['apps']).flatMap((value) => readApp(fields(value)));
}

function readApp(app: Fields): readonly MarathonApp[] {
  const id = text(app['id']);
  if (id === undefined) return [];
  const labels = Object.entries(fields(app['labels'])).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  const lastScalingAt = text(fields(app['versionInfo'])['lastScalingAt']);
  return [
    {
      id: id.startsWith('/') ? id : `/${id}`,
      labels: Object.fromEntries(labels),
      ports: portsOfApp(app),
      healthChecks: list(app['healthChecks']).map(readHealthCheck),
      tasks: list(app['tasks']).flatMap((value) => readTask(fields(value))),
      addressPerTask: list(app['networks']).some((network) => fields(network)['mode'] === 'container'),
      instances: number(app['instances']) ?? 1,
      ...(lastScalingAt === undefined ? {} : { lastScalingAt }),
    },
  ];
}

function readHealthCheck(value: unknown): MarathonHealthCheck {
  const { protocol, portIndex, port } = fields(value);
  const index = number(portIndex);
  const fixed = number(port);
  return {
    protocol: text(protocol) ?? 'HTTP',
    ...(index === undefined ? {} : { portIndex: index }),
    ...(fixed === undefined ? {} : { port: fixed }),
  };
}

function readTask(task: Fields): readonly MarathonTask[] {
  const id = text(task['id']);
  const host = text(task['host']);
  if (id === undefined || host === undefined || host === '') return [];
  const results = list(task['healthCheckResults']).map((result) => fields(result)['alive'] === true);
  return [
    {
      id,
      host,
      ports: list(task['ports']).map((port) => number(port) ?? 0),
      state: text(task['state']) ?? '',
      addresses: list(task['ipAddresses']).flatMap((value) => text(fields(value)['ipAddress']) ?? []),
      ...(results.length === 0 ? {} : { alive: results.includes(true) }),
    },
  ];
}
