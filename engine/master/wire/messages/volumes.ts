import type { Message } from '../protobuf-json.ts';
import { flag, many, map, one, required, requiredBytes, requiredText, text } from './fields.ts';
import { labels } from './values.ts';

export const secret: Message = {
  type: one(['UNKNOWN', 'REFERENCE', 'VALUE']),
  reference: one({ name: requiredText, key: text }),
  value: one({ data: requiredBytes }),
};

export const image: Message = {
  type: required(['APPC', 'DOCKER']),
  appc: one({ name: requiredText, id: text, labels: one(labels) }),
  docker: one({ name: requiredText, credential: one({ principal: requiredText, secret: text }), config: one(secret) }),
  cached: flag,
};

export const parameter: Message = {
  key: requiredText,
  value: requiredText,
};

const volumeSourceCSIVolumeStaticProvisioning: Message = {
  volume_id: requiredText,
  volume_capability: required({
    block: one({}),
    mount: one({ fs_type: text, mount_flags: many('string') }),
    access_mode: required({
      mode: required([
        ...['UNKNOWN', 'SINGLE_NODE_WRITER', 'SINGLE_NODE_READER_ONLY', 'MULTI_NODE_READER_ONLY'],
        ...['MULTI_NODE_SINGLE_WRITER', 'MULTI_NODE_MULTI_WRITER'],
      ]),
    }),
  }),
  node_stage_secrets: map(secret),
  node_publish_secrets: map(secret),
  volume_context: map('string'),
};

const volumeSource: Message = {
  type: one(['UNKNOWN', 'DOCKER_VOLUME', 'HOST_PATH', 'SANDBOX_PATH', 'SECRET', 'CSI_VOLUME']),
  docker_volume: one({ driver: text, name: requiredText, driver_options: one({ parameter: many(parameter) }) }),
  host_path: one({
    path: requiredText,
    mount_propagation: one({ mode: one(['UNKNOWN', 'HOST_TO_CONTAINER', 'BIDIRECTIONAL']) }),
  }),
  sandbox_path: one({ type: one(['UNKNOWN', 'SELF', 'PARENT']), path: requiredText }),
  secret: one(secret),
  csi_volume: one({ plugin_name: requiredText, static_provisioning: one(volumeSourceCSIVolumeStaticProvisioning) }),
};

export const volume: Message = {
  mode: required(['RW', 'RO']),
  container_path: requiredText,
  host_path: text,
  image: one(image),
  source: one(volumeSource),
};
