import { describeAnswer, type ClusterAnswer } from '../cluster-client.ts';
import type { Cluster } from '../cluster-target.ts';
import type { Seen } from '../poll-until.ts';
import { DrillRefusal } from './drill.ts';
import { leaderOf } from './looks.ts';

const idOf = (value: string) => ({ agent_id: { value } });

/** Asks the leading master by its v1 operator API. */
async function askMaster(cluster: Cluster, call: object, signal: AbortSignal): Promise<ClusterAnswer> {
  const leader = await leaderOf(cluster)(signal);
  return cluster.client.ask(`${leader ?? ''}/api/v1`, signal, { method: 'POST', body: call });
}

/**
 * Drains an agent: its tasks end within their grace, and it offers nothing any more.
 * @param agentId as the master has it
 * @throws DrillRefusal in the master's words when it does not do that
 */
export async function drain(cluster: Cluster, agentId: string, signal: AbortSignal): Promise<void> {
  const answer = await askMaster(cluster, { type: 'DRAIN_AGENT', drain_agent: idOf(agentId) }, signal);
  if (answer.status === 200 || answer.status === 202) return;
  throw new DrillRefusal('not healthy', 'the master does not drain an agent', {
    found: describeAnswer(answer),
    fix: 'Draining agents needs Mesos 1.9 or newer',
  });
}

/** Lets an agent that was drained offer what it has again; one that was not is left alone. */
export async function reactivate(cluster: Cluster, agentId: string, signal: AbortSignal): Promise<Seen> {
  const answer = await askMaster(cluster, { type: 'REACTIVATE_AGENT', reactivate_agent: idOf(agentId) }, signal);
  const isActive = answer.status < 300 || (answer.status === 400 && /not deactivated/i.test(answer.text));
  return { ok: isActive, seen: `REACTIVATE_AGENT answers ${describeAnswer(answer)}` };
}
