import type { ExecutorRecord } from '../../tasks/task-record.ts';
import { formatDuration } from '../../../../protocol/duration-units.ts';
import { agentDefaults } from '../../../../protocol/mesos-defaults.ts';
import type { FrameworkInfo } from '../../../../protocol/mesos.ts';
import type { AgentOptions, AgentWorld } from '../../agent-options.ts';
import { withSecrets } from '../../tasks/secrets.ts';
import { taskEnvironment, type AgentAddress } from '../../tasks/task-environment.ts';
import type { TaskLaunch } from '../executor.ts';

/** `--executor_shutdown_grace_period` of Mesos's agent. */
const shutdownGraceMs = 5000;
/** Longest pause of an executor before it tries to subscribe again: EXECUTOR_REREGISTRATION_TIMEOUT of Mesos's agent. */
const backoffMs = 2000;

/** How long an executor may take to end after it was asked to. */
export function graceMsOf({ info }: ExecutorRecord, { executorShutdownMs = shutdownGraceMs }: AgentOptions): number {
  const nanoseconds = info.shutdown_grace_period?.nanoseconds;
  return nanoseconds === undefined ? executorShutdownMs : nanoseconds / 1e6;
}

interface Surroundings {
  readonly agent: AgentOptions;
  readonly world: AgentWorld;
  readonly address: AgentAddress;
}

/** The program of an executor, as if it were a task: so it is started. */
export function launchOf(record: ExecutorRecord, framework: FrameworkInfo, around: Surroundings): TaskLaunch {
  const { info, agentId, directory, containerId } = record;
  const { command, resources = [], executor_id: id } = info;
  const task = { name: id.value, task_id: id, agent_id: { value: agentId }, resources };
  return {
    task: { ...task, ...(command !== undefined && { command: withSecrets(command) }) },
    ...{ directory, containerId },
    environment: environmentOf(record, framework, around),
    signal: new AbortController().signal,
    isCheckpointed: framework.checkpoint === true,
  };
}

/** executorEnvironment in Mesos's src/slave/slave.cpp; docs/executor-http-api.md */
function environmentOf(record: ExecutorRecord, { checkpoint }: FrameworkInfo, { agent, world, address }: Surroundings) {
  const { MESOS_TASK_ID: _, ...common } = taskEnvironment(
    { ...record, task: { task_id: record.info.executor_id } },
    address,
    world.processes.inheritedEnvironment,
  );
  const { recoveryTimeoutMs = agentDefaults.recoveryTimeoutMs } = world.outliving ?? agent;
  return {
    ...common,
    MESOS_CHECKPOINT: checkpoint === true ? '1' : '0',
    MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: formatDuration(graceMsOf(record, agent)),
    ...(checkpoint === true && {
      MESOS_RECOVERY_TIMEOUT: formatDuration(recoveryTimeoutMs),
      MESOS_SUBSCRIPTION_BACKOFF_MAX: formatDuration(agent.executorReregistrationMs ?? backoffMs),
    }),
  };
}
