import { randomBytes } from 'node:crypto';
import type { OperationStatus } from '../../../protocol/agent-api.ts';
import { addressOf } from '../cluster-state.ts';
import type { AgentRecord, FrameworkRecord, OperationRecord } from '../records.ts';
import type { Resources } from '../resources.ts';
import { contains, describeResources, toResources } from '../resources.ts';
import type { AcknowledgeOperation, Operation, OperationsToReconcile } from '../scheduler/scheduler-call.ts';
import { sendEvent, type Term } from '../term.ts';
import type { Conversion } from './conversion.ts';

/**
 * Why resources do not hold what an operation consumes, in Mesos's words.
 * @param role that they are allocated to, if any
 */
export function refuseAmount(available: Resources, { consumed }: Conversion, role?: string): string | undefined {
  const wanted = toResources(consumed);
  if (contains(available, wanted)) return undefined;
  return `${describeResources(available, role)} does not contain ${describeResources(wanted, role)}`;
}

/** As Mesos names an agent in what it says of operations. */
export const agentText = ({ id, registration }: AgentRecord): string =>
  `${id} at ${addressOf(registration)} (${registration.hostname})`;

/**
 * Does what an operation says, and lets the agent do it. As in Mesos the master does not wait for it: an agent that did
 * not hear of it says so when it registers again (Master::apply).
 * @param by the framework that wants to hear of the operation, as it has named it
 */
export function applyConversion(
  { cluster }: Term,
  agent: AgentRecord,
  { consumed, converted }: Conversion,
  by?: { readonly framework: FrameworkRecord; readonly operation: Operation },
): void {
  cluster.convertResources(agent, toResources(consumed), toResources(converted));
  const id = by?.operation.id;
  const feedback =
    by === undefined || id === undefined
      ? undefined
      : { uuid: randomBytes(16).toString('base64'), operation_id: id, framework_id: { value: by.framework.id } };
  if (feedback !== undefined && by !== undefined) {
    const { uuid } = feedback;
    const record = { uuid, agentId: agent.id, info: by.operation, status: undefined };
    by.framework.operations.set(feedback.operation_id.value, record);
  }
  const apply = { consumed, converted, ...(feedback !== undefined && { feedback }) };
  agent.stream?.send({ type: 'APPLY_OPERATION', apply_operation: apply });
}

/** Tells a framework of an operation that it has named. */
export function tellOperation(term: Term, framework: FrameworkRecord, status: OperationStatus): void {
  sendEvent(term, framework, { type: 'UPDATE_OPERATION_STATUS', update_operation_status: { status } });
}

/** An agent has done an operation: it repeats that until the framework has acknowledged it. */
export function takeOperationStatus(
  term: Term,
  agent: AgentRecord,
  { framework_id: frameworkId, status: given }: OperationUpdate,
): void {
  const { cluster } = term;
  cluster.count('messages_operation_status_update');
  const status = { ...given, agent_id: { value: agent.id } };
  const framework = cluster.frameworks.get(frameworkId.value);
  if (framework === undefined) {
    if (!cluster.completedFrameworks.has(frameworkId.value)) return;
    acknowledgeTo(agent, given.uuid?.value);
    return;
  }
  noteOperation(framework, agent, status);
  tellOperation(term, framework, status);
}

interface OperationUpdate {
  readonly framework_id: { readonly value: string };
  readonly status: OperationStatus;
}

function noteOperation(framework: FrameworkRecord, agent: AgentRecord, status: OperationStatus): void {
  const id = status.operation_id.value;
  const { info = { id: status.operation_id } } = framework.operations.get(id) ?? {};
  const uuid = status.uuid?.value ?? '';
  framework.operations.set(id, { uuid, agentId: agent.id, info, status });
}

function acknowledgeTo(agent: AgentRecord | undefined, uuid: string | undefined): void {
  if (uuid === undefined) return;
  agent?.stream?.send({ type: 'ACKNOWLEDGE_OPERATION', acknowledge_operation: { uuid } });
}

/** ACKNOWLEDGE_OPERATION_STATUS: passed on to the agent; the operation is over. */
export function acknowledgeOperation(term: Term, framework: FrameworkRecord, call: AcknowledgeOperation): void {
  const { cluster } = term;
  cluster.count('messages_operation_status_update_acknowledgement');
  const id = call.operation_id.value;
  const known = framework.operations.get(id);
  if (known?.status === undefined || known.uuid !== call.uuid) return;
  framework.operations.delete(id);
  acknowledgeTo(cluster.agents.get(known.agentId), call.uuid);
}

/** RECONCILE_OPERATIONS: the latest status of each; without a uuid, so nobody acknowledges it. */
export function reconcileOperations(
  term: Term,
  framework: FrameworkRecord,
  { operations = [] }: OperationsToReconcile,
): void {
  term.cluster.count('messages_reconcile_operations');
  for (const { operation_id: id, agent_id: agentId } of operations) {
    const known = framework.operations.get(id.value);
    tellOperation(term, framework, {
      operation_id: id,
      state: known === undefined ? 'OPERATION_UNKNOWN' : (known.status?.state ?? 'OPERATION_PENDING'),
      message: known === undefined ? 'Reconciliation: Operation is unknown' : 'Reconciliation: Latest operation state',
      ...(agentId !== undefined && { agent_id: agentId }),
    });
  }
}

/** All that frameworks have named and not acknowledged, with their frameworks. */
export function* pendingOperations({ cluster }: Term): Generator<readonly [FrameworkRecord, OperationRecord]> {
  for (const framework of cluster.frameworks.values()) {
    for (const operation of framework.operations.values()) yield [framework, operation];
  }
}

/**
 * An agent registers again, or is given up: what it has not done of its operations it never will.
 * @param kept uuids of those that it has done
 */
export function dropOperations(
  term: Term,
  agent: AgentRecord,
  state: 'OPERATION_DROPPED' | 'OPERATION_UNREACHABLE' | 'OPERATION_GONE_BY_OPERATOR',
  kept: ReadonlySet<string> = new Set(),
): void {
  for (const [framework, { uuid, agentId, info }] of pendingOperations(term)) {
    if (agentId !== agent.id || kept.has(uuid) || info.id === undefined) continue;
    framework.operations.delete(info.id.value);
    tellOperation(term, framework, { operation_id: info.id, state, agent_id: { value: agent.id } });
  }
}
