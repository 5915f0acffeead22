import type { Resource, TaskInfo } from '../../../protocol/mesos.ts';
import type { FrameworkRecord, OfferRecord, TaskRecord } from '../records.ts';
import type { Resources } from '../resources.ts';
import { countEnd, masterStatus, noteStatus, sendEvent, stateFor, type Term } from '../term.ts';

/** Why a task is not launched. */
export interface Refusal {
  readonly state: 'TASK_ERROR' | ReturnType<typeof stateFor>;
  readonly message: string;
  readonly reason: string;
}

/** A task that is not launched is known to nobody: an update without a uuid, and no record. */
export function refuse(term: Term, framework: FrameworkRecord, task: TaskInfo, why: Refusal): void {
  countEnd(term.cluster, { ...why, source: 'SOURCE_MASTER' });
  term.cluster.count(why.state, framework);
  const status = masterStatus(term, { taskId: task.task_id.value, agentId: task.agent_id.value, ...why });
  sendEvent(term, framework, { type: 'UPDATE', update: { status } });
}

/** As the master injects it into resources of a framework that does not say (protobuf::injectAllocationInfo). */
export function allocateTo(role: string, resources: readonly Resource[] | undefined): readonly Resource[] {
  // A repeated field may be missing in JSON.
  return (resources ?? []).map((resource) => ({ ...resource, allocation_info: resource.allocation_info ?? { role } }));
}

/** @param resources the task's own, without its executor's */
export function addTask(
  term: Term,
  { framework, agent, role }: OfferRecord,
  info: TaskInfo,
  resources: Resources,
): TaskRecord {
  const record: TaskRecord = {
    info,
    framework,
    agentId: agent.id,
    role,
    resources,
    state: 'TASK_STAGING',
    statuses: [],
    statusUpdateState: undefined,
    statusUpdateUuid: undefined,
    holdsResources: false,
  };
  term.cluster.addTask(record);
  return record;
}

/** The offers of an agent are rescinded when it goes, so this takes a stream that broke in the same turn. */
export function dropTask(term: Term, record: TaskRecord): void {
  const { framework, info, agentId } = record;
  const status = masterStatus(term, {
    taskId: info.task_id.value,
    state: stateFor(framework, 'TASK_DROPPED'),
    message: 'Agent disconnected',
    reason: 'REASON_AGENT_DISCONNECTED',
    agentId,
  });
  noteStatus(term, record, status);
  term.cluster.removeTask(record, 'completed');
  sendEvent(term, framework, { type: 'UPDATE', update: { status } });
}

export function startTask(term: Term, offer: OfferRecord, info: TaskInfo, resources: Resources): void {
  const record = addTask(term, offer, info, resources);
  const { framework, agent } = offer;
  if (agent.stream === undefined) {
    dropTask(term, record);
    return;
  }
  const runTask = { framework: framework.info, framework_id: { value: framework.id }, task: info };
  agent.stream.send({ type: 'RUN_TASK', run_task: runTask });
}
