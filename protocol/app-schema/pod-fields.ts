import { artifactFields } from './app-fields.ts';
import { networkFields, persistentFields } from './container-fields.ts';
import { commandFields } from './health-check-fields.ts';
import * as is from './schema.ts';
import type { Fields } from './schema.ts';

/*
 * The fields of a pod definition, their types, bounds and defaults: what the project keeps of Marathon's published API
 * types (pod.raml and the types that it uses, Marathon 1.10).
 */

const name = is.string({ minLength: 1, maxLength: 63, pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/ });
const path = is.string({ minLength: 1, maxLength: 1024 });
const labels = is.optional(is.mapOf(is.string()));
const seconds = (byDefault: number) => is.withDefault(is.int32(0), byDefault);
const fraction = is.withDefault(is.number(0, 1), 1);

const environment = is.optional(is.mapOf(is.union(is.string(), is.object({ secret: is.required(is.string()) }))));

const command = is.required(is.object(commandFields));

/** Mesos counts nanoseconds in 64 bits. */
const maxGraceSeconds = 9_000_000_000;

const linuxInfo = is.optional(is.any);

const resourceFields: Fields = {
  cpus: is.withDefault(is.number(0.001), 1),
  mem: is.withDefault(is.number(0.001), 128),
  disk: is.withDefault(is.number(0), 0),
  gpus: is.withDefault(is.int32(0), 0),
};

const executorResourceFields: Fields = {
  cpus: is.withDefault(is.number(0.1), 0.1),
  mem: is.withDefault(is.number(32), 32),
  disk: is.withDefault(is.number(10), 10),
};

const endpointFields: Fields = {
  name: is.required(name),
  containerPort: is.optional(is.int32(0, 65_535)),
  hostPort: is.optional(is.int32(0, 65_535)),
  protocol: is.optional(is.arrayOf(name, { minItems: 1 })),
  labels,
  networkNames: is.optional(is.arrayOf(is.string({ minLength: 1, maxLength: 63 }))),
};

const imageFields: Fields = {
  kind: is.required(is.oneOf('DOCKER')),
  id: is.required(path),
  pullConfig: is.optional(is.object({ secret: is.required(is.string({ minLength: 1 })) })),
  forcePull: is.optional(is.boolean),
  labels,
};

const podHealthCheckFields: Fields = {
  http: is.optional(
    is.object({
      endpoint: is.required(name),
      path: is.optional(path),
      scheme: is.withDefault(is.oneOf('HTTP', 'HTTPS'), 'HTTP'),
    }),
  ),
  tcp: is.optional(is.object({ endpoint: is.required(name) })),
  exec: is.optional(is.object({ command })),
  gracePeriodSeconds: seconds(300),
  intervalSeconds: seconds(60),
  maxConsecutiveFailures: seconds(3),
  timeoutSeconds: seconds(20),
  delaySeconds: seconds(15),
};

const podContainerFields: Fields = {
  name: is.required(name),
  exec: is.optional(is.object({ command, overrideEntrypoint: is.optional(is.boolean) })),
  resources: is.required(is.object(resourceFields)),
  resourceLimits: is.optional(is.any),
  endpoints: is.optional(is.arrayOf(is.object(endpointFields))),
  linuxInfo,
  image: is.optional(is.object(imageFields)),
  environment,
  user: is.optional(is.string()),
  healthCheck: is.optional(is.object(podHealthCheckFields)),
  check: is.optional(is.any),
  volumeMounts: is.optional(
    is.arrayOf(is.object({ name: is.required(name), mountPath: is.required(path), readOnly: is.optional(is.boolean) })),
  ),
  artifacts: is.optional(is.arrayOf(is.object(artifactFields))),
  labels,
  lifecycle: is.optional(is.object({ killGracePeriodSeconds: is.optional(is.number(0, maxGraceSeconds)) })),
  tty: is.optional(is.boolean),
};

const schedulingFields: Fields = {
  backoff: is.withDefault(
    is.object({
      backoff: is.withDefault(is.number(0), 1),
      backoffFactor: is.withDefault(is.number(0), 1.15),
      maxLaunchDelay: is.withDefault(is.number(0), 300),
    }),
    {},
  ),
  upgrade: is.withDefault(is.object({ minimumHealthCapacity: fraction, maximumOverCapacity: fraction }), {}),
  placement: is.optional(
    is.object({
      constraints: is.optional(
        is.arrayOf(
          is.object({
            fieldName: is.required(is.string()),
            operator: is.required(is.oneOf('UNIQUE', 'CLUSTER', 'GROUP_BY', 'LIKE', 'UNLIKE', 'MAX_PER', 'IS')),
            value: is.optional(is.string()),
          }),
          { unique: true },
        ),
      ),
      acceptedResourceRoles: is.optional(is.arrayOf(is.string())),
    }),
  ),
  killSelection: is.withDefault(is.oneOf('YOUNGEST_FIRST', 'OLDEST_FIRST'), 'YOUNGEST_FIRST'),
  unreachableStrategy: is.withDefault(
    is.union(
      is.object({
        inactiveAfterSeconds: is.withDefault(is.int64(0), 0),
        expungeAfterSeconds: is.withDefault(is.int64(0), 0),
      }),
      is.oneOf('disabled'),
    ),
    {},
  ),
};

export const podFields: Fields = {
  id: is.required(is.string({ minLength: 1 })),
  labels,
  version: is.optional(is.timestamp),
  user: is.optional(is.string()),
  environment,
  containers: is.required(is.arrayOf(is.object(podContainerFields), { minItems: 1 })),
  secrets: is.optional(is.mapOf(is.object({ source: is.required(is.string({ minLength: 1 })) }))),
  volumes: is.optional(
    is.arrayOf(
      is.object({
        name: is.required(name),
        host: is.optional(path),
        secret: is.optional(is.string({ minLength: 1 })),
        persistent: is.optional(is.object(persistentFields)),
      }),
    ),
  ),
  networks: is.optional(is.arrayOf(is.object(networkFields))),
  scaling: is.withDefault(
    is.object({ kind: is.required(is.oneOf('fixed')), instances: is.withDefault(is.int32(0), 1) }),
    { kind: 'fixed' },
  ),
  scheduling: is.withDefault(is.object(schedulingFields), {}),
  executorResources: is.withDefault(is.object(executorResourceFields), {}),
  role: is.optional(is.string({ minLength: 1 })),
  linuxInfo,
  legacySharedCgroups: is.optional(is.boolean),
};
