import { HttpError, type HttpAnswer } from '../../http/http-answer.ts';
import { numberAt, textAt, valueAt, type JsonObject } from '../../../protocol/json.ts';
import { loseAgent } from '../agents/lose-agent.ts';
import type { AgentRecord } from '../records.ts';
import { isGone, type AgentDecision, type DrainConfig, type Registry } from '../registry/registry.ts';
import { masterStatus, rescindOffer, sendEvent, stateFor, type Term } from '../term.ts';
import { agentRemoved } from './operator-events.ts';

/* What operators decide about agents (Master::Http::drainAgent, deactivateAgent, reactivateAgent, markAgentGone). */

const ok: HttpAnswer = { status: 200 };

const decisionOf = ({ agents }: Registry, id: string): AgentDecision | undefined =>
  Object.hasOwn(agents, id) ? agents[id] : undefined;

const withDecision = (registry: Registry, id: string, decision: AgentDecision): Registry => ({
  ...registry,
  agents: { ...registry.agents, [id]: decision },
});

function without(registry: Registry, id: string): Registry {
  const { [id]: _, ...agents } = registry.agents;
  return { ...registry, agents };
}

/** @throws HttpError 400 */
function demandKnown({ cluster }: Term, id: string): void {
  if (!cluster.agents.has(id) && !cluster.unreachableAgents.has(id)) throw new HttpError(400, 'Unknown agent');
}

/** The agent is as was decided, at once or when it subscribes. */
export function applyDecision(term: Term, agent: AgentRecord): void {
  agent.decision = decisionOf(term.registrar.registry, agent.id);
  term.cluster.unoffered.add(agent);
  if (agent.decision === undefined) {
    term.allocator.requestSoon();
    return;
  }
  for (const offer of [...agent.offers.values()]) rescindOffer(term, offer);
  term.inverseOffers.rescindFor(agent);
  const { drain } = agent.decision;
  if (drain?.state !== 'DRAINING') return;
  agent.stream?.send({ type: 'DRAIN', drain: drain.config });
  endDraining(term, agent);
}

/** An agent that is to be drained may have nothing left. */
export function endDraining(term: Term, agent: AgentRecord): void {
  const drain = agent.decision?.drain;
  if (drain?.state !== 'DRAINING' || agent.tasks.size > 0) return;
  if (drain.config.mark_gone) {
    markGone(term, agent.id).catch(() => undefined);
    return;
  }
  const drained = (registry: Registry) => {
    const current = decisionOf(registry, agent.id)?.drain;
    if (current?.state !== 'DRAINING' || agent.tasks.size > 0) return registry;
    return withDecision(registry, agent.id, { drain: { ...current, state: 'DRAINED' } });
  };
  term.registrar.update('mark agent drained', drained).then(
    () => {
      agent.decision = decisionOf(term.registrar.registry, agent.id);
    },
    () => undefined,
  );
}

async function decide(term: Term, id: string, what: string, decision: (old?: AgentDecision) => AgentDecision) {
  await term.registrar.update(what, (registry) => {
    demandKnown(term, id);
    return withDecision(registry, id, decision(decisionOf(registry, id)));
  });
  const agent = term.cluster.agents.get(id);
  if (agent !== undefined) applyDecision(term, agent);
  return ok;
}

async function reactivate(term: Term, id: string): Promise<HttpAnswer> {
  await term.registrar.update('reactivate agent', (registry) => {
    const decision = decisionOf(registry, id);
    if (decision === undefined) throw new HttpError(400, 'Agent is not deactivated');
    if (decision.drain?.state === 'DRAINING') throw new HttpError(400, 'Agent is still in the DRAINING state');
    return without(registry, id);
  });
  const agent = term.cluster.agents.get(id);
  if (agent !== undefined) applyDecision(term, agent);
  return ok;
}

const goneMessage = 'Agent has been marked gone';
const goneReason = 'REASON_AGENT_REMOVED_BY_OPERATOR';

/** An agent that is marked gone ends, whenever it is heard of. */
export const shutDownGone = { type: 'SHUTDOWN', shutdown: { message: goneMessage } } as const;

async function markGone(term: Term, id: string): Promise<HttpAnswer> {
  const { cluster, registrar } = term;
  await registrar.update('mark agent gone', (registry) => {
    if (isGone(registry, id)) return registry;
    if (!cluster.agents.has(id) && !cluster.unreachableAgents.has(id)) {
      throw new HttpError(404, `Agent '${id}' not found`);
    }
    return { ...without(registry, id), gone: { ...registry.gone, [id]: term.settings.now() } };
  });
  const agent = cluster.agents.get(id);
  if (agent !== undefined) {
    agent.stream?.send(shutDownGone);
    loseAgent(term, agent, { message: goneMessage, state: 'TASK_GONE_BY_OPERATOR', taskReason: goneReason });
    term.operators.publish(() => agentRemoved(agent));
  }
  if (cluster.unreachableAgents.delete(id)) endUnreachable(term, id);
  return ok;
}

/** Tasks that nobody could reach are gone, too. */
function endUnreachable(term: Term, agentId: string): void {
  for (const framework of term.cluster.frameworks.values()) {
    for (const [taskId, task] of framework.unreachableTasks) {
      if (task.agentId !== agentId) continue;
      const state = stateFor(framework, 'TASK_GONE_BY_OPERATOR');
      const status = masterStatus(term, { taskId, state, message: goneMessage, reason: goneReason, agentId });
      framework.unreachableTasks.delete(taskId);
      task.state = state;
      task.statuses.push(status);
      framework.completedTasks.push(task);
      sendEvent(term, framework, { type: 'UPDATE', update: { status } });
    }
  }
}

function configOf(call: JsonObject): DrainConfig {
  const period = valueAt(call, 'drain_agent', 'max_grace_period');
  const [seconds, nanos] = [numberAt(period, 'seconds') ?? 0, numberAt(period, 'nanos') ?? 0];
  return {
    ...(period === undefined ? {} : { max_grace_period: { nanoseconds: seconds * 1e9 + nanos } }),
    mark_gone: valueAt(call, 'drain_agent', 'mark_gone') === true,
  };
}

const idIn = (call: JsonObject, name: string) => textAt(call, name, 'agent_id', 'value') ?? '';

/** Calls, each of which has the field that it needs. */
export const agentWrites: Readonly<Record<string, (term: Term, call: JsonObject) => Promise<HttpAnswer>>> = {
  DRAIN_AGENT: (term, call) =>
    decide(term, idIn(call, 'drain_agent'), 'drain agent', (old) => ({
      drain: { config: configOf(call), state: 'DRAINING', startedAt: old?.drain?.startedAt ?? term.settings.now() },
    })),
  DEACTIVATE_AGENT: (term, call) =>
    decide(term, idIn(call, 'deactivate_agent'), 'deactivate agent', (old) => old ?? {}),
  REACTIVATE_AGENT: (term, call) => reactivate(term, idIn(call, 'reactivate_agent')),
  MARK_AGENT_GONE: (term, call) => markGone(term, idIn(call, 'mark_agent_gone')),
};
