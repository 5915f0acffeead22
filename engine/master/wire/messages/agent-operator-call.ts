import type { Message } from '../protobuf-json.ts';
import {
  bytes,
  flag,
  integer,
  many,
  map,
  number,
  one,
  required,
  requiredText,
  requiredUnsigned,
  text,
  unsigned,
} from './fields.ts';
import { commandInfo, containerInfo, ttyInfo } from './containers.ts';
import { attribute, resource, resourceReservationInfo } from './resources.ts';
import { durationInfo, id, valueScalar } from './values.ts';
import { image } from './volumes.ts';

const containerId: Message = {
  value: requiredText,
  get parent() {
    return one(containerId);
  },
};

const agentCallLaunchContainer: Message = {
  container_id: required(containerId),
  command: one(commandInfo),
  resources: many(resource),
  container: one(containerInfo),
  limits: map(valueScalar),
};

const csiPluginContainerInfo: Message = {
  services: many(['UNKNOWN', 'CONTROLLER_SERVICE', 'NODE_SERVICE']),
  command: one(commandInfo),
  resources: many(resource),
  container: one(containerInfo),
};

const csiPluginInfo: Message = {
  type: requiredText,
  name: text,
  containers: many(csiPluginContainerInfo),
  endpoints: many({ csi_service: required(['UNKNOWN', 'CONTROLLER_SERVICE', 'NODE_SERVICE']), endpoint: requiredText }),
  target_path_root: text,
  target_path_exists: flag,
};

const resourceProviderInfo: Message = {
  id: one(id),
  attributes: many(attribute),
  type: requiredText,
  name: requiredText,
  default_reservations: many(resourceReservationInfo),
  storage: one({ plugin: required(csiPluginInfo), reconciliation_interval_seconds: number }),
};

/** agent.proto, message Call. */
export const agentOperatorCall: Message = {
  type: one([
    ...['UNKNOWN', 'GET_HEALTH', 'GET_FLAGS', 'GET_VERSION', 'GET_METRICS', 'GET_LOGGING_LEVEL'],
    ...['SET_LOGGING_LEVEL', 'LIST_FILES', 'READ_FILE', 'GET_STATE', 'GET_CONTAINERS', 'GET_FRAMEWORKS'],
    ...['GET_EXECUTORS', 'GET_OPERATIONS', 'GET_TASKS', 'GET_AGENT', 'GET_RESOURCE_PROVIDERS'],
    ...['LAUNCH_NESTED_CONTAINER', 'WAIT_NESTED_CONTAINER', 'KILL_NESTED_CONTAINER'],
    ...['REMOVE_NESTED_CONTAINER', 'LAUNCH_NESTED_CONTAINER_SESSION', 'ATTACH_CONTAINER_INPUT'],
    ...['ATTACH_CONTAINER_OUTPUT', 'LAUNCH_CONTAINER', 'WAIT_CONTAINER', 'KILL_CONTAINER'],
    ...['REMOVE_CONTAINER', 'ADD_RESOURCE_PROVIDER_CONFIG', 'UPDATE_RESOURCE_PROVIDER_CONFIG'],
    ...['REMOVE_RESOURCE_PROVIDER_CONFIG', 'MARK_RESOURCE_PROVIDER_GONE', 'PRUNE_IMAGES'],
  ]),
  get_metrics: one({ timeout: one(durationInfo) }),
  set_logging_level: one({ level: requiredUnsigned, duration: required(durationInfo) }),
  list_files: one({ path: requiredText }),
  read_file: one({ path: requiredText, offset: requiredUnsigned, length: unsigned }),
  get_containers: one({ show_nested: flag, show_standalone: flag }),
  launch_nested_container: one({
    container_id: required(containerId),
    command: one(commandInfo),
    container: one(containerInfo),
  }),
  wait_nested_container: one({ container_id: required(containerId) }),
  kill_nested_container: one({ container_id: required(containerId), signal: integer }),
  remove_nested_container: one({ container_id: required(containerId) }),
  launch_nested_container_session: one({
    container_id: required(containerId),
    command: one(commandInfo),
    container: one(containerInfo),
  }),
  attach_container_input: one({
    type: one(['UNKNOWN', 'CONTAINER_ID', 'PROCESS_IO']),
    container_id: one(containerId),
    process_io: one({
      type: one(['UNKNOWN', 'DATA', 'CONTROL']),
      data: one({ type: one(['UNKNOWN', 'STDIN', 'STDOUT', 'STDERR']), data: bytes }),
      control: one({
        type: one(['UNKNOWN', 'TTY_INFO', 'HEARTBEAT']),
        tty_info: one(ttyInfo),
        heartbeat: one({ interval: one(durationInfo) }),
      }),
    }),
  }),
  attach_container_output: one({ container_id: required(containerId) }),
  launch_container: one(agentCallLaunchContainer),
  wait_container: one({ container_id: required(containerId) }),
  kill_container: one({ container_id: required(containerId), signal: integer }),
  remove_container: one({ container_id: required(containerId) }),
  add_resource_provider_config: one({ info: required(resourceProviderInfo) }),
  update_resource_provider_config: one({ info: required(resourceProviderInfo) }),
  remove_resource_provider_config: one({ type: requiredText, name: requiredText }),
  mark_resource_provider_gone: one({ resource_provider_id: required(id) }),
  prune_images: one({ excluded_images: many(image) }),
};
