import type { Message } from '../protobuf-json.ts';
import {
  flag,
  integer,
  many,
  map,
  one,
  required,
  requiredInteger,
  requiredNumber,
  requiredText,
  requiredUnsigned,
  text,
  unsigned,
} from './fields.ts';
import { resource } from './resources.ts';
import { durationInfo, id, valueScalar } from './values.ts';

export const machineId: Message = {
  hostname: text,
  ip: text,
};

/** maintenance.proto, message Schedule. */
export const maintenanceSchedule: Message = {
  windows: many({
    machine_ids: many(machineId),
    unavailability: required({ start: required({ nanoseconds: requiredInteger }), duration: one(durationInfo) }),
  }),
};

export const weightInfo: Message = { weight: requiredNumber, role: text };

/** quota.proto, message QuotaRequest. */
export const quotaRequest: Message = { force: flag, role: text, guarantee: many(resource) };

/** master.proto, message Call. */
export const operatorCall: Message = {
  type: one([
    ...['UNKNOWN', 'GET_HEALTH', 'GET_FLAGS', 'GET_VERSION', 'GET_METRICS', 'GET_LOGGING_LEVEL'],
    ...['SET_LOGGING_LEVEL', 'LIST_FILES', 'READ_FILE', 'GET_STATE', 'GET_AGENTS', 'GET_FRAMEWORKS'],
    ...['GET_EXECUTORS', 'GET_OPERATIONS', 'GET_TASKS', 'GET_ROLES', 'GET_WEIGHTS', 'UPDATE_WEIGHTS'],
    ...['GET_MASTER', 'SUBSCRIBE', 'RESERVE_RESOURCES', 'UNRESERVE_RESOURCES', 'CREATE_VOLUMES'],
    ...['DESTROY_VOLUMES', 'GROW_VOLUME', 'SHRINK_VOLUME', 'GET_MAINTENANCE_STATUS'],
    ...['GET_MAINTENANCE_SCHEDULE', 'UPDATE_MAINTENANCE_SCHEDULE', 'START_MAINTENANCE', 'STOP_MAINTENANCE'],
    ...['DRAIN_AGENT', 'DEACTIVATE_AGENT', 'REACTIVATE_AGENT', 'GET_QUOTA', 'UPDATE_QUOTA', 'SET_QUOTA'],
    ...['REMOVE_QUOTA', 'TEARDOWN', 'MARK_AGENT_GONE'],
  ]),
  get_metrics: one({ timeout: one(durationInfo) }),
  set_logging_level: one({ level: requiredUnsigned, duration: required(durationInfo) }),
  list_files: one({ path: requiredText }),
  read_file: one({ path: requiredText, offset: requiredUnsigned, length: unsigned }),
  update_weights: one({ weight_infos: many(weightInfo) }),
  reserve_resources: one({ agent_id: required(id), source: many(resource), resources: many(resource) }),
  unreserve_resources: one({ agent_id: required(id), resources: many(resource) }),
  create_volumes: one({ agent_id: required(id), volumes: many(resource) }),
  destroy_volumes: one({ agent_id: required(id), volumes: many(resource) }),
  grow_volume: one({ agent_id: one(id), volume: required(resource), addition: required(resource) }),
  shrink_volume: one({ agent_id: one(id), volume: required(resource), subtract: required(valueScalar) }),
  update_maintenance_schedule: one({ schedule: required(maintenanceSchedule) }),
  start_maintenance: one({ machines: many(machineId) }),
  stop_maintenance: one({ machines: many(machineId) }),
  drain_agent: one({
    agent_id: required(id),
    max_grace_period: one({ seconds: integer, nanos: integer }),
    mark_gone: flag,
  }),
  deactivate_agent: one({ agent_id: required(id) }),
  reactivate_agent: one({ agent_id: required(id) }),
  update_quota: one({
    force: flag,
    quota_configs: many({ role: requiredText, guarantees: map(valueScalar), limits: map(valueScalar) }),
  }),
  teardown: one({ framework_id: required(id) }),
  mark_agent_gone: one({ agent_id: required(id) }),
  set_quota: one({ quota_request: required(quotaRequest) }),
  remove_quota: one({ role: requiredText }),
};
