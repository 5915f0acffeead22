import type { ClusterClient } from '../../checks/cluster-client.ts';
import type { ZookeeperAddress } from '../../checks/cluster-target.ts';
import { askZookeeper } from '../../checks/zookeeper-mode.ts';
import type { PlannedComponent } from '../../planning/plan/plan.ts';
import { numberAt, textAt } from '../../protocol/json.ts';
import type { RunningLab } from '../../runtimes/cluster-runtime.ts';
import { addonProbes, type AddonProbe } from './addon-probes.ts';
import { actedOnState, type ComponentStatus } from './part-status.ts';

/** Who asks, and about which lab. */
export interface Asker {
  readonly lab: Pick<RunningLab, 'plan' | 'target' | 'parts'>;
  readonly client: ClusterClient;
  readonly signal: AbortSignal;
}

const timeoutMs = 3000;

/**
 * Asks every component but the agents once, which cost a large master more than all the others; one that does not answer
 * is shown as such.
 */
export async function lookAtComponents(asker: Asker) {
  const { lab } = asker;
  const [masters, marathons, loadBalancers, addons, zookeepers] = await Promise.all([
    Promise.all(withUrls(lab, 'mesos-master').map((each) => unlessActedOn(asker, each, masterStatus))),
    Promise.all(withUrls(lab, 'marathon').map((each) => unlessActedOn(asker, each, marathonStatus))),
    Promise.all(withUrls(lab, 'marathon-lb').map((each) => unlessActedOn(asker, each, loadBalancerStatus))),
    Promise.all(addonProbes(lab.plan).map((each) => unlessActedOn(asker, each, () => addonStatus(asker, each)))),
    Promise.all(lab.target.zookeepers.map((each) => zookeeperStatus(asker, each))),
  ]);
  return { zookeepers, masters, marathons, loadBalancers, addons };
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

/** A component, and where it is. */
export interface WithUrl {
  readonly component: PlannedComponent;
  readonly url: string;
}

export function withUrls(
  { plan }: Asker['lab'],
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

/** One question; no answer is one, too. */
export async function askFor({ client, signal }: Asker, url: string): Promise<Answer> {
  try {
    const { status, json } = await client.ask(url, signal, { timeoutMs });
    return status === 200 ? { json } : { fault: `answers ${status}` };
  } catch (error) {
    if (signal.aborted) throw error;
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return { fault: `does not answer${code}` };
  }
}

export function statusOf({ component, url }: WithUrl, ok: boolean, state: string, detail?: string): ComponentStatus {
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
