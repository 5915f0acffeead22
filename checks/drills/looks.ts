import { listAt, numberAt, textAt, valueAt } from '../../protocol/json.ts';
import { readTask, type TaskSeen } from '../app-definition.ts';
import type { ClusterAnswer, ClusterClient } from '../cluster-client.ts';
import type { Cluster } from '../cluster-target.ts';
import { readStatistics, upServersOf } from '../haproxy-statistics.ts';
import { lookAtMarathon } from '../look-at-marathon.ts';
import { lookAtLeadingMaster } from '../look-at-masters.ts';
import { askZookeeper } from '../zookeeper-mode.ts';
import type { DrillAgent } from './drill-facts.ts';
import type { Look } from './stage.ts';

/*
 * What a drill looks at, many times a second. All servers of a kind are asked at once and the first good answer counts:
 * one that hangs must not hide from us what the others know.
 */

/** Nobody is waited for longer: whoever is silent is as good as dead for a moment's look. */
const timeoutMs = 1000;

/** The same client, that waits no longer. */
const impatient = ({ ask, urlFor }: ClusterClient): ClusterClient => ({
  urlFor,
  ask: (url, signal, options) => ask(url, signal, { timeoutMs, ...options }),
});

/** The first answer with one of these statuses; undefined when nobody gives one. */
export async function askAnyOf(
  { client }: Cluster,
  urls: readonly string[],
  path: string,
  signal: AbortSignal,
  statuses: readonly number[] = [200],
): Promise<ClusterAnswer | undefined> {
  const done = new AbortController();
  const either = AbortSignal.any([signal, done.signal]);
  try {
    return await Promise.any(
      urls.map(async (url) => {
        const answer = await client.ask(`${url}${path}`, either, { timeoutMs });
        if (!statuses.includes(answer.status)) throw new Error(String(answer.status));
        return answer;
      }),
    );
  } catch {
    signal.throwIfAborted();
    return undefined;
  } finally {
    done.abort();
  }
}

/** The tasks of an app, as Marathon has them. */
export const tasksOf =
  (cluster: Cluster, app: string): Look<readonly TaskSeen[]> =>
  async (signal) => {
    const answer = await askAnyOf(cluster, cluster.target.marathons, `/v2/apps${app}/tasks`, signal);
    return answer === undefined ? undefined : listAt(answer.json, 'tasks').map(readTask);
  };

/** `registered` says whether the leading master has it at all, `active` whether it offers what it has. */
export interface AgentState {
  readonly registered: boolean;
  readonly active: boolean;
}

/** What the leading master knows of agents, in their order. */
export const agentsOf =
  (cluster: Cluster, agents: readonly DrillAgent[]): Look<readonly AgentState[]> =>
  async (signal) => {
    const { masters, expected } = cluster.target;
    // Among thousands each is asked for by its id; else one that comes back with another id is found, too.
    const isLarge = (expected?.simulatedAgents ?? 0) > 0;
    const paths = isLarge ? agents.map(({ agentId }) => `/slaves?slave_id=${agentId}`) : ['/slaves'];
    const answered = await Promise.all(paths.map((path) => askAnyOf(cluster, masters, path, signal)));
    if (answered.includes(undefined)) return undefined;
    const known = answered.flatMap((answer) => listAt(answer?.json, 'slaves'));
    return agents.map(({ hostname, port }) => {
      const found = known.find(
        (each) => textAt(each, 'hostname') === hostname && (numberAt(each, 'port') ?? port) === port,
      );
      return { registered: found !== undefined, active: valueAt(found, 'active') === true };
    });
  };

/** URL of the master that leads and has recovered. */
export const leaderOf =
  ({ target, client }: Cluster): Look<string> =>
  async (signal) =>
    (await lookAtLeadingMaster({ target, client: impatient(client) }, signal)).leader;

/** Whether the framework of Marathon is active at the leading master. */
export const frameworkOf =
  ({ target, client }: Cluster): Look<boolean> =>
  async (signal) => {
    const cluster = { target, client: impatient(client) };
    const { leader } = await lookAtLeadingMaster(cluster, signal);
    return leader === undefined ? false : (await lookAtMarathon(cluster, leader, signal)).ok;
  };

/** Which Marathon leads, `host:port`, as one that answers says. */
export const marathonLeaderOf =
  (cluster: Cluster): Look<string> =>
  async (signal) => {
    const answer = await askAnyOf(cluster, cluster.target.marathons, '/v2/leader', signal);
    return textAt(answer?.json, 'leader');
  };

/** Servers of a service port that the load balancer sends requests to: `agent1_31005`. */
export const serversOf =
  ({ target, client }: Cluster, servicePort: number): Look<readonly string[]> =>
  async (signal) => {
    const answer = await client.ask(`${target.loadBalancer ?? ''}/haproxy?stats;csv`, signal, { timeoutMs });
    return answer.status === 200 ? upServersOf(readStatistics(answer.text), servicePort) : undefined;
  };

/** Ids of the ZooKeepers that serve. */
export const zookeepersThatServe =
  ({ target }: Cluster): Look<readonly string[]> =>
  async (signal) => {
    const serving = await Promise.all(
      target.zookeepers.map(async ({ name, host, port }) => {
        const found = await askZookeeper(host, port, signal).catch(() => undefined);
        return found?.mode === undefined ? [] : [name];
      }),
    );
    // Whoever was not waited for may serve.
    signal.throwIfAborted();
    return serving.flat();
  };

/** Whether something answers at all. */
export const answers =
  ({ client }: Cluster, url: string): Look<boolean> =>
  async (signal) =>
    (await client.ask(url, signal, { timeoutMs })).status < 500;
