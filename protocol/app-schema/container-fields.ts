import * as is from './schema.ts';
import type { Fields } from './schema.ts';

// appContainer.raml, network.raml and volumes.raml of Marathon 1.10.

const anyPort = is.int32(0, 65_535);
const labels = is.withDefault(is.mapOf(is.string()), {});
/** LegacyName: as long as one likes. */
const legacyName = is.string({ minLength: 1, pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/ });
const protocol = is.withDefault(is.oneOf('tcp', 'udp', 'udp,tcp'), 'tcp');

export const portDefinitionFields: Fields = {
  port: is.withDefault(anyPort, 0),
  protocol,
  name: is.optional(legacyName),
  labels,
};

const portMappingFields: Fields = {
  containerPort: is.withDefault(anyPort, 0),
  hostPort: is.optional(anyPort),
  servicePort: is.withDefault(anyPort, 0),
  protocol,
  name: is.optional(legacyName),
  labels,
  networkNames: is.optional(is.arrayOf(is.string({ minLength: 1, maxLength: 63 }))),
};

export const networkFields: Fields = {
  mode: is.withDefault(is.oneOf('container', 'container/bridge', 'host'), 'container'),
  name: is.optional(is.string({ minLength: 1, maxLength: 63, pattern: /^[a-z0-9]([-a-z0-9_]*[a-z0-9])?$/ })),
  labels: is.optional(is.mapOf(is.string())),
};

export const persistentFields: Fields = {
  type: is.optional(is.oneOf('root', 'path', 'mount')),
  size: is.required(is.int32(0)),
  maxSize: is.optional(is.int32(0)),
  profileName: is.optional(is.string({ minLength: 1, maxLength: 1024 })),
  constraints: is.optional(is.arrayOf(is.arrayOf(is.string()))),
};

const volumeFields: Fields = {
  containerPath: is.required(is.string({ minLength: 1 })),
  hostPath: is.optional(is.string({ minLength: 1 })),
  mode: is.optional(is.oneOf('RO', 'RW')),
  external: is.optional(is.any),
  persistent: is.optional(is.object(persistentFields)),
  secret: is.optional(is.string({ minLength: 1 })),
};

const dockerFields: Fields = {
  image: is.required(is.string({ minLength: 1 })),
  credential: is.optional(is.any),
  pullConfig: is.optional(is.object({ secret: is.required(is.string({ minLength: 1 })) })),
  forcePullImage: is.withDefault(is.boolean, false),
  network: is.optional(is.oneOf('BRIDGE', 'HOST', 'NONE', 'USER')),
  parameters: is.withDefault(
    is.arrayOf(is.object({ key: is.required(is.string({ minLength: 1 })), value: is.required(is.string()) })),
    [],
  ),
  portMappings: is.optional(is.arrayOf(is.object(portMappingFields))),
  privileged: is.withDefault(is.boolean, false),
};

export const containerFields: Fields = {
  type: is.withDefault(is.oneOf('MESOS', 'DOCKER'), 'DOCKER'),
  docker: is.optional(is.object(dockerFields)),
  linuxInfo: is.optional(is.any),
  volumes: is.withDefault(is.arrayOf(is.object(volumeFields)), []),
  portMappings: is.optional(is.arrayOf(is.object(portMappingFields))),
};
