import { listAt, numberAt, textAt, textsAt, valueAt } from '../../protocol/json.ts';
import { appPath } from '../../protocol/marathon/app-id.ts';
import { portsOfApp } from '../../protocol/marathon/app-ports.ts';
import type { MarathonClient } from '../apps/marathon-client.ts';

/** A task of an app, as the load balancer is told of it. */
export interface RunningTask {
  readonly id: string;
  readonly host: string;
  readonly ports: readonly number[];
  /** Of its container's own networks. */
  readonly addresses: readonly string[];
  /** By one of its health checks at least, as marathon-lb has it. */
  readonly isAlive: boolean;
  /** It has been, and may be again. */
  readonly wasAlive: boolean;
}

/** An app that Marathon has, as far as strategies look at it. */
export interface RunningApp {
  readonly id: string;
  readonly version: string;
  readonly instances: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly servicePort: number;
  /** In the order of their ids, in which marathon-lb takes them out. */
  readonly tasks: readonly RunningTask[];
  readonly isDeploying: boolean;
  /** As Marathon shows it. */
  readonly answer: unknown;
}

/** Undefined: Marathon has no app of this id. */
export async function appNamed({ ask }: MarathonClient, id: string): Promise<RunningApp | undefined> {
  const { status, json } = await ask('GET', `${appPath(id)}?embed=app.tasks`);
  return status === 404 ? undefined : runningApp(valueAt(json, 'app'));
}

/** All apps that Marathon has. */
export async function everyApp({ ask }: MarathonClient): Promise<readonly RunningApp[]> {
  const { json } = await ask('GET', '/v2/apps?embed=apps.tasks&embed=apps.deployments');
  return listAt(json, 'apps').map(runningApp);
}

/** @param app of `GET /v2/apps` */
function runningApp(app: unknown): RunningApp {
  return {
    id: textAt(app, 'id') ?? '',
    version: textAt(app, 'version') ?? '',
    instances: numberAt(app, 'instances') ?? 0,
    labels: textsAt(app, 'labels'),
    servicePort: portsOfApp(app)[0]?.servicePort ?? 0,
    tasks: listAt(app, 'tasks')
      .map(runningTask)
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    isDeploying: listAt(app, 'deployments').length > 0,
    answer: app,
  };
}

function runningTask(task: unknown): RunningTask {
  const results = listAt(task, 'healthCheckResults');
  return {
    id: textAt(task, 'id') ?? '',
    host: textAt(task, 'host') ?? '',
    ports: listAt(task, 'ports').filter((port) => typeof port === 'number'),
    addresses: listAt(task, 'ipAddresses').flatMap((each) => textAt(each, 'ipAddress') ?? []),
    isAlive: results.some((result) => valueAt(result, 'alive') === true),
    wasAlive: results.some((result) => textAt(result, 'lastSuccess') !== undefined),
  };
}
