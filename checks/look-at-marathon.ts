import { describeAnswer } from './cluster-client.ts';
import type { Cluster } from './cluster-target.ts';
import { listAt, textAt, valueAt } from '../protocol/json.ts';
import type { Seen } from './poll-until.ts';

export interface MarathonSeen extends Seen {
  /** One that answers; a Marathon that does not lead passes requests on to the one that does. */
  readonly marathon?: string;
}

const failed = (seen: string): MarathonSeen => ({ ok: false, seen });

/** Marathon answers, has a leader, and its framework is active at the leading master. */
export async function lookAtMarathon(cluster: Cluster, leader: string, signal: AbortSignal): Promise<MarathonSeen> {
  const marathon = await firstThatAnswers(cluster, signal);
  if ('fault' in marathon) return failed(marathon.fault);
  const { url } = marathon;
  const { client } = cluster;
  const leading = await client.ask(`${url}/v2/leader`, signal);
  const name = textAt(leading.json, 'leader');
  if (leading.status !== 200 || name === undefined) {
    return failed(`${url}/v2/leader answers ${describeAnswer(leading)}`);
  }
  const info = await client.ask(`${url}/v2/info`, signal);
  const frameworkId = textAt(info.json, 'frameworkId');
  if (info.status !== 200) return failed(`${url}/v2/info answers ${describeAnswer(info)}`);
  if (frameworkId === undefined) return failed(`Marathon at ${url} (leader ${name}) has no framework id yet`);
  const answer = await client.ask(`${leader}/frameworks`, signal);
  if (answer.status !== 200) return failed(`${leader}/frameworks answers ${describeAnswer(answer)}`);
  const framework = listAt(answer.json, 'frameworks').find((each) => textAt(each, 'id') === frameworkId);
  if (framework === undefined)
    return failed(`the framework of Marathon, ${frameworkId}, is not registered at ${leader}`);
  // Old masters do not tell whether it is connected.
  if (valueAt(framework, 'active') !== true || valueAt(framework, 'connected') === false) {
    return failed(`the framework of Marathon, ${frameworkId}, is registered at ${leader}, but not active`);
  }
  const version = textAt(info.json, 'version');
  const words = `Marathon${version === undefined ? '' : ` ${version}`}, leader ${name}`;
  return { ok: true, marathon: url, seen: `${words}, framework ${frameworkId} is active` };
}

async function firstThatAnswers(
  { target, client }: Cluster,
  signal: AbortSignal,
): Promise<{ readonly url: string } | { readonly fault: string }> {
  const faults: string[] = [];
  for (const url of target.marathons) {
    try {
      const answer = await client.ask(`${url}/ping`, signal);
      if (answer.status === 200) return { url };
      faults.push(`${url}/ping answers ${describeAnswer(answer)}`);
    } catch (error) {
      signal.throwIfAborted();
      faults.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { fault: faults.join('; ') };
}

/** The load balancer says that it serves (HAProxy's monitor-uri in marathon-lb). */
export async function lookAtLoadBalancer({ target, client }: Cluster, signal: AbortSignal): Promise<Seen> {
  const url = `${target.loadBalancer ?? ''}/_haproxy_health_check`;
  const answer = await client.ask(url, signal);
  if (answer.status === 200) return { ok: true, seen: `${url} answers 200` };
  return { ok: false, seen: `${url} answers ${describeAnswer(answer)}` };
}
