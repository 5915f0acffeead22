import { readWish, type ReadWish } from '../labels/read-wish.ts';
import { listAt, numberAt, textAt, textsAt, valueAt } from '../../protocol/json.ts';
import { portsOfApp } from '../../protocol/marathon/app-ports.ts';
import { groupOf } from '../../protocol/marathon/deployment-group.ts';
import { servedPort } from '../../protocol/marathon/served-port.ts';

/** An app of Marathon that has labels of the autoscaler. */
export interface ScaledApp {
  readonly id: string;
  readonly read: Exclude<ReadWish, { readonly kind: 'none' }>;
  readonly instances: number;
  /** Marathon is at work on it, or it is one of two versions. */
  readonly isDeployed: boolean;
  /** Of one instance. */
  readonly cpus: number;
  readonly memoryBytes: number;
  /** Ports at which load balancers serve it, as HAProxy names them. */
  readonly servedPorts: readonly number[];
  /** Why there is none of these. */
  readonly whyUnserved: string;
  readonly tasks: readonly ScaledTask[];
}

export interface ScaledTask {
  readonly id: string;
  readonly agentId: string;
  /** It runs, and Marathon does not think otherwise of its health. */
  readonly isReady: boolean;
}

const megabyte = 1024 * 1024;

/** What reading apps asks Marathon for: with their tasks, and the deployments that they are in. */
export const appsPath = '/v2/apps?embed=apps.tasks&embed=apps.deployments';

/**
 * Of two versions of a deploy that is not over neither is scaled: whoever deploys them does that.
 * @param answer to `appsPath` (app.raml)
 */
export function scaledApps(answer: unknown): readonly ScaledApp[] {
  const apps = listAt(answer, 'apps').map((app) => {
    const labels = textsAt(app, 'labels');
    return { app, labels, group: groupOf(labels) };
  });
  const versions = new Map<string | undefined, number>();
  for (const { group } of apps) versions.set(group, (versions.get(group) ?? 0) + 1);
  return apps.flatMap(({ app, labels, group }) => {
    const hasTwoVersions = group !== undefined && (versions.get(group) ?? 0) > 1;
    const read = readWish(labels);
    const id = textAt(app, 'id');
    if (read.kind === 'none' || id === undefined) return [];
    const served = portsOfApp(app).map(({ servicePort }, index) => servedPort(labels, index, servicePort, undefined));
    const whyUnserved = served.flatMap((each) => ('why' in each ? [each.why] : []));
    return [
      {
        ...{ id, read, instances: numberAt(app, 'instances') ?? 0 },
        isDeployed: hasTwoVersions || listAt(app, 'deployments').length > 0,
        cpus: numberAt(app, 'cpus') ?? 0,
        memoryBytes: (numberAt(app, 'mem') ?? 0) * megabyte,
        servedPorts: served.flatMap((each) => ('port' in each ? [each.port] : [])),
        whyUnserved: whyUnserved[0] ?? 'it has no port',
        tasks: listAt(app, 'tasks').map(taskOf),
      },
    ];
  });
}

function taskOf(task: unknown): ScaledTask {
  const isWell = listAt(task, 'healthCheckResults').every((result) => valueAt(result, 'alive') === true);
  return {
    id: textAt(task, 'id') ?? '',
    agentId: textAt(task, 'slaveId') ?? '',
    // Old versions do not tell the state.
    isReady: isWell && (textAt(task, 'state') ?? 'TASK_RUNNING') === 'TASK_RUNNING',
  };
}
