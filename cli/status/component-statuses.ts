import { type ZookeeperAddress, clusterAt } from '../../checks/cluster-target.ts';
import { askZookeeper } from '../../checks/zookeeper-mode.ts';
import type { PlannedComponent } from '../../planning/plan/plan.ts';
import { listAt, numberAt, textAt, valueAt } from '../../protocol/json.ts';
import { addonProbes, type AddonProbe } from './addon-probes.ts';
import { askFor, firstAnswer, type Asker, type LookedAt } from './asker.ts';
import { actedOnState, type ComponentStatus } from './part-status.ts';

/** Of more agents than these, and of those that are somebody else's, the master alone is asked how they are. */
const mostAgents = 50;

/** Asks every component whether it is there, and nobody anything that is long: for who asks again and again. */
export async function lookAtComponents(lab: LookedAt, signal: AbortSignal): Promise<readonly ComponentStatus[]> {
  const { client } = clusterAt(lab.target);
  const agents = withUrls(lab, 'mesos-agent');
  const asked = lab.plan.adopted === undefined && agents.length <= mostAgents ? agents : [];
  return componentStatuses({ lab, client, signal }, (asker) =>
    Promise.all(asked.map((each) => unlessActedOn(asker, each, agentAnswer))),
  );
}

/** @param askAgents how agents are told of */
export async function componentStatuses(
  asker: Asker,
  askAgents: (asker: Asker) => Promise<readonly ComponentStatus[]>,
): Promise<readonly ComponentStatus[]> {
  const { lab } = asker;
  const [masters, marathons, loadBalancers, addons, agents] = await Promise.all([
    Promise.all(withUrls(lab, 'mesos-master').map((each) => unlessActedOn(asker, each, masterStatus))),
    Promise.all(withUrls(lab, 'marathon').map((each) => unlessActedOn(asker, each, marathonStatus))),
    Promise.all(withUrls(lab, 'marathon-lb').map((each) => unlessActedOn(asker, each, loadBalancerStatus))),
    Promise.all(addonProbes(lab.plan).map((each) => unlessActedOn(asker, each, () => addonStatus(asker, each)))),
    askAgents(asker),
  ]);
  const zookeepers = await Promise.all(lab.target.zookeepers.map((each) => zookeeperStatus(asker, each)));
  return [...zookeepers, ...masters, ...agents, ...marathons, ...loadBalancers, ...addons];
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
  const { nodes, zookeepers } = lab.plan;
  const component = nodes.flatMap(({ components }) => components).find(({ id }) => id === name);
  // Those of an adopted cluster are known by their addresses alone.
  const node = component?.node ?? zookeepers.find((member) => member.host === name)?.node ?? name;
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
  { plan }: LookedAt,
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

/** Agents, as the master knows them. */
export async function agentStatuses(asker: Asker): Promise<readonly ComponentStatus[]> {
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

async function agentAnswer(asker: Asker, each: WithUrl): Promise<ComponentStatus> {
  const answer = await askFor(asker, `${each.url}/health`);
  return 'fault' in answer ? statusOf(each, false, answer.fault) : statusOf(each, true, 'answers');
}

function agentDetail(agent: unknown): string {
  const part = (name: string) =>
    `${name} ${numberAt(agent, 'used_resources', name) ?? 0} of ${numberAt(agent, 'resources', name) ?? 0}`;
  const attributes = Object.entries(valueAt(agent, 'attributes') ?? {}).map(
    ([name, value]) => `${name}:${String(value)}`,
  );
  return [part('cpus'), part('mem'), ...attributes].join(', ');
}
