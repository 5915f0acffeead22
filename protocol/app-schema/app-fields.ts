import { containerFields, networkFields, portDefinitionFields } from './container-fields.ts';
import { healthCheckFields, readinessCheckFields, taskCheckFields } from './health-check-fields.ts';
import * as is from './schema.ts';
import type { Fields } from './schema.ts';

/*
 * The fields of an app definition, their types, bounds and defaults: what the project keeps of Marathon's published
 * API types (app.raml and the types that it uses, Marathon 1.10). Deprecated fields are here, too: they are accepted.
 */

/** An id, in the form in which a user may write it: relative, with `..`, with or without slashes at the ends. */
const pathId = is.string({ minLength: 1 });

export const artifactFields: Fields = {
  uri: is.required(is.string({ minLength: 1, maxLength: 1024 })),
  extract: is.withDefault(is.boolean, true),
  executable: is.withDefault(is.boolean, false),
  cache: is.withDefault(is.boolean, false),
  destPath: is.optional(is.string({ minLength: 1, maxLength: 1024 })),
};

const anyPort = is.int32(0, 65_535);
const resourceLimit = is.union(is.number(), is.oneOf('unlimited'));
const seconds = is.int64(0);

const deprecatedFields: Fields = {
  ipAddress: is.optional(
    is.object({
      discovery: is.optional(
        is.object({
          ports: is.optional(
            is.arrayOf(
              is.object({
                number: is.withDefault(anyPort, 0),
                name: is.required(is.string({ minLength: 1 })),
                protocol: is.withDefault(is.oneOf('tcp', 'udp', 'udp,tcp'), 'tcp'),
                labels: is.optional(is.mapOf(is.string())),
              }),
            ),
          ),
        }),
      ),
      groups: is.optional(is.arrayOf(is.string())),
      labels: is.optional(is.mapOf(is.string())),
      networkName: is.optional(is.string({ minLength: 1 })),
    }),
  ),
  ports: is.optional(is.arrayOf(anyPort)),
  uris: is.optional(is.arrayOf(is.string({ minLength: 1, maxLength: 1024 }))),
  residency: is.optional(is.any),
};

export const appFields: Fields = {
  id: is.required(pathId),
  acceptedResourceRoles: is.optional(is.arrayOf(is.string(), { unique: true })),
  args: is.optional(is.arrayOf(is.string())),
  backoffFactor: is.withDefault(is.number(1), 1.15),
  backoffSeconds: is.withDefault(is.int32(0), 1),
  check: is.optional(is.object(taskCheckFields)),
  cmd: is.optional(is.string({ minLength: 1 })),
  constraints: is.optional(is.arrayOf(is.arrayOf(is.string(), { minItems: 2, maxItems: 3 }), { unique: true })),
  container: is.optional(is.object(containerFields)),
  cpus: is.withDefault(is.number(0.001), 1),
  dependencies: is.optional(is.arrayOf(pathId, { unique: true })),
  disk: is.withDefault(is.number(0), 0),
  env: is.optional(is.mapOf(is.union(is.string(), is.object({ secret: is.required(is.string()) })))),
  executor: is.withDefault(is.string({ pattern: /^(\/\/cmd)|(\/?[^/]+(\/[^/]+)*)|$/ }), ''),
  executorResources: is.optional(is.any),
  fetch: is.optional(is.arrayOf(is.object(artifactFields))),
  healthChecks: is.optional(is.arrayOf(is.object(healthCheckFields), { unique: true })),
  instances: is.withDefault(is.int32(0), 1),
  labels: is.withDefault(is.mapOf(is.string()), {}),
  maxLaunchDelaySeconds: is.withDefault(is.int32(0), 300),
  mem: is.withDefault(is.number(0), 128),
  gpus: is.withDefault(is.int32(0), 0),
  networks: is.optional(is.arrayOf(is.object(networkFields))),
  portDefinitions: is.optional(is.arrayOf(is.object(portDefinitionFields))),
  readinessChecks: is.optional(is.arrayOf(is.object(readinessCheckFields))),
  resourceLimits: is.optional(is.object({ cpus: is.optional(resourceLimit), mem: is.optional(resourceLimit) })),
  requirePorts: is.withDefault(is.boolean, false),
  secrets: is.optional(is.mapOf(is.object({ source: is.required(is.string({ minLength: 1 })) }))),
  taskKillGracePeriodSeconds: is.optional(is.int32(0)),
  upgradeStrategy: is.optional(
    is.object({
      maximumOverCapacity: is.withDefault(is.number(0, 1), 1),
      minimumHealthCapacity: is.withDefault(is.number(0, 1), 1),
    }),
  ),
  user: is.optional(is.string()),
  version: is.optional(is.timestamp),
  versionInfo: is.optional(
    is.object({ lastScalingAt: is.required(is.timestamp), lastConfigChangeAt: is.required(is.timestamp) }),
  ),
  killSelection: is.withDefault(is.oneOf('YOUNGEST_FIRST', 'OLDEST_FIRST'), 'YOUNGEST_FIRST'),
  unreachableStrategy: is.optional(
    is.union(
      is.object({
        inactiveAfterSeconds: is.withDefault(seconds, 0),
        expungeAfterSeconds: is.withDefault(seconds, 0),
      }),
      is.oneOf('disabled'),
    ),
  ),
  tty: is.optional(is.boolean),
  role: is.optional(is.string({ minLength: 1 })),
  ...deprecatedFields,
};
