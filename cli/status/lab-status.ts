import { clusterAt } from '../../checks/cluster-target.ts';
import { listAt, numberAt, textAt, valueAt } from '../../protocol/json.ts';
import type { RunningLab as WholeLab } from '../../runtimes/cluster-runtime.ts';
import { servicesOf, type AppServices } from './app-services.ts';
import { askFor, lookAtComponents, statusOf, withUrls, type Asker } from './component-status.ts';
import { appTaskRows, podTaskRows, type TaskStatusRow } from './task-rows.ts';
import { actedOnState, partStatuses, type ComponentStatus, type PartStatus } from './part-status.ts';
import { troubleOf } from '../apps/app-trouble.ts';
import { podAsApp } from '../apps/look-at-pod.ts';

/** What of a lab is looked at. */
type RunningLab = Pick<WholeLab, 'plan' | 'target' | 'parts'>;

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
export async function lookAtLab(lab: RunningLab, signal: AbortSignal): Promise<LabStatus> {
  const { client } = clusterAt(lab.target);
  const asker = { lab, client, signal };
  const [others, agents, apps, tasks] = await Promise.all([
    lookAtComponents(asker),
    agentStatuses(asker),
    appStatuses(asker),
    taskRows(asker),
  ]);
  const { zookeepers, masters, marathons, loadBalancers, addons } = others;
  const components = [...zookeepers, ...masters, ...agents, ...marathons, ...loadBalancers, ...addons];
  return { components, parts: partStatuses(lab, components), apps, tasks };
}

/** The first of several servers that has an answer. */
async function firstAnswer(asker: Asker, urls: readonly string[], path: string): Promise<unknown> {
  for (const url of urls) {
    const answer = await askFor(asker, `${url}${path}`);
    if ('json' in answer) return answer.json;
  }
  return undefined;
}

async function agentStatuses(asker: Asker): Promise<readonly ComponentStatus[]> {
  const { target } = asker.lab;
  const seen = listAt(await firstAnswer(asker, target.masters, '/slaves'), 'slaves');
  return withUrls(asker.lab, 'mesos-agent').map((each, index) => {
    const expected = target.expected?.agents[index];
    const agent = seen.find(
      (one) =>
        textAt(one, 'hostname') === expected?.hostname &&
        (numberAt(one, 'port') === expected?.port || numberAt(one, 'port') === undefined),
    );
    const state = actedOnState(asker.lab, each.component);
    if (state !== undefined) return statusOf(each, false, state);
    if (agent === undefined) return statusOf(each, false, 'not registered');
    const active = valueAt(agent, 'active') === true;
    return statusOf(each, active, active ? 'active' : 'inactive', agentDetail(agent));
  });
}

function agentDetail(agent: unknown): string {
  const part = (name: string) =>
    `${name} ${numberAt(agent, 'used_resources', name) ?? 0} of ${numberAt(agent, 'resources', name) ?? 0}`;
  const attributes = Object.entries(valueAt(agent, 'attributes') ?? {}).map(
    ([name, value]) => `${name}:${String(value)}`,
  );
  return [part('cpus'), part('mem'), ...attributes].join(', ');
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
