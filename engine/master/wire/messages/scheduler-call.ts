import type { Message } from '../protobuf-json.ts';
import { many, one, required, requiredBytes } from './fields.ts';
import { frameworkInfo, offerConstraints } from './frameworks.ts';
import { offerOperation } from './operations.ts';
import { filters, resource } from './resources.ts';
import { killPolicy } from './tasks.ts';
import { id } from './values.ts';

const schedulerCallAcknowledgeOperationStatus: Message = {
  agent_id: one(id),
  resource_provider_id: one(id),
  uuid: requiredBytes,
  operation_id: required(id),
};

/** scheduler.proto, message Call. */
export const schedulerCall: Message = {
  framework_id: one(id),
  type: one([
    ...['UNKNOWN', 'SUBSCRIBE', 'TEARDOWN', 'ACCEPT', 'DECLINE', 'ACCEPT_INVERSE_OFFERS'],
    ...['DECLINE_INVERSE_OFFERS', 'REVIVE', 'KILL', 'SHUTDOWN', 'ACKNOWLEDGE'],
    ...['ACKNOWLEDGE_OPERATION_STATUS', 'RECONCILE', 'RECONCILE_OPERATIONS', 'MESSAGE', 'REQUEST'],
    ...['SUPPRESS', 'UPDATE_FRAMEWORK'],
  ]),
  subscribe: one({
    framework_info: required(frameworkInfo),
    suppressed_roles: many('string'),
    offer_constraints: one(offerConstraints),
  }),
  accept: one({ offer_ids: many(id), operations: many(offerOperation), filters: one(filters) }),
  decline: one({ offer_ids: many(id), filters: one(filters) }),
  accept_inverse_offers: one({ inverse_offer_ids: many(id), filters: one(filters) }),
  decline_inverse_offers: one({ inverse_offer_ids: many(id), filters: one(filters) }),
  revive: one({ roles: many('string') }),
  kill: one({ task_id: required(id), agent_id: one(id), kill_policy: one(killPolicy) }),
  shutdown: one({ executor_id: required(id), agent_id: required(id) }),
  acknowledge: one({ agent_id: required(id), task_id: required(id), uuid: requiredBytes }),
  acknowledge_operation_status: one(schedulerCallAcknowledgeOperationStatus),
  reconcile: one({ tasks: many({ task_id: required(id), agent_id: one(id) }) }),
  reconcile_operations: one({
    operations: many({ operation_id: required(id), agent_id: one(id), resource_provider_id: one(id) }),
  }),
  message: one({ agent_id: required(id), executor_id: required(id), data: requiredBytes }),
  request: one({ agent_id: one(id), resources: many(resource) }),
  suppress: one({ roles: many('string') }),
  update_framework: one({
    framework_info: required(frameworkInfo),
    suppressed_roles: many('string'),
    offer_constraints: one(offerConstraints),
  }),
};
