import { Resolver } from 'node:dns/promises';
import { listAt, textAt } from '../protocol/json.ts';
import type { TaskSeen } from './app-definition.ts';
import { describeAnswer } from './cluster-client.ts';
import type { Cluster } from './cluster-target.ts';
import type { Seen } from './poll-until.ts';

const failed = (seen: string): Seen => ({ ok: false, seen });

/** How long an answer by DNS may take; it is asked again while there is time. */
const dnsTimeoutMs = 2000;

/** Mesos-DNS has a name for a task, and the name leads to an address, by DNS where this machine reaches it. */
export async function lookAtTaskName({ target, client }: Cluster, task: TaskSeen, signal: AbortSignal): Promise<Seen> {
  const { url = '', dns } = target.mesosDns ?? {};
  const listed = await client.ask(`${url}/v1/enumerate`, signal);
  if (listed.status !== 200) return failed(`${url}/v1/enumerate answers ${describeAnswer(listed)}`);
  const record = listAt(listed.json, 'frameworks')
    .flatMap((framework) => listAt(framework, 'tasks'))
    .filter((each) => textAt(each, 'id') === task.id)
    .flatMap((each) => listAt(each, 'records'))
    .find((each) => textAt(each, 'rtype') === 'A');
  const name = textAt(record, 'name');
  if (name === undefined) return failed(`Mesos-DNS at ${url} has no name for ${task.id}`);
  const host = `${url}/v1/hosts/${encodeURIComponent(name)}`;
  const answer = await client.ask(host, signal);
  const [first] = Array.isArray(answer.json) ? (answer.json as readonly unknown[]) : [];
  const address = textAt(first, 'ip') ?? '';
  if (answer.status !== 200 || address === '') return failed(`${host} answers ${describeAnswer(answer)}`);
  const seen = `${name.replace(/\.$/, '')} leads to ${address}`;
  return dns === undefined ? { ok: true, seen } : lookByDns(name, dns, `${seen} by HTTP`);
}

/** By the resolver of this machine's system library, which knows nothing of the tool. */
async function lookByDns(name: string, server: string, seen: string): Promise<Seen> {
  const resolver = new Resolver({ timeout: dnsTimeoutMs, tries: 1 });
  resolver.setServers([server]);
  try {
    const addresses = await resolver.resolve4(name);
    return { ok: true, seen: `${seen}, by DNS at ${server} to ${addresses.join(', ')}` };
  } catch (error) {
    return failed(`${seen}, but by DNS at ${server}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
