import * as is from './schema.ts';
import type { Fields } from './schema.ts';

// healthCheck.raml, check.raml and readinessCheck.raml of Marathon 1.10.

const anyPort = is.int32(0, 65_535);

export const healthCheckFields: Fields = {
  command: is.optional(is.object({ value: is.required(is.string()) })),
  gracePeriodSeconds: is.withDefault(is.int32(0), 300),
  ignoreHttp1xx: is.optional(is.boolean),
  intervalSeconds: is.withDefault(is.int32(0), 60),
  maxConsecutiveFailures: is.withDefault(is.int32(0), 3),
  path: is.optional(is.string()),
  port: is.optional(anyPort),
  portIndex: is.optional(anyPort),
  protocol: is.withDefault(
    is.oneOf('HTTP', 'HTTPS', 'TCP', 'COMMAND', 'MESOS_TCP', 'MESOS_HTTP', 'MESOS_HTTPS'),
    'HTTP',
  ),
  ipProtocol: is.withDefault(is.oneOf('IPv4', 'IPv6'), 'IPv4'),
  timeoutSeconds: is.withDefault(is.int32(0), 20),
  delaySeconds: is.withDefault(is.int32(0), 15),
};

const endpoint = {
  portIndex: is.optional(anyPort),
  port: is.optional(anyPort),
};

export const taskCheckFields: Fields = {
  http: is.optional(
    is.object({
      ...endpoint,
      path: is.optional(is.string({ minLength: 1, maxLength: 1024 })),
      scheme: is.withDefault(is.oneOf('HTTP', 'HTTPS'), 'HTTP'),
    }),
  ),
  tcp: is.optional(is.object(endpoint)),
  // ShellCommand or ArgvCommand of mesosCommand.raml.
  exec: is.optional(
    is.object({
      command: is.required(
        is.object({
          shell: is.optional(is.string({ minLength: 1 })),
          argv: is.optional(is.arrayOf(is.string(), { minItems: 1 })),
        }),
      ),
    }),
  ),
  intervalSeconds: is.withDefault(is.int32(0), 60),
  timeoutSeconds: is.withDefault(is.int32(0), 20),
  delaySeconds: is.withDefault(is.int32(0), 15),
};

export const readinessCheckFields: Fields = {
  name: is.withDefault(is.string({ minLength: 1 }), 'readinessCheck'),
  protocol: is.withDefault(is.oneOf('HTTP', 'HTTPS'), 'HTTP'),
  path: is.withDefault(is.string({ minLength: 1, maxLength: 1024 }), '/'),
  portName: is.withDefault(is.string({ minLength: 1 }), 'http-api'),
  intervalSeconds: is.withDefault(is.int32(0), 30),
  timeoutSeconds: is.withDefault(is.int32(1), 10),
  httpStatusCodesForReady: is.withDefault(is.arrayOf(is.int32(100, 999), { minItems: 1, unique: true }), [200]),
  preserveLastResponse: is.withDefault(is.boolean, false),
};
