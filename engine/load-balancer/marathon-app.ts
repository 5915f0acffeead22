import { integerAt, isJsonObject, listAt, textAt, textsAt, valueAt } from '../../protocol/json.ts';
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

/** The apps of an answer, without those that have no id. */
export const readApps = (answer: unknown): readonly MarathonApp[] => listAt(answer, 'apps').flatMap(readApp);

function readApp(app: unknown): readonly MarathonApp[] {
  const id = textAt(app, 'id');
  if (id === undefined) return [];
  const lastScalingAt = textAt(app, 'versionInfo', 'lastScalingAt');
  return [
    {
      id: id.startsWith('/') ? id : `/${id}`,
      labels: textsAt(app, 'labels'),
      ports: portsOfApp(app),
      healthChecks: listAt(app, 'healthChecks').map(readHealthCheck),
      tasks: listAt(app, 'tasks').flatMap(readTask),
      addressPerTask: hasOwnAddresses(app),
      instances: integerAt(app, 'instances') ?? 1,
      ...(lastScalingAt === undefined ? {} : { lastScalingAt }),
    },
  ];
}

/** As any version of Marathon says it: before 1.5 there were no networks (get_app_networking_mode of marathon-lb). */
function hasOwnAddresses(app: unknown): boolean {
  const modes = listAt(app, 'networks').map((network) => textAt(network, 'mode') ?? 'container');
  if (modes.length > 0) return modes.at(-1) === 'container';
  const network = textAt(app, 'container', 'docker', 'network');
  return network === 'USER' || (network !== 'BRIDGE' && isJsonObject(valueAt(app, 'ipAddress')));
}

function readHealthCheck(check: unknown): MarathonHealthCheck {
  const [portIndex, port] = [integerAt(check, 'portIndex'), integerAt(check, 'port')];
  return {
    protocol: textAt(check, 'protocol') ?? 'HTTP',
    ...(portIndex === undefined ? {} : { portIndex }),
    ...(port === undefined ? {} : { port }),
  };
}

function readTask(task: unknown): readonly MarathonTask[] {
  const [id, host] = [textAt(task, 'id'), textAt(task, 'host')];
  if (id === undefined || host === undefined || host === '') return [];
  const results = listAt(task, 'healthCheckResults').map((result) => valueAt(result, 'alive') === true);
  return [
    {
      id,
      host,
      ports: listAt(task, 'ports').map((port) => integerAt(port) ?? 0),
      state: textAt(task, 'state') ?? '',
      addresses: listAt(task, 'ipAddresses').flatMap((each) => textAt(each, 'ipAddress') ?? []),
      ...(results.length === 0 ? {} : { alive: results.includes(true) }),
    },
  ];
}
