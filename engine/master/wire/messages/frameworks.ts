import type { Message } from '../protobuf-json.ts';
import { flag, many, map, number, one, required, requiredText, text } from './fields.ts';
import { id, labels, valueScalar } from './values.ts';

export const frameworkInfo: Message = {
  user: requiredText,
  name: requiredText,
  id: one(id),
  failover_timeout: number,
  checkpoint: flag,
  role: text,
  roles: many('string'),
  hostname: text,
  principal: text,
  webui_url: text,
  capabilities: many({
    type: one([
      ...['UNKNOWN', 'REVOCABLE_RESOURCES', 'TASK_KILLING_STATE', 'GPU_RESOURCES', 'SHARED_RESOURCES'],
      ...['PARTITION_AWARE', 'MULTI_ROLE', 'RESERVATION_REFINEMENT', 'REGION_AWARE'],
    ]),
  }),
  labels: one(labels),
  offer_filters: map({ min_allocatable_resources: one({ quantities: many({ quantities: map(valueScalar) }) }) }),
};

const attributeConstraintPredicate: Message = {
  exists: one({}),
  not_exists: one({}),
  text_equals: one({ value: requiredText }),
  text_not_equals: one({ value: requiredText }),
  text_matches: one({ regex: requiredText }),
  text_not_matches: one({ regex: requiredText }),
};

export const offerConstraints: Message = {
  role_constraints: map({
    groups: many({
      attribute_constraints: many({
        selector: required({
          pseudoattribute_type: one(['UNKNOWN', 'HOSTNAME', 'REGION', 'ZONE']),
          attribute_name: text,
        }),
        predicate: required(attributeConstraintPredicate),
      }),
    }),
  }),
};
