import { valueAt, type JsonObject } from '../../../protocol/json.ts';
import type {
  AgentId,
  ExecutorId,
  ExecutorInfo,
  FrameworkId,
  FrameworkInfo,
  Id,
  OfferId,
  Resource,
  TaskId,
  TaskInfo,
} from '../../../protocol/mesos.ts';
import type { OfferConstraints } from './offer-constraints.ts';

export interface Filters {
  readonly refuse_seconds?: number;
}

export interface LaunchGroup {
  readonly executor: ExecutorInfo;
  readonly task_group: { readonly tasks?: readonly TaskInfo[] };
}

export interface Operation {
  /** Missing: a type that this version of the API does not have. */
  readonly type?: string;
  readonly id?: Id;
  readonly launch?: { readonly task_infos?: readonly TaskInfo[] };
  readonly launch_group?: LaunchGroup;
  readonly reserve?: { readonly source?: readonly Resource[]; readonly resources?: readonly Resource[] };
  readonly unreserve?: { readonly resources?: readonly Resource[] };
  readonly create?: { readonly volumes?: readonly Resource[] };
  readonly destroy?: { readonly volumes?: readonly Resource[] };
  readonly grow_volume?: { readonly volume: Resource; readonly addition: Resource };
  readonly shrink_volume?: { readonly volume: Resource; readonly subtract: { readonly value: number } };
}

export interface Accept {
  readonly offer_ids?: readonly OfferId[];
  readonly operations?: readonly Operation[];
  readonly filters?: Filters;
}

export interface InverseOfferAnswer {
  readonly inverse_offer_ids?: readonly OfferId[];
  readonly filters?: Filters;
}

export interface Kill {
  readonly task_id: TaskId;
  readonly agent_id?: AgentId;
  readonly kill_policy?: { readonly grace_period?: { readonly nanoseconds: number } };
}

/** An executor of the framework's own. */
export interface ExecutorAt {
  readonly agent_id: AgentId;
  readonly executor_id: ExecutorId;
}

export interface Acknowledge {
  readonly agent_id: AgentId;
  readonly task_id: TaskId;
  readonly uuid: string;
}

export interface AcknowledgeOperation {
  readonly agent_id?: AgentId;
  readonly operation_id: Id;
  readonly uuid: string;
}

export interface TaskToReconcile {
  readonly task_id: TaskId;
  readonly agent_id?: AgentId;
}

export interface OperationsToReconcile {
  readonly operations?: readonly { readonly operation_id: Id; readonly agent_id?: AgentId }[];
}

export interface Subscribe {
  readonly framework_info: FrameworkInfo;
  readonly suppressed_roles?: readonly string[];
  readonly offer_constraints?: OfferConstraints;
}

/** Without roles: all that the framework has. */
export interface Roles {
  readonly roles?: readonly string[];
}

/** A call that is well-formed, with what its type needs (scheduler.proto, message Call). */
export type SchedulerCall =
  | { readonly type: 'SUBSCRIBE'; readonly subscribe: Subscribe }
  | ({ readonly framework_id: FrameworkId } & (
      | { readonly type: 'TEARDOWN' }
      | { readonly type: 'REVIVE'; readonly revive?: Roles }
      | { readonly type: 'SUPPRESS'; readonly suppress?: Roles }
      | { readonly type: 'UPDATE_FRAMEWORK'; readonly update_framework: Subscribe }
      | { readonly type: 'ACCEPT'; readonly accept: Accept }
      | { readonly type: 'DECLINE'; readonly decline: Omit<Accept, 'operations'> }
      | { readonly type: 'ACCEPT_INVERSE_OFFERS'; readonly accept_inverse_offers: InverseOfferAnswer }
      | { readonly type: 'DECLINE_INVERSE_OFFERS'; readonly decline_inverse_offers: InverseOfferAnswer }
      | { readonly type: 'KILL'; readonly kill: Kill }
      | { readonly type: 'ACKNOWLEDGE'; readonly acknowledge: Acknowledge }
      | {
          readonly type: 'ACKNOWLEDGE_OPERATION_STATUS';
          readonly acknowledge_operation_status: AcknowledgeOperation;
        }
      | { readonly type: 'MESSAGE'; readonly message: ExecutorAt & { readonly data: string } }
      | { readonly type: 'SHUTDOWN'; readonly shutdown: ExecutorAt }
      | { readonly type: 'RECONCILE'; readonly reconcile: { readonly tasks?: readonly TaskToReconcile[] } }
      | { readonly type: 'RECONCILE_OPERATIONS'; readonly reconcile_operations: OperationsToReconcile }
      /** Calls that nothing is done for. */
      | { readonly type: 'OTHER'; readonly name: string }
    ));

