import { simulatedAttribute } from '../protocol/mesos-defaults.ts';
import { describeAnswer, type ClusterAnswer } from './cluster-client.ts';
import type { Cluster } from './cluster-target.ts';
import { missingAttributes } from './agent-attributes.ts';
import { listAt, numberAt, textAt, valueAt } from '../protocol/json.ts';
import type { Seen } from './poll-until.ts';
import { askZookeeper } from './zookeeper-mode.ts';

const failed = (seen: string) => ({ ok: false, seen });
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

interface Outcome<Item, Result> {
  readonly item: Item;
  readonly result?: Result;
  readonly error?: string;
}

/** The outcomes of the same question to several servers, in their order. */
function each<Item, Result>(
  items: readonly Item[],
  look: (item: Item) => Promise<Result>,
): Promise<readonly Outcome<Item, Result>[]> {
  return Promise.all(
    items.map(async (item) => {
      try {
        return { item, result: await look(item) };
      } catch (error) {
        return { item, error: messageOf(error) };
      }
    }),
  );
}

/** Every ZooKeeper serves, and exactly one of them leads. */
export async function lookAtZookeepers({ target }: Cluster, signal: AbortSignal): Promise<Seen> {
  const answers = await each(target.zookeepers, ({ host, port }) => askZookeeper(host, port, signal));
  const words = answers.map(({ item, result, error }) => `${item.name} ${error ?? result?.mode ?? 'serves nobody'}`);
  const modes = answers.map(({ result }) => result?.mode);
  const leaders = modes.filter((mode) => mode === 'leader' || mode === 'standalone').length;
  const ok = modes.every((mode) => mode !== undefined) && leaders === 1;
  const version = answers[0]?.result?.version;
  return { ok, seen: words.join(', ') + (ok && version !== undefined ? ` (${version})` : '') };
}

export interface MastersSeen extends Seen {
  /** URL of the leading master that has recovered. */
  readonly leader?: string;
}

/** How many masters answer: the planned number. */
export async function lookAtMasterCount({ target, client }: Cluster, signal: AbortSignal): Promise<Seen> {
  const answers = await each(target.masters, (url) => client.ask(`${url}/version`, signal));
  // Another server may answer there, too.
  const isMaster = (result?: ClusterAnswer) => result?.status === 200 && textAt(result.json, 'version') !== undefined;
  const up = answers.filter(({ result }) => isMaster(result));
  const planned = target.expected?.masterCount ?? target.masters.length;
  const missing = answers
    .filter(({ result }) => !isMaster(result))
    .map(({ item, result, error }) => error ?? `${item}: ${result === undefined ? '' : describeAnswer(result)}`);
  const version = textAt(up[0]?.result?.json, 'version');
  const seen = `${up.length} of ${planned} masters answer${version === undefined ? '' : ` (Mesos ${version})`}`;
  return { ok: up.length === planned, seen: [seen, ...missing].join('; ') };
}

/**
 * Exactly one master is elected, and it has recovered its registry: `/health` and `/state` answer 200 long before
 * that, only the operator API tells (Master::Http::api: 503 "Master has not finished recovery").
 */
export async function lookAtLeadingMaster(cluster: Cluster, signal: AbortSignal): Promise<MastersSeen> {
  const { client, target } = cluster;
  const answers = await each(await candidates(cluster, signal), async (url) => {
    const { status, json } = await client.ask(`${url}/metrics/snapshot`, signal);
    if (status !== 200) throw new Error(`${url}/metrics/snapshot answers ${status}`);
    return numberAt(json, 'master/elected') === 1;
  });
  const elected = answers.filter(({ result }) => result === true).map(({ item }) => item);
  const [leader] = elected;
  if (leader === undefined) {
    const errors = answers.flatMap(({ error }) => error ?? []);
    return failed(['no master is elected', ...errors].join('; '));
  }
  if (elected.length > 1) return failed(`${elected.length} masters say they are elected: ${elected.join(', ')}`);
  const post = (type: string) => client.ask(`${leader}/api/v1`, signal, { method: 'POST', body: { type } });
  const health = await post('GET_HEALTH');
  if (valueAt(health.json, 'get_health', 'healthy') !== true) {
    return failed(`${leader} is elected, but answers ${describeAnswer(health)}`);
  }
  const answer = await post('GET_MASTER');
  const info = valueAt(answer.json, 'get_master', 'master_info');
  const id = textAt(info, 'id');
  if (answer.status !== 200 || id === undefined) {
    return failed(`${leader} is elected, but GET_MASTER answers ${describeAnswer(answer)}`);
  }
  const others = target.masters.length > 1 ? `, ${target.masters.length - 1} standing by` : '';
  return { ok: true, leader, seen: `${leader} leads${others} (id ${id})` };
}

