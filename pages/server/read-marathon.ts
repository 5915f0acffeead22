import { whyItemWaits } from '../../checks/why-waiting.ts';
import { listAt, numberAt, textAt, valueAt } from '../../protocol/json.ts';
import type { AppRow, DeploymentRow, Lack, Waiting } from '../picture/tables.ts';

/* What a Marathon answers, as rows (RAML: app.raml, pod-status.raml, deployment.raml, queue.raml). */

/**
 * Of the queue: who waits, by id.
 * @param queue `GET /v2/queue`
 * @param now milliseconds since 1970
 * @param before what was known of an app: the end of a delay is told in seconds, and does not move for that
 */
export function readWaiting(
  queue: unknown,
  now: number,
  before: (id: string) => Waiting | undefined,
): ReadonlyMap<string, Waiting> {
  return new Map(
    listAt(queue, 'queue').flatMap((item) => {
      const id = textAt(item, 'app', 'id') ?? textAt(item, 'pod', 'id');
      const count = numberAt(item, 'count') ?? 0;
      if (id === undefined || count === 0) return [];
      const why = whyItemWaits(item);
      const until = untilOf(numberAt(item, 'delay', 'timeLeftSeconds') ?? 0, now, before(id)?.until);
      const waiting: Waiting = {
        count,
        lacks: listAt(item, 'processedOffersSummary', 'rejectSummaryLastOffers').flatMap(readLack),
        ...(until === undefined ? {} : { until }),
        ...(why === undefined ? {} : { why }),
      };
      return [[id, waiting] as const];
    }),
  );
}

/** How much two readings of the same end may differ: seconds are whole, and an answer takes its time. */
const sameEndMs = 2000;

function untilOf(seconds: number, now: number, before: number | undefined): number | undefined {
  if (seconds <= 0) return undefined;
  const until = now + seconds * 1000;
  return before !== undefined && Math.abs(before - until) <= sameEndMs ? before : until;
}

function readLack(step: unknown): readonly Lack[] {
  const [declined, processed] = [numberAt(step, 'declined') ?? 0, numberAt(step, 'processed') ?? 0];
  return declined === 0 ? [] : [{ reason: textAt(step, 'reason') ?? '', declined, processed }];
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

/**
 * @param status an item of `GET /v2/pods/::status`
 * @param deployments `GET /v2/deployments`: a pod does not name those that change it
 */
export function readPod(
  status: unknown,
  waiting: ReadonlyMap<string, Waiting>,
  deployments: unknown,
): readonly [string, AppRow] {
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
    deployments: idsOf(listAt(deployments).filter((each) => listAt(each, 'affectedPods').includes(id))),
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
    // Its version is the time when it was begun (deploymentPlan.raml).
    since: Date.parse(textAt(deployment, 'version') ?? '') || 0,
  };
  return [textAt(deployment, 'id') ?? '', row];
}

/** Something of it will change before long: apps that are deployed, wait, or have fewer tasks or healthy ones than they should. */
export function isUnderWay(
  apps: ReadonlyMap<string, AppRow>,
  deployments: ReadonlyMap<string, DeploymentRow>,
): boolean {
  if (deployments.size > 0) return true;
  for (const { waiting, running, instances, staged, healthy, hasChecks } of apps.values()) {
    if (waiting !== undefined || staged > 0 || running !== instances) return true;
    if (hasChecks && healthy < running) return true;
  }
  return false;
}
