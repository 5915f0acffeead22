import type { Message } from '../protobuf-json.ts';
import { many, one, required, text } from './fields.ts';
import { resource } from './resources.ts';
import { executorInfo, taskInfo } from './tasks.ts';
import { id, valueScalar } from './values.ts';

export const offerOperation: Message = {
  type: one([
    ...['UNKNOWN', 'LAUNCH', 'LAUNCH_GROUP', 'RESERVE', 'UNRESERVE', 'CREATE', 'DESTROY', 'GROW_VOLUME'],
    ...['SHRINK_VOLUME', 'CREATE_DISK', 'DESTROY_DISK'],
  ]),
  id: one(id),
  launch: one({ task_infos: many(taskInfo) }),
  launch_group: one({ executor: required(executorInfo), task_group: required({ tasks: many(taskInfo) }) }),
  reserve: one({ source: many(resource), resources: many(resource) }),
  unreserve: one({ resources: many(resource) }),
  create: one({ volumes: many(resource) }),
  destroy: one({ volumes: many(resource) }),
  grow_volume: one({ volume: required(resource), addition: required(resource) }),
  shrink_volume: one({ volume: required(resource), subtract: required(valueScalar) }),
  create_disk: one({
    source: required(resource),
    target_type: required(['UNKNOWN', 'PATH', 'MOUNT', 'BLOCK', 'RAW']),
    target_profile: text,
  }),
  destroy_disk: one({ source: required(resource) }),
};
