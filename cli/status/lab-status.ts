import type { ClusterClient } from '../../checks/cluster-client.ts';
import { listAt, numberAt, textAt, valueAt } from '../../protocol/json.ts';
import { type ZookeeperAddress, clusterAt } from '../../checks/cluster-target.ts';
import { askZookeeper } from '../../checks/zookeeper-mode.ts';
import type { RunningLab as WholeLab } from '../../runtimes/cluster-runtime.ts';
import type { PlannedComponent } from '../../planning/plan/plan.ts';
import { servicesOf, type AppServices } from './app-services.ts';
import { addonProbes, type AddonProbe } from './addon-probes.ts';
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

interface Asker {
  readonly lab: RunningLab;
  readonly client: ClusterClient;
  readonly signal: AbortSignal;
}

const timeoutMs = 3000;

/** Asks every component once; one that does not answer is shown as such. */
export async function lookAtLab(lab: RunningLab, signal: AbortSignal): Promise<LabStatus> {
  const { client } = clusterAt(lab.target);
  const asker = { lab, client, signal };
  const [masters, marathons, loadBalancers, addons, agents, apps, tasks] = await Promise.all([
    Promise.all(withUrls(lab, 'mesos-master').map((each) => unlessActedOn(asker, each, masterStatus))),
    Promise.all(withUrls(lab, 'marathon').map((each) => unlessActedOn(asker, each, marathonStatus))),
    Promise.all(withUrls(lab, 'marathon-lb').map((each) => unlessActedOn(asker, each, loadBalancerStatus))),
    Promise.all(addonProbes(lab.plan).map((each) => unlessActedOn(asker, each, () => addonStatus(asker, each)))),
    agentStatuses(asker),
    appStatuses(asker),
    taskRows(asker),
  ]);
  const zookeepers = await Promise.all(lab.target.zookeepers.map((each) => zookeeperStatus(asker, each)));
  const components = [...zookeepers, ...masters, ...agents, ...marathons, ...loadBalancers, ...addons];
  return { components, parts: partStatuses(lab, components), apps, tasks };
}

/** What was stopped, killed or paused is not asked: it would not answer. */
async function unlessActedOn(
  asker: Asker,
  each: WithUrl,
  ask: (asker: Asker, each: WithUrl) => Promise<ComponentStatus>,
): Promise<ComponentStatus> {
  const state = actedOnState(asker.lab, each.component);
  return state === undefined ? ask(asker, each) : statusOf(each, false, state);
}

async function zookeeperStatus(
  { lab, signal }: Asker,
  { name, host, port }: ZookeeperAddress,
): Promise<ComponentStatus> {
  const node = lab.plan.zookeepers.find((member) => member.host === name)?.node ?? name;
  const about = { id: name, node, role: 'zookeeper', url: `${host}:${port}` } as const;
  try {
    const { mode } = await askZookeeper(host, port, signal);
    return { ...about, ok: mode !== undefined, state: mode ?? 'has no quorum' };
  } catch (error) {
    if (signal.aborted) throw error;
    return { ...about, ok: false, state: 'does not answer' };
  }
}

interface WithUrl {
  readonly component: PlannedComponent;
  readonly url: string;
}

function withUrls(
  { plan }: RunningLab,
  role: 'mesos-master' | 'mesos-agent' | 'marathon' | 'marathon-lb',
): readonly WithUrl[] {
  const urls = {
    'mesos-master': plan.urls.masters,
    'mesos-agent': plan.urls.agents,
    marathon: plan.urls.marathons,
    'marathon-lb': plan.urls.loadBalancers,
  }[role];
  return plan.nodes
    .flatMap(({ components }) => components.filter((component) => component.role === role))
    .map((component, index) => ({ component, url: urls[index] ?? '' }));
}

type Answer = { readonly json: unknown } | { readonly fault: string };

async function askFor({ client, signal }: Asker, url: string): Promise<Answer> {
  try {
    const { status, json } = await client.ask(url, signal, { timeoutMs });
    return status === 200 ? { json } : { fault: `answers ${status}` };
  } catch (error) {
    if (signal.aborted) throw error;
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return { fault: `does not answer${code}` };
  }
}

function statusOf({ component, url }: WithUrl, ok: boolean, state: string, detail?: string): ComponentStatus {
  const { id, node, role } = component;
  return { id, node, role, ok, state, url, ...(detail === undefined ? {} : { detail }) };
}

async function masterStatus(asker: Asker, each: WithUrl): Promise<ComponentStatus> {
  const answer = await askFor(asker, `${each.url}/metrics/snapshot`);
  if ('fault' in answer) return statusOf(each, false, answer.fault);
  const elected = numberAt(answer.json, 'master/elected');
  if (elected === undefined) return statusOf(each, false, 'what answers is not Mesos');
  return statusOf(each, true, elected === 1 ? 'leads' : 'stands by');
}

async function marathonStatus(asker: Asker, each: WithUrl): Promise<ComponentStatus> {
  const answer = await askFor(asker, `${each.url}/v2/leader`);
  if ('fault' in answer) return statusOf(each, false, answer.fault);
  const leader = textAt(answer.json, 'leader');
  if (leader === undefined) return statusOf(each, false, 'what answers is not Marathon');
  const { host, environment } = each.component;
  // In a container it knows itself by its own name, not by what is published here.
  const names = [host, environment.find(({ name }) => name === 'MARATHON_HOSTNAME')?.value];
  const isOwn = leader === new URL(each.url).host || names.includes(leader.replace(/:\d+$/, ''));
  const leads = isOwn || asker.lab.target.marathons.length === 1;
  return statusOf(each, true, leads ? 'leads' : 'stands by');
}

async function loadBalancerStatus(asker: Asker, each: WithUrl): Promise<ComponentStatus> {
  const answer = await askFor(asker, `${each.url}/_haproxy_health_check`);
  return 'fault' in answer ? statusOf(each, false, answer.fault) : statusOf(each, true, 'serves');
}

async function addonStatus(asker: Asker, { component, url, path }: AddonProbe): Promise<ComponentStatus> {
  const answer = await askFor(asker, `${url}${path}`);
  const each = { component, url };
  if ('fault' in answer) return statusOf(each, false, answer.fault);
  const { mesosDns } = asker.lab.target;
  const dns = mesosDns?.url === url ? mesosDns.dns : undefined;
  return statusOf(each, true, 'serves', dns === undefined ? undefined : `DNS at ${dns}`);
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
