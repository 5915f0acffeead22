import { numberAt, parseJson, textAt } from '../../protocol/json.ts';
import type { Ask } from './ask/ask-http.ts';
import type { Family, Measure } from '../../protocol/exposition.ts';
import type { KnownAgent, MetricsTargets } from './metrics-targets.ts';
import { containerMeasures } from './read/containers.ts';
import { haproxyMeasures } from './read/haproxy-metrics.ts';
import { agentMeasures, agentsOf } from './read/known-agents.ts';
import { appMeasures, queueMeasures } from './read/marathon-apps.ts';
import { marathonMeasures } from './read/marathon-metrics.ts';
import { mesosMeasures } from './read/mesos-metrics.ts';
import { servedApps, type ServedApps } from './read/served-apps.ts';
import { zookeeperMeasures } from './read/zookeeper-metrics.ts';

export interface CollectWorld {
  readonly ask: Ask;
  readonly askMntr: (address: string, signal: AbortSignal) => Promise<string>;
  /** When it is time to answer: who has not by then is not up. */
  readonly signal: AbortSignal;
  /** How many agents are asked at the same time. */
  readonly atOnce: number;
  /** Agents that were known before, for as long as no master leads. */
  readonly agentsBefore: readonly KnownAgent[];
}

export interface Collected {
  readonly measures: readonly Measure[];
  readonly agents: readonly KnownAgent[];
  /** Which apps load balancers serve under which names, as Marathon says it. */
  readonly served: ServedApps;
}

const up = (name: string, what: string): Family => ({
  name: `${name}_up`,
  kind: 'gauge',
  help: `Whether the ${what} answered.`,
});

/** The part of a URL that says who it is. */
const hostOf = (url: string) => new URL(url).host;

/** Everything that a cluster tells of itself; who does not answer is not up, and nothing else is missing for that. */
export async function collect(targets: MetricsTargets, world: CollectWorld): Promise<Collected> {
  const [mesos, marathons, ...others] = await Promise.all([
    ofMesos(targets.masters, world),
    ofMarathons(targets.marathons, world),
    ...targets.loadBalancers.map((url) => ofLoadBalancer(url, world)),
    ...targets.zookeepers.map((address) => ofZookeeper(address, world)),
  ]);
  const measures = [...mesos.measures, ...marathons.measures, ...others.flat()];
  return { agents: mesos.agents, served: marathons.served, measures };
}

/** An answer as JSON; undefined when there is none. */
const readJson = (
  url: string,
  { ask, signal }: CollectWorld,
  more: { readonly host?: string; readonly body?: string } = {},
) => ask({ url, ...more }, signal).then(parseJson, () => undefined);

/** That it answered, or not; and what it told. */
const told = (family: Family, labels: Measure['labels'], answer: unknown, measures: () => readonly Measure[]) =>
  answer === undefined ? [{ family, labels, value: 0 }] : [{ family, labels, value: 1 }, ...measures()];

async function ofMesos(masters: readonly string[], world: CollectWorld): Promise<Omit<Collected, 'served'>> {
  const snapshots = await Promise.all(
    masters.map(async (url) => ({ url, snapshot: await readJson(`${url}/metrics/snapshot?timeout=1secs`, world) })),
  );
  const ofMasters = snapshots.flatMap(({ url, snapshot }) => {
    const labels = { master: hostOf(url) };
    return told(up('mesos_master', 'master'), labels, snapshot, () => mesosMeasures(snapshot, labels));
  });
  const leader = snapshots.find(({ snapshot }) => numberAt(snapshot, 'master/elected') === 1)?.url;
  const body = JSON.stringify({ type: 'GET_AGENTS' });
  const answer = leader === undefined ? undefined : await readJson(`${leader}/api/v1`, world, { body });
  const isTold = textAt(answer, 'type') === 'GET_AGENTS';
  const agents = isTold ? agentsOf(answer) : world.agentsBefore;
  const ofAgents = await inTurn(agents, (agent) => ofAgent(agent, world), world.atOnce);
  return { agents, measures: [...ofMasters, ...(isTold ? agentMeasures(agents) : []), ...ofAgents.flat()] };
}

async function ofAgent({ name, url }: KnownAgent, world: CollectWorld): Promise<readonly Measure[]> {
  // There was no time left for it, which says nothing of it.
  if (world.signal.aborted) return [];
  const read = (path: string) => readJson(`${url}${path}`, world, { host: name });
  const snapshot = await read('/metrics/snapshot?timeout=1secs');
  const statistics = snapshot !== undefined && hasContainers(snapshot) ? await read('/monitor/statistics') : undefined;
  const labels = { agent: name };
  return told(up('mesos_agent', 'agent'), labels, snapshot, () => [
    ...mesosMeasures(snapshot, labels),
    ...containerMeasures(statistics, name),
  ]);
}

/** Most agents of a large cluster have none: that is half of what has to be asked. */
const hasContainers = (snapshot: unknown): boolean =>
  ['registering', 'running', 'terminating'].some((state) => numberAt(snapshot, `slave/executors_${state}`) !== 0);

async function ofMarathons(marathons: readonly string[], world: CollectWorld): Promise<Omit<Collected, 'agents'>> {
  const answers = await Promise.all(
    marathons.map(async (url) => ({ url, metrics: await readJson(`${url}/metrics`, world) })),
  );
  const own = answers.flatMap(({ url, metrics }) => {
    const labels = { marathon: hostOf(url) };
    return told(up('marathon', 'Marathon'), labels, metrics, () => marathonMeasures(metrics, labels));
  });
  // Each of them asks the leader for it.
  const url = answers.find(({ metrics }) => metrics !== undefined)?.url;
  if (url === undefined) return { measures: own, served: new Map() };
  const [apps, queue] = await Promise.all(
    ['/v2/apps?embed=apps.counts&embed=apps.deployments', '/v2/queue'].map((path) => readJson(`${url}${path}`, world)),
  );
  return { measures: [...own, ...appMeasures(apps), ...queueMeasures(queue)], served: servedApps(apps) };
}

async function ofLoadBalancer(url: string, { ask, signal }: CollectWorld): Promise<readonly Measure[]> {
  const name = hostOf(url);
  const csv = await ask({ url: `${url}/haproxy?stats;csv` }, signal).catch(() => undefined);
  const family = up('haproxy', 'load balancer');
  return told(family, { load_balancer: name }, csv, () => haproxyMeasures(csv ?? '', name));
}

async function ofZookeeper(address: string, { askMntr, signal }: CollectWorld): Promise<readonly Measure[]> {
  const text = await askMntr(address, signal).catch(() => undefined);
  const family = up('zookeeper', 'ZooKeeper');
  return told(family, { zookeeper: address }, text, () => zookeeperMeasures(text ?? '', address));
}

/** Does the same with each, so many at a time; the results are in their order. */
async function inTurn<Item, Result>(items: readonly Item[], action: (item: Item) => Promise<Result>, atOnce: number) {
  const results = new Array<Result>(items.length);
  const waiting = items.entries();
  const work = async () => {
    for (const [index, item] of waiting) results[index] = await action(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  return results;
}
