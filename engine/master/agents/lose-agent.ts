import { terminalStates } from '../../../protocol/mesos.ts';
import { removeExecutor } from './executors.ts';
import { agentRemoved } from '../operator/operator-events.ts';
import type { AgentRecord } from '../records.ts';
import { dropOperations } from '../reservations/operations.ts';
import { withUnreachableTime } from '../scheduler/task-calls.ts';
import { masterStatus, noteStatus, rescindOffers, sendEvent, stateFor, type Term } from '../term.ts';

/** In the names of the metrics. */
type RemovalReason = 'unhealthy' | 'registered' | 'unregistered';

interface Loss {
  /** Of the updates of its tasks. */
  readonly message: string;
  readonly state: 'TASK_UNREACHABLE' | 'TASK_LOST' | 'TASK_GONE_BY_OPERATOR';
  /** Of these, too; default REASON_AGENT_REMOVED. */
  readonly taskReason?: string;
  /** Missing: nobody counts it. */
  readonly reason?: RemovalReason | undefined;
}

/** The agent is not expected back: its tasks are over, or unreachable (src/master/master.cpp, _markUnreachable). */
export function loseAgent(
  term: Term,
  agent: AgentRecord,
  { message, state, reason, taskReason = 'REASON_AGENT_REMOVED' }: Loss,
): void {
  const { cluster, settings } = term;
  const { hostname } = agent.registration;
  const now = settings.now();
  settings.log(`Lost agent ${agent.id} (${hostname}): ${message}`);
  term.pings.remove(agent);
  const { stream } = agent;
  cluster.connectAgent(agent, undefined);
  stream?.close();
  for (const task of [...agent.tasks]) {
    if (terminalStates.has(task.state)) {
      cluster.removeTask(task, 'completed');
      continue;
    }
    const status = masterStatus(term, {
      taskId: task.info.task_id.value,
      state: stateFor(task.framework, state),
      message,
      reason: taskReason,
      agentId: agent.id,
    });
    const isUnreachable = state === 'TASK_UNREACHABLE';
    const told = isUnreachable ? withUnreachableTime(status, now) : status;
    noteStatus(term, task, told);
    cluster.removeTask(task, isUnreachable ? 'unreachable' : 'completed');
    sendEvent(term, task.framework, { type: 'UPDATE', update: { status: told } });
  }
  dropOperations(
    term,
    agent,
    state === 'TASK_GONE_BY_OPERATOR' ? 'OPERATION_GONE_BY_OPERATOR' : 'OPERATION_UNREACHABLE',
  );
  for (const executor of agent.executors.values()) removeExecutor(cluster, executor);
  rescindOffers(term, agent);
  term.inverseOffers.forgetAgent(agent);
  cluster.loseAgent(agent, now);
  cluster.count('slave_removals');
  if (reason !== undefined) cluster.count(`slave_removals/reason_${reason}`);
  const failure = { agent_id: { value: agent.id } };
  for (const framework of cluster.frameworks.values()) sendEvent(term, framework, { type: 'FAILURE', failure });
}

/**
 * An agent ends for good (src/master/master.cpp, unregisterSlave). Without a quorum nothing is removed: then it is
 * missed, as any other that is gone.
 */
export function unregisterAgent(term: Term, agent: AgentRecord): void {
  const { cluster, settings, registrar } = term;
  cluster.count('messages_unregister_slave');
  settings.log(`Asked to unregister agent ${agent.id}`);
  registrar.apply(`remove agent ${agent.id} (${agent.registration.hostname}) from the registry`, () => {
    if (cluster.agents.get(agent.id) === agent) removeAgent(term, agent, 'the agent unregistered', 'unregistered');
  });
}

/** Mesos's removeSlave: nobody expects it back. */
export function removeAgent(term: Term, agent: AgentRecord, why: string, reason?: RemovalReason): void {
  const message = `Agent ${agent.registration.hostname} removed: ${why}`;
  loseAgent(term, agent, { message, state: 'TASK_LOST', reason });
  term.cluster.unreachableAgents.delete(agent.id);
  term.operators.publish(() => agentRemoved(agent));
}
