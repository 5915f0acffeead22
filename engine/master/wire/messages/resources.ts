import type { Message } from '../protobuf-json.ts';
import { many, number, one, required, requiredText, text } from './fields.ts';
import { id, labels, valueRanges, valueScalar, valueSet } from './values.ts';
import { volume } from './volumes.ts';

export const resourceReservationInfo: Message = {
  type: one(['UNKNOWN', 'STATIC', 'DYNAMIC']),
  role: text,
  principal: text,
  labels: one(labels),
};

const resourceDiskInfoSource: Message = {
  type: required(['UNKNOWN', 'PATH', 'MOUNT', 'BLOCK', 'RAW']),
  path: one({ root: text }),
  mount: one({ root: text }),
  vendor: text,
  id: text,
  metadata: one(labels),
  profile: text,
};

export const resource: Message = {
  provider_id: one(id),
  name: requiredText,
  type: required(['SCALAR', 'RANGES', 'SET', 'TEXT']),
  scalar: one(valueScalar),
  ranges: one(valueRanges),
  set: one(valueSet),
  role: text,
  allocation_info: one({ role: text }),
  reservation: one(resourceReservationInfo),
  reservations: many(resourceReservationInfo),
  disk: one({
    persistence: one({ id: requiredText, principal: text }),
    volume: one(volume),
    source: one(resourceDiskInfoSource),
  }),
  revocable: one({}),
  shared: one({}),
};

export const filters: Message = {
  refuse_seconds: number,
};

export const attribute: Message = {
  name: requiredText,
  type: required(['SCALAR', 'RANGES', 'SET', 'TEXT']),
  scalar: one(valueScalar),
  ranges: one(valueRanges),
  set: one(valueSet),
  text: one({ value: requiredText }),
};