/** The masters of the target; of a cluster we did not plan also the one that a standby sends to. */
async function candidates({ target, client }: Cluster, signal: AbortSignal): Promise<readonly string[]> {
  const [first] = target.masters;
  if (target.expected !== undefined || first === undefined) return target.masters;
  const { headers } = await client.ask(`${first}/redirect`, signal, { followRedirects: false });
  if (headers.location === undefined) return target.masters;
  const leader = client.urlFor(new URL(headers.location, first).host);
  return [...new Set([...target.masters.map((url) => url.replace(/\/$/, '')), leader])];
}

/** An agent as the leading master shows it. */
export interface AgentSeen {
  readonly id: string;
  readonly hostname: string;
  readonly port: number;
  readonly pid: string;
  readonly active: boolean;
  readonly attributes: unknown;
}

export interface AgentsSeen extends Seen {
  /** Those that are active. */
  readonly agents: readonly AgentSeen[];
}

/** An answer of ten thousand agents and more. */
const manyAgents = { timeoutMs: 30_000, maxBytes: 512 * 1024 * 1024 };

const isSimulated = ({ attributes }: AgentSeen) =>
  textAt(attributes, simulatedAttribute.name) === simulatedAttribute.value;

/** What is missing, in words, before anybody asks for a list of thousands. */
async function countAgents({ client, target }: Cluster, leader: string, signal: AbortSignal) {
  const { agents, simulatedAgents = 0 } = target.expected ?? { agents: [] };
  const { json } = await client.ask(`${leader}/metrics/snapshot`, signal);
  const active = numberAt(json, 'master/slaves_active') ?? 0;
  const wanted = agents.length + simulatedAgents;
  return active >= wanted ? undefined : `${active} of ${wanted} agents are active (${simulatedAgents} are simulated)`;
}

/** Every planned agent is active, with the attributes of the plan; without a plan there is at least one. */
export async function lookAtAgents(cluster: Cluster, leader: string, signal: AbortSignal): Promise<AgentsSeen> {
  const simulated = cluster.target.expected?.simulatedAgents ?? 0;
  const missing = simulated === 0 ? undefined : await countAgents(cluster, leader, signal);
  if (missing !== undefined) return { ...failed(missing), agents: [] };
  const answer = await cluster.client.ask(`${leader}/slaves`, signal, simulated === 0 ? {} : manyAgents);
  if (answer.status !== 200) return { ...failed(`${leader}/slaves answers ${describeAnswer(answer)}`), agents: [] };
  const all = listAt(answer.json, 'slaves').map(toAgent);
  const agents = simulated === 0 ? all : all.filter((agent) => !isSimulated(agent));
  const active = agents.filter((agent) => agent.active);
  const names = active.map((agent) => `${agent.hostname}:${agent.port}`).join(', ');
  const expected = cluster.target.expected?.agents;
  if (expected === undefined) {
    return { ok: active.length > 0, seen: `${active.length} agents are active: ${names}`, agents: active };
  }
  const faults = expected.flatMap((planned) => {
    const found =
      agents.find(({ hostname, port }) => hostname === planned.hostname && port === planned.port) ??
      agents.find(({ hostname }) => hostname === planned.hostname);
    if (found === undefined) return [`${planned.name} (${planned.hostname}:${planned.port}) has not registered`];
    if (!found.active) return [`${planned.name} is not active`];
    return missingAttributes(planned.attributes, found.attributes).map((fault) => `${planned.name} ${fault}`);
  });
  const count = `${active.length} of ${expected.length} agents are active${names === '' ? '' : `: ${names}`}`;
  const attributes = expected.flatMap(({ name, attributes: text }) => (text === '' ? [] : `${name} has ${text}`));
  const beside = simulated === 0 ? [] : [`${simulated} simulated agents are active`];
  const details = faults.length > 0 ? faults : [...attributes, ...beside];
  return {
    ok: faults.length === 0 && active.length >= expected.length,
    seen: [count, ...details].join('; '),
    agents: active,
  };
}

function toAgent(value: unknown): AgentSeen {
  return {
    id: textAt(value, 'id') ?? '',
    hostname: textAt(value, 'hostname') ?? '',
    port: numberAt(value, 'port') ?? 5051,
    pid: textAt(value, 'pid') ?? '',
    active: valueAt(value, 'active') === true,
    attributes: valueAt(value, 'attributes'),
  };
}
