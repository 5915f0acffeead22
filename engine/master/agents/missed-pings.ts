import type { AgentRecord } from '../records.ts';
import type { Term } from '../term.ts';
import { loseAgent } from './lose-agent.ts';

/** It is there: what was to become of it if not is called off. */
export function forgetMissedPings({ cluster, settings }: Term, agent: AgentRecord): void {
  if (agent.missedPings >= settings.maxAgentPingTimeouts) cluster.count('slave_unreachable_canceled');
  agent.missedPings = 0;
}

/** Asks an agent whether it is there, and gives up one that does not say so (SlaveObserver of src/master/master.cpp). */
export function ping(term: Term, agent: AgentRecord): void {
  if (agent.hasAnsweredPing) forgetMissedPings(term, agent);
  else agent.missedPings += 1;
  agent.hasAnsweredPing = false;
  const { maxAgentPingTimeouts } = term.settings;
  if (agent.missedPings === maxAgentPingTimeouts) term.cluster.count('slave_unreachable_scheduled');
  if (agent.missedPings >= maxAgentPingTimeouts) {
    term.registrar.apply(`mark agent ${agent.id} (${agent.registration.hostname}) unreachable in the registry`, () => {
      // While there was no quorum it may have come back, or have gone in another way.
      if (agent.missedPings < maxAgentPingTimeouts || term.cluster.agents.get(agent.id) !== agent) return;
      term.cluster.count('slave_unreachable_completed');
      loseAgent(term, agent, { message: 'health check timed out', state: 'TASK_UNREACHABLE', reason: 'unhealthy' });
    });
    return;
  }
  agent.stream?.send({ type: 'PING' });
}
