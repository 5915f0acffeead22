import { clusterAt } from '../../checks/cluster-target.ts';
import { listAt, numberAt, textAt } from '../../protocol/json.ts';
import { troubleOf } from '../apps/app-trouble.ts';
import { podAsApp } from '../apps/look-at-pod.ts';
import { servicesOf, type AppServices } from './app-services.ts';
import { firstAnswer, type Asker, type LookedAt } from './asker.ts';
import { agentStatuses, componentStatuses } from './component-statuses.ts';
import { partStatuses, type ComponentStatus, type PartStatus } from './part-status.ts';
import { appTaskRows, podTaskRows, type TaskStatusRow } from './task-rows.ts';

/** An app or a pod, as `status` shows it. */
export interface AppStatus extends AppServices {
  readonly id: string;
  readonly instances: number;
  readonly running: number;
  readonly healthy: number;
  /** Whether it has health checks at all. */
  readonly checked: boolean;
  readonly deploying: boolean;
  /** Why instances of it are missing, when Marathon says. */
  readonly trouble?: string;
}

/** Everything that `status` shows. */
export interface LabStatus {
  readonly parts: readonly PartStatus[];
  readonly components: readonly ComponentStatus[];
  readonly apps: readonly AppStatus[];
  readonly tasks: readonly TaskStatusRow[];
}

/** Asks every component once; one that does not answer is shown as such. */
export async function lookAtLab(lab: LookedAt, signal: AbortSignal): Promise<LabStatus> {
  const { client } = clusterAt(lab.target);
  const asker = { lab, client, signal };
  const [components, apps, tasks] = await Promise.all([
    componentStatuses(asker, agentStatuses),
    appStatuses(asker),
    taskRows(asker),
  ]);
  return { components, parts: partStatuses(lab, components), apps, tasks };
}

async function appStatuses(asker: Asker): Promise<readonly AppStatus[]> {
  const { target } = asker.lab;
  const embed = ['counts', 'deployments', 'lastTaskFailure'].map((each) => `embed=apps.${each}`).join('&');
  const [answer, queue, pods, deployments] = await Promise.all([
    firstAnswer(asker, target.marathons, `/v2/apps?${embed}`),
    firstAnswer(asker, target.marathons, '/v2/queue'),
    firstAnswer(asker, target.marathons, '/v2/pods/::status'),
    firstAnswer(asker, target.marathons, '/v2/deployments'),
  ]);
  const podsAsApps = listAt(pods).map((pod) => podAsApp(pod, deployments));
  return [...listAt(answer, 'apps'), ...podsAsApps].map((app) => ({
    id: textAt(app, 'id') ?? '',
    instances: numberAt(app, 'instances') ?? 0,
    running: numberAt(app, 'tasksRunning') ?? 0,
    healthy: numberAt(app, 'tasksHealthy') ?? 0,
    checked: listAt(app, 'healthChecks').length > 0,
    deploying: listAt(app, 'deployments').length > 0,
    ...troubleEntry(troubleOf(app, queue, target)),
    ...servicesOf(target.services, app),
  }));
}

const troubleEntry = (trouble: string | undefined) => (trouble === undefined ? {} : { trouble });

async function taskRows(asker: Asker): Promise<readonly TaskStatusRow[]> {
  const { marathons } = asker.lab.target;
  const [tasks, pods] = await Promise.all([
    firstAnswer(asker, marathons, '/v2/tasks'),
    firstAnswer(asker, marathons, '/v2/pods/::status'),
  ]);
  return [...appTaskRows(tasks), ...podTaskRows(pods)];
}