/** What must be present, by type (src/master/validation.cpp, scheduler::call::validate). */
const needed: Readonly<Record<string, string>> = {
  SUBSCRIBE: 'subscribe',
  ACCEPT: 'accept',
  DECLINE: 'decline',
  ACCEPT_INVERSE_OFFERS: 'accept_inverse_offers',
  DECLINE_INVERSE_OFFERS: 'decline_inverse_offers',
  KILL: 'kill',
  SHUTDOWN: 'shutdown',
  ACKNOWLEDGE: 'acknowledge',
  ACKNOWLEDGE_OPERATION_STATUS: 'acknowledge_operation_status',
  RECONCILE: 'reconcile',
  RECONCILE_OPERATIONS: 'reconcile_operations',
  MESSAGE: 'message',
  REQUEST: 'request',
  UPDATE_FRAMEWORK: 'update_framework',
};

const served = [
  ...['SUBSCRIBE', 'TEARDOWN', 'REVIVE', 'SUPPRESS', 'ACCEPT', 'DECLINE', 'KILL', 'ACKNOWLEDGE', 'RECONCILE'],
  ...['UPDATE_FRAMEWORK', 'ACKNOWLEDGE_OPERATION_STATUS', 'RECONCILE_OPERATIONS', 'MESSAGE', 'SHUTDOWN'],
  ...['ACCEPT_INVERSE_OFFERS', 'DECLINE_INVERSE_OFFERS'],
];

/**
 * @param message of scheduler.proto, message Call
 * @returns the call, or Mesos's text of what is wrong with it
 */
export function toSchedulerCall(message: JsonObject): { readonly call: SchedulerCall } | { readonly error: string } {
  const error = validate(message);
  if (error !== undefined) return { error };
  const type = typeof message.type === 'string' ? message.type : '';
  // It is such a message, and has what its type needs.
  if (served.includes(type)) return { call: message as unknown as SchedulerCall };
  const other = { type: 'OTHER', name: type, framework_id: message.framework_id };
  return { call: other as unknown as SchedulerCall };
}

function validate(message: JsonObject): string | undefined {
  const { type } = message;
  if (typeof type !== 'string') return "Expecting 'type' to be present";
  const field = needed[type];
  if (type !== 'SUBSCRIBE' && message.framework_id === undefined) return "Expecting 'framework_id' to be present";
  if (field !== undefined && message[field] === undefined) return `Expecting '${field}' to be present`;
  if (type === 'SUBSCRIBE' || type === 'UPDATE_FRAMEWORK') {
    const name = type.toLowerCase();
    const inside = valueAt(message, name, 'framework_info', 'id', 'value') ?? '';
    if (inside !== (valueAt(message, 'framework_id', 'value') ?? '')) {
      return `'framework_id' differs from '${name}.framework_info.id'`;
    }
  }
  if (type === 'ACKNOWLEDGE') {
    const { acknowledge } = message as unknown as { readonly acknowledge: Acknowledge };
    if (Buffer.from(acknowledge.uuid, 'base64').length !== 16) return 'Not a valid UUID';
  }
  return undefined;
}
