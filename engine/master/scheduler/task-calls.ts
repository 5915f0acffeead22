import { terminalStates, type TaskStatus } from '../../../protocol/mesos.ts';
import { isGone } from '../registry/registry.ts';
import type { FrameworkRecord, TaskRecord } from '../records.ts';
import type { Acknowledge, Kill, TaskToReconcile } from './scheduler-call.ts';
import { masterStatus, sendEvent, stateFor, type Term } from '../term.ts';

/** KILL: passed on to the agent, now or when it comes back; of a task that is unknown it says so. */
export function killTask(term: Term, framework: FrameworkRecord, kill: Kill): void {
  const { cluster } = term;
  cluster.count('messages_kill_task');
  const taskId = kill.task_id.value;
  const task = framework.tasks.get(taskId);
  if (task === undefined) {
    void reconcileTasks(term, framework, [kill]);
    return;
  }
  if (kill.agent_id !== undefined && kill.agent_id.value !== task.agentId) return;
  const agent = cluster.agents.get(task.agentId);
  if (agent?.stream === undefined) {
    agent?.missedKills.set(`${framework.id} ${taskId}`, { frameworkId: framework.id, taskId });
    return;
  }
  const policy = kill.kill_policy === undefined ? {} : { kill_policy: kill.kill_policy };
  const killTask = { framework_id: { value: framework.id }, task_id: kill.task_id, ...policy };
  agent.stream.send({ type: 'KILL_TASK', kill_task: killTask });
}

/** ACKNOWLEDGE: passed on to the agent; a task whose end is acknowledged is complete. */
export function acknowledge(term: Term, framework: FrameworkRecord, call: Acknowledge): void {
  const { cluster } = term;
  cluster.count('messages_status_update_acknowledgement');
  const agent = cluster.agents.get(call.agent_id.value);
  const task = framework.tasks.get(call.task_id.value);
  if (agent?.stream === undefined || (task !== undefined && task.agentId !== agent.id)) {
    cluster.count('invalid_status_update_acknowledgements');
    return;
  }
  cluster.count('valid_status_update_acknowledgements');
  const { task_id: taskId, uuid } = call;
  agent.stream.send({
    type: 'ACKNOWLEDGE_STATUS',
    acknowledge_status: { framework_id: { value: framework.id }, task_id: taskId, uuid },
  });
  const isEnd = task?.statusUpdateState !== undefined && terminalStates.has(task.statusUpdateState);
  if (task !== undefined && isEnd && task.statusUpdateUuid === uuid) cluster.removeTask(task, 'completed');
}

/**
 * RECONCILE: the latest state of the tasks that are asked about, or of all (src/master/master.cpp,
 * Master::reconcile). No answer as long as the agent of a former leader may still come with the task. Never rejects.
 */
export function reconcileTasks(
  term: Term,
  framework: FrameworkRecord,
  tasks: readonly TaskToReconcile[],
): Promise<void> {
  return tellEach(term, framework, tasks, ({ task_id: taskId, agent_id: agentId }) => {
    const task = framework.tasks.get(taskId.value);
    return task === undefined ? unknownTask(term, framework, taskId.value, agentId?.value) : latestStatus(term, task);
  });
}

/** About all tasks that it has now, as far as it still has them when their turn comes. Never rejects. */
export function reconcileAll(term: Term, framework: FrameworkRecord): Promise<void> {
  return tellEach(term, framework, [...framework.tasks.values()], (task) =>
    framework.tasks.get(task.info.task_id.value) === task ? latestStatus(term, task) : undefined,
  );
}

/** Told at a time: then others have their turn, and the framework's connection. */
const maxUpdatesAtOnce = 1000;

/** No faster than the framework reads: a Marathon that comes back asks about all of its tasks in one call. */
async function tellEach<Item>(
  term: Term,
  framework: FrameworkRecord,
  items: readonly Item[],
  statusOf: (item: Item) => TaskStatus | undefined,
): Promise<void> {
  const { stream } = framework;
  let told = 0;
  for (const item of items) {
    const status = statusOf(item);
    if (status === undefined) continue;
    sendEvent(term, framework, { type: 'UPDATE', update: { status } });
    told += 1;
    if (told % maxUpdatesAtOnce > 0) continue;
    await new Promise(setImmediate);
    await stream?.drained();
    if (framework.stream !== stream) return;
  }
}

function latestStatus(term: Term, task: TaskRecord): TaskStatus {
  return masterStatus(term, {
    taskId: task.info.task_id.value,
    state: task.statusUpdateState ?? task.state,
    message: 'Reconciliation: Latest task state',
    reason: 'REASON_RECONCILIATION',
    agentId: task.agentId,
    latest: task.statuses.at(-1),
  });
}

function unknownTask(
  term: Term,
  framework: FrameworkRecord,
  taskId: string,
  agentId: string | undefined,
): TaskStatus | undefined {
  const { cluster } = term;
  const reason = 'REASON_RECONCILIATION';
  const at = agentId === undefined ? {} : { agentId };
  if (agentId !== undefined && cluster.agents.has(agentId)) {
    const message = 'Reconciliation: Task is unknown to the agent';
    return masterStatus(term, { taskId, state: stateFor(framework, 'TASK_GONE'), message, reason, ...at });
  }
  if (agentId !== undefined && isGone(term.registrar.registry, agentId)) {
    const message = 'Reconciliation: Task is gone';
    return masterStatus(term, { taskId, state: stateFor(framework, 'TASK_GONE_BY_OPERATOR'), message, reason, ...at });
  }
  const lostAt = agentId === undefined ? undefined : cluster.unreachableAgents.get(agentId);
  if (lostAt !== undefined) {
    const message = 'Reconciliation: Task is unreachable';
    const state = stateFor(framework, 'TASK_UNREACHABLE');
    return withUnreachableTime(masterStatus(term, { taskId, state, message, reason, ...at }), lostAt);
  }
  if (mayStillComeBack(term, framework, agentId)) return undefined;
  const message = 'Reconciliation: Task is unknown';
  return masterStatus(term, { taskId, state: stateFor(framework, 'TASK_UNKNOWN'), message, reason, ...at });
}

/** TimeInfo is in nanoseconds. */
export function withUnreachableTime(status: TaskStatus, at: number): TaskStatus {
  return { ...status, unreachable_time: { nanoseconds: at * 1e6 } };
}

/**
 * A real master knows from its registry which agents there were. This one has none, but an id begins with that of the
 * master that gave it: what a former leader gave may come back for `--agent_reregister_timeout`.
 */
function mayStillComeBack(term: Term, framework: FrameworkRecord, agentId: string | undefined): boolean {
  const { masterId, now, agentReregisterTimeoutMs } = term.settings;
  if (now() - term.electedTime > agentReregisterTimeoutMs) return false;
  return /-S\d+$/.test(agentId ?? '-S0') && !(agentId ?? framework.id).startsWith(`${masterId}-`);
}
