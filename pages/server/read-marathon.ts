import { whyWaiting } from '../../checks/why-waiting.ts';
import { listAt, numberAt, textAt, valueAt } from '../../protocol/json.ts';
import type { AppRow, DeploymentRow, Waiting } from '../picture/tables.ts';

/* What a Marathon answers, as rows (RAML: app.raml, pod-status.raml, deployment.raml, queue.raml). */

/** Of the queue: who waits, by id. @param queue `GET /v2/queue` */
export function readWaiting(queue: unknown): ReadonlyMap<string, Waiting> {
  return new Map(
    listAt(queue, 'queue').flatMap((item) => {
      const id = textAt(item, 'app', 'id') ?? textAt(item, 'pod', 'id');
      const why = id === undefined ? undefined : whyWaiting(queue, id);
      const waiting: Waiting = {
        count: numberAt(item, 'count') ?? 0,
        delay: numberAt(item, 'delay', 'timeLeftSeconds') ?? 0,
        ...(why === undefined ? {} : { why }),
      };
      return id === undefined ? [] : [[id, waiting] as const];
    }),
  );
}

const idsOf = (list: readonly unknown[]) => list.flatMap((each) => textAt(each, 'id') ?? []);

/** @param app of `GET /v2/apps?embed=apps.counts&embed=apps.deployments&embed=apps.lastTaskFailure` */
export function readApp(app: unknown, waiting: ReadonlyMap<string, Waiting>): readonly [string, AppRow] {
  const id = textAt(app, 'id') ?? '';
  const instances = numberAt(app, 'instances') ?? 0;
  const failure = textAt(app, 'lastTaskFailure', 'message');
  const waits = waiting.get(id);
  const row: AppRow = {
    isPod: false,
    instances,
    running: numberAt(app, 'tasksRunning') ?? 0,
    staged: numberAt(app, 'tasksStaged') ?? 0,
    healthy: numberAt(app, 'tasksHealthy') ?? 0,
    unhealthy: numberAt(app, 'tasksUnhealthy') ?? 0,
    cpus: numberAt(app, 'cpus') ?? 0,
    mem: numberAt(app, 'mem') ?? 0,
    what: whatRuns(app),
    version: textAt(app, 'version') ?? '',
    isSuspended: instances === 0,
    hasChecks: listAt(app, 'healthChecks').length > 0,
    deployments: idsOf(listAt(app, 'deployments')),
    ...(failure === undefined ? {} : { lastFailure: failure }),
    ...(waits === undefined ? {} : { waiting: waits }),
  };
  return [id, row];
}

const whatRuns = (app: unknown): string =>
  textAt(app, 'container', 'docker', 'image') ?? textAt(app, 'cmd') ?? listAt(app, 'args').join(' ');

/** @param status an item of `GET /v2/pods/::status` */
export function readPod(status: unknown, waiting: ReadonlyMap<string, Waiting>): readonly [string, AppRow] {
  const id = textAt(status, 'id') ?? '';
  const spec = valueAt(status, 'spec');
  const all = listAt(status, 'instances');
  const count = (...states: readonly string[]) =>
    all.filter((each) => states.includes(textAt(each, 'status') ?? '')).length;
  const containers = listAt(spec, 'containers');
  const sum = (name: string) =>
    containers.reduce<number>((total, each) => total + (numberAt(each, 'resources', name) ?? 0), 0);
  const instances = numberAt(spec, 'scaling', 'instances') ?? 1;
  const hasChecks = containers.some((each) => valueAt(each, 'healthCheck') !== undefined);
  const waits = waiting.get(id);
  const row: AppRow = {
    isPod: true,
    instances,
    running: count('STABLE', 'DEGRADED'),
    staged: count('PENDING', 'STAGING'),
    healthy: hasChecks ? count('STABLE') : 0,
    unhealthy: hasChecks ? count('DEGRADED') : 0,
    cpus: sum('cpus'),
    mem: sum('mem'),
    what: containers.flatMap((each) => textAt(each, 'name') ?? []).join(', '),
    version: textAt(spec, 'version') ?? '',
    isSuspended: instances === 0,
    hasChecks,
    deployments: [],
    ...(waits === undefined ? {} : { waiting: waits }),
  };
  return [id, row];
}

/** @param deployment of `GET /v2/deployments` */
export function readDeployment(deployment: unknown): readonly [string, DeploymentRow] {
  const ids = (field: string) => listAt(deployment, field).filter((id) => typeof id === 'string');
  const action = (each: unknown) =>
    `${textAt(each, 'action') ?? ''} ${textAt(each, 'app') ?? textAt(each, 'pod') ?? ''}`.trim();
  const row: DeploymentRow = {
    apps: [...ids('affectedApps'), ...ids('affectedPods')],
    step: numberAt(deployment, 'currentStep') ?? 0,
    steps: numberAt(deployment, 'totalSteps') ?? 0,
    actions: listAt(deployment, 'currentActions').map(action),
  };
  return [textAt(deployment, 'id') ?? '', row];
}
