import { appFields } from '../../../../protocol/app-schema/app-fields.ts';
import { checkValue } from '../../../../protocol/app-schema/check-value.ts';
import * as is from '../../../../protocol/app-schema/schema.ts';
import type { Schema } from '../../../../protocol/app-schema/schema.ts';
import type { Json } from '../../../../protocol/mesos.ts';

/*
 * The types of Marathon's answers, as its API description of 1.10 publishes them (task.raml, app.raml, queue.raml,
 * deployment*.raml, group.raml, info.raml, error.raml), in the form of our own schema.
 */

const { required, optional } = is;
const count = required(is.int32(0));
const port = is.int32(0, 65_535);

const health = is.object({
  alive: required(is.boolean),
  consecutiveFailures: required(is.number(0)),
  firstSuccess: optional(is.timestamp),
  instanceId: required(is.string({ pattern: /^(.+)\.(instance-|marathon-)([^.]+)$/ })),
  lastSuccess: optional(is.timestamp),
  lastFailure: optional(is.timestamp),
  lastFailureCause: optional(is.string()),
});

export const task = is.object({
  appId: required(is.string()),
  healthCheckResults: optional(is.arrayOf(health)),
  host: required(is.string()),
  id: required(is.string()),
  ipAddresses: optional(
    is.arrayOf(is.object({ ipAddress: required(is.string()), protocol: required(is.oneOf('IPv4', 'IPv6')) })),
  ),
  ports: optional(is.arrayOf(port)),
  servicePorts: optional(is.arrayOf(port)),
  slaveId: optional(is.string()),
  state: required(
    is.oneOf(
      ...['TASK_ERROR', 'TASK_FAILED', 'TASK_FINISHED', 'TASK_KILLED', 'TASK_KILLING', 'TASK_RUNNING', 'TASK_STAGING'],
      ...['TASK_STARTING', 'TASK_UNREACHABLE', 'TASK_UNKNOWN', 'TASK_GONE', 'TASK_DROPPED'],
    ),
  ),
  stagedAt: optional(is.timestamp),
  startedAt: optional(is.timestamp),
  version: optional(is.timestamp),
  localVolumes: optional(is.arrayOf(is.any)),
  role: required(is.string()),
});

const taskFailure = is.object({
  appId: required(is.string()),
  host: required(is.string()),
  message: required(is.string()),
  state: required(is.string()),
  taskId: required(is.string()),
  timestamp: required(is.timestamp),
  version: required(is.timestamp),
  slaveId: optional(is.string()),
});

/** An answered app has what a definition may have, and more. */
export const appInfo = is.object({
  ...appFields,
  version: required(is.timestamp),
  tasksStaged: count,
  tasksRunning: count,
  tasksHealthy: count,
  tasksUnhealthy: count,
  deployments: required(is.arrayOf(is.object({ id: required(is.string()) }))),
  tasks: optional(is.arrayOf(task)),
  lastTaskFailure: optional(taskFailure),
});

const action = is.object({
  action: required(is.oneOf('StartApplication', 'StopApplication', 'ScaleApplication', 'RestartApplication')),
  app: optional(is.string()),
});
const steps = required(is.arrayOf(is.object({ actions: required(is.arrayOf(action)) })));

export const deployments = is.arrayOf(
  is.object({
    id: required(is.string()),
    version: required(is.timestamp),
    steps,
    affectedApps: required(is.arrayOf(is.string())),
    affectedPods: required(is.arrayOf(is.string())),
    currentActions: required(is.arrayOf(action)),
    currentStep: count,
    totalSteps: count,
  }),
);

export const deploymentResult = is.object({ deploymentId: required(is.string()), version: required(is.timestamp) });

const declinedStep = is.object({ reason: required(is.string()), declined: count, processed: count });

export const queue = is.object({
  queue: required(
    is.arrayOf(
      is.object({
        app: required(is.object(appFields)),
        count,
        role: required(is.string()),
        since: required(is.timestamp),
        delay: required(is.object({ timeLeftSeconds: count, overdue: required(is.boolean) })),
        processedOffersSummary: required(
          is.object({
            processedOffersCount: count,
            unusedOffersCount: count,
            lastUnusedOfferAt: optional(is.timestamp),
            lastUsedOfferAt: optional(is.timestamp),
            rejectSummaryLastOffers: optional(is.arrayOf(declinedStep)),
            rejectSummaryLaunchAttempt: optional(is.arrayOf(declinedStep)),
          }),
        ),
        lastUnusedOffers: optional(
          is.arrayOf(
            is.object({
              offer: required(
                is.object({
                  id: required(is.string()),
                  hostname: required(is.string()),
                  agentId: required(is.string()),
                  resources: required(
                    is.arrayOf(is.object({ name: required(is.string()), role: required(is.string()) })),
                  ),
                  attributes: required(is.arrayOf(is.object({ name: required(is.string()) }))),
                }),
              ),
              reason: required(is.arrayOf(is.string())),
              timestamp: required(is.timestamp),
            }),
          ),
        ),
      }),
    ),
  ),
});

export const info = is.object({
  name: required(is.string()),
  version: required(is.string()),
  buildref: required(is.string()),
  elected: required(is.boolean),
  leader: optional(is.string()),
  frameworkId: optional(is.string()),
  marathon_config: required(
    is.object({
      features: required(is.arrayOf(is.string())),
      framework_name: optional(is.string()),
      hostname: optional(is.string()),
      local_port_max: optional(is.number()),
      local_port_min: optional(is.number()),
      task_lost_expunge_initial_delay: required(is.number()),
      task_lost_expunge_interval: required(is.number()),
    }),
  ),
  zookeeper_config: required(
    is.object({
      zk: required(is.string()),
      zk_connection_timeout: required(is.number()),
      zk_max_versions: required(is.number()),
      zk_session_timeout: required(is.number()),
      zk_timeout: required(is.number()),
    }),
  ),
  http_config: required(is.object({ http_port: required(is.number(0)), https_port: required(is.number(0)) })),
});

export const group = is.object({
  id: required(is.string()),
  apps: optional(is.arrayOf(is.object(appFields))),
  groups: optional(is.arrayOf(is.any)),
  pods: optional(is.arrayOf(is.any)),
  dependencies: optional(is.arrayOf(is.string())),
  version: optional(is.timestamp),
  enforceRole: optional(is.boolean),
});

/** What is wrong with an answer; empty if nothing is. */
export const shapeErrors = (schema: Schema, answer: unknown) =>
  checkValue(schema, answer as Json).map(({ path, error }) => `${path}: ${error}`);
