import {
  describeAnswer,
  UnreachableError,
  type ClusterAnswer,
  type ClusterRequest,
} from '../../checks/cluster-client.ts';
import { lookAtLeadingMaster } from '../../checks/look-at-masters.ts';
import { textAt } from '../../protocol/json.ts';
import { StepFailure, type LessonWorld } from '../lesson-world.ts';

type World = Pick<LessonWorld, 'cluster' | 'plan'>;

/** URL of the master that leads. @throws Error when none does */
export async function leadingMaster({ cluster }: World, signal: AbortSignal): Promise<string> {
  const { leader, seen } = await lookAtLeadingMaster(cluster, signal);
  if (leader === undefined) throw new Error(seen);
  return leader;
}

/** What the leading master answers to a call of the operator API. @throws Error for every status but 200 and 202 */
export async function callMaster(world: World, call: { readonly type: string }, signal: AbortSignal): Promise<unknown> {
  const leader = await leadingMaster(world, signal);
  const answer = await world.cluster.client.ask(`${leader}/api/v1`, signal, { method: 'POST', body: call });
  if (answer.status !== 200 && answer.status !== 202)
    throw new Error(`${call.type}: ${leader} answers ${describeAnswer(answer)}`);
  return answer.json;
}

/**
 * The first of several servers that answers; one that stands by passes on to the one that leads.
 * @throws Error when none does, or what answers is an error of the server
 */
async function askFirst(
  { cluster: { client } }: World,
  { urls, what }: { readonly urls: readonly string[]; readonly what: string },
  path: string,
  signal: AbortSignal,
  options: ClusterRequest,
): Promise<ClusterAnswer> {
  let fault: string | undefined;
  for (const url of urls) {
    try {
      const answer = await client.ask(`${url}${path}`, signal, options);
      if (answer.status < 500) return answer;
      fault = `${url}${path} answers ${describeAnswer(answer)}`;
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      fault = error.message;
    }
  }
  if (fault === undefined) throw new StepFailure(`This lab has no ${what}`);
  throw new Error(fault);
}

/** What Marathon answers. @throws Error when none does, or answers with a status above 499 */
export const askMarathon = (
  world: World,
  path: string,
  signal: AbortSignal,
  options: ClusterRequest = {},
): Promise<ClusterAnswer> =>
  askFirst(world, { urls: world.cluster.target.marathons, what: 'Marathon' }, path, signal, options);

/** The same of Chronos. */
export const askChronos = (
  world: World,
  path: string,
  signal: AbortSignal,
  options: ClusterRequest = {},
): Promise<ClusterAnswer> =>
  askFirst(world, { urls: world.cluster.target.chronoses ?? [], what: 'Chronos' }, path, signal, options);

/** Who leads, as a name that differs from that of another leader. @throws Error when nobody does */
export async function leaderOf(world: World, of: 'mesos-master' | 'marathon', signal: AbortSignal): Promise<string> {
  if (of === 'mesos-master') return leadingMaster(world, signal);
  const answer = await askMarathon(world, '/v2/leader', signal);
  const leader = textAt(answer.json, 'leader');
  if (answer.status !== 200 || leader === undefined) throw new Error(`no Marathon leads: ${describeAnswer(answer)}`);
  return leader;
}
