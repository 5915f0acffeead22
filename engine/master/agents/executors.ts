import type { AgentRegistration, ExecutorName } from '../../../protocol/agent-api.ts';
import type { ExecutorInfo } from '../../../protocol/mesos.ts';
import { allocationOf } from '../allocations.ts';
import type { ClusterState } from '../cluster-state.ts';
import type { AgentRecord, ExecutorRecord, FrameworkRecord } from '../records.ts';
import { minus, plainAmounts, plus, toResources } from '../resources.ts';
import type { ExecutorAt } from '../scheduler/scheduler-call.ts';
import { sendEvent, type Term } from '../term.ts';

/* Executors of frameworks' own, on their agents: they take resources for as long as they run. */

const executorKey = (frameworkId: string, executorId: string) => `${frameworkId} ${executorId}`;

/** The executor that a framework has on an agent under this id. */
export const executorOf = (agent: AgentRecord, frameworkId: string, executorId: string): ExecutorRecord | undefined =>
  agent.executors.get(executorKey(frameworkId, executorId));

/** @param role that its resources are allocated to */
export function addExecutor(
  cluster: ClusterState,
  agent: AgentRecord,
  framework: FrameworkRecord,
  role: string,
  info: ExecutorInfo,
): void {
  const resources = toResources(info.resources ?? []);
  const record: ExecutorRecord = { info, framework, agentId: agent.id, role, resources };
  agent.executors.set(executorKey(framework.id, info.executor_id.value), record);
  framework.executors.add(record);
  const allocation = allocationOf(framework, role);
  allocation.used = plus(allocation.used, plainAmounts(resources));
  agent.used = plus(agent.used, resources);
  cluster.sums.add('used', resources);
}

export function removeExecutor(cluster: ClusterState, executor: ExecutorRecord): void {
  const { framework, agentId, role, info, resources } = executor;
  const agent = cluster.agents.get(agentId);
  if (!framework.executors.delete(executor)) return;
  const allocation = allocationOf(framework, role);
  allocation.used = minus(allocation.used, plainAmounts(resources));
  if (agent === undefined) return;
  agent.executors.delete(executorKey(framework.id, info.executor_id.value));
  agent.used = minus(agent.used, resources);
  cluster.sums.subtract('used', resources);
  cluster.unoffered.add(agent);
}

/** An agent says which executors it has: those, and no others, take resources there (Master::_reregisterSlave). */
export function takeReportedExecutors(
  { cluster }: Term,
  agent: AgentRecord,
  reported: NonNullable<AgentRegistration['executors']>,
): void {
  for (const executor of [...agent.executors.values()]) removeExecutor(cluster, executor);
  for (const { framework_id: id, executor_info: info } of reported) {
    const framework = cluster.frameworks.get(id.value);
    if (framework === undefined) continue;
    const [resource] = info.resources ?? [];
    addExecutor(cluster, agent, framework, resource?.allocation_info?.role ?? framework.roles[0] ?? '*', info);
  }
}

/** An executor has ended: its framework is told, and its resources are free (Master::exitedExecutor). */
export function exitedExecutor(
  term: Term,
  agent: AgentRecord,
  exited: ExecutorName & { readonly status?: number },
): void {
  const { cluster, allocator } = term;
  const { framework_id: frameworkId, executor_id: executorId, status } = exited;
  cluster.count('messages_exited_executor');
  const executor = executorOf(agent, frameworkId.value, executorId.value);
  if (executor === undefined) return;
  removeExecutor(cluster, executor);
  allocator.request();
  const failure = { agent_id: { value: agent.id }, executor_id: executorId, ...(status !== undefined && { status }) };
  sendEvent(term, executor.framework, { type: 'FAILURE', failure });
}

/** An executor speaks to its framework (Master::executorMessage); nobody hears it when that is away. */
export function executorMessage(
  term: Term,
  agent: AgentRecord,
  { framework_id: frameworkId, executor_id, data }: ExecutorName & { readonly data: string },
): void {
  const { cluster } = term;
  const framework = cluster.frameworks.get(frameworkId.value);
  cluster.count('messages_executor_to_framework');
  cluster.count(`${framework?.stream === undefined ? 'in' : ''}valid_executor_to_framework_messages`);
  if (framework === undefined) return;
  sendEvent(term, framework, { type: 'MESSAGE', message: { agent_id: { value: agent.id }, executor_id, data } });
}

/** MESSAGE: a framework speaks to an executor of its own. */
export function frameworkMessage(
  { cluster }: Term,
  framework: FrameworkRecord,
  { agent_id: agentId, executor_id, data }: ExecutorAt & { readonly data: string },
): void {
  const agent = cluster.agents.get(agentId.value);
  cluster.count('messages_framework_to_executor');
  cluster.count(`${agent?.stream === undefined ? 'in' : ''}valid_framework_to_executor_messages`);
  agent?.stream?.send({ type: 'MESSAGE', message: { framework_id: { value: framework.id }, executor_id, data } });
}

/** SHUTDOWN: a framework wants an executor of its own to end. */
export function shutdownExecutor(
  { cluster }: Term,
  framework: FrameworkRecord,
  { agent_id: agentId, executor_id }: ExecutorAt,
): void {
  const shutdown = { framework_id: { value: framework.id }, executor_id };
  cluster.agents.get(agentId.value)?.stream?.send({ type: 'SHUTDOWN_EXECUTOR', shutdown_executor: shutdown });
}
