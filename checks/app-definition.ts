import { portsOfApp } from '../protocol/marathon/app-ports.ts';
import { failedTaskOf, type FailedTask } from './failed-tasks.ts';
import { listAt, numberAt, textAt, valueAt } from '../protocol/json.ts';

/** What is posted to `/v2/apps`; only what verify changes is named. */
export interface AppDefinition {
  readonly id: string;
  readonly instances?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly constraints?: readonly unknown[];
  readonly [key: string]: unknown;
}

/** Marks the apps of verify; its value is the id of the run. */
export const verifyLabel = 'CREATE_MESOS_CLUSTER_VERIFY';

/** A task of an app as Marathon shows it. */
export interface TaskSeen {
  readonly id: string;
  readonly host: string;
  readonly agentId: string;
  readonly ports: readonly number[];
  readonly state: string;
  /** Undefined while there is no result of a health check. */
  readonly alive?: boolean;
}

/** An app as Marathon shows it (`GET /v2/apps/ID`, which embeds tasks and the last failure). */
export interface AppSeen {
  readonly instances: number;
  readonly runId?: string;
  readonly tasks: readonly TaskSeen[];
  readonly hasHealthChecks: boolean;
  readonly servicePort?: number;
  readonly failed?: FailedTask;
}

export function readApp(answer: unknown): AppSeen {
  const app = valueAt(answer, 'app');
  const runId = textAt(app, 'labels', verifyLabel);
  const servicePort = firstServicePort(app);
  const failed = failedTaskOf(app);
  return {
    instances: numberAt(app, 'instances') ?? 0,
    tasks: listAt(app, 'tasks').map(readTask),
    hasHealthChecks: listAt(app, 'healthChecks').length > 0,
    ...(runId === undefined ? {} : { runId }),
    ...(servicePort === undefined ? {} : { servicePort }),
    ...(failed === undefined ? {} : { failed }),
  };
}

/** A task as `GET /v2/apps/ID/tasks` has it, too. */
export function readTask(task: unknown): TaskSeen {
  const results = listAt(task, 'healthCheckResults');
  return {
    id: textAt(task, 'id') ?? '',
    host: textAt(task, 'host') ?? '',
    agentId: textAt(task, 'slaveId') ?? '',
    ports: listAt(task, 'ports').flatMap((port) => (typeof port === 'number' ? [port] : [])),
    state: textAt(task, 'state') ?? '',
    ...(results.length === 0 ? {} : { alive: results.every((result) => valueAt(result, 'alive') === true) }),
  };
}

function firstServicePort(app: unknown): number | undefined {
  const port = portsOfApp(app)[0]?.servicePort ?? 0;
  return port > 0 ? port : undefined;
}
