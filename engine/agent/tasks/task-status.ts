import { randomUUID } from 'node:crypto';
import {
  hasCapability,
  type ExecutorInfo,
  type FrameworkInfo,
  type Json,
  type TaskInfo,
  type TaskState,
  type TaskStatus,
} from '../../../protocol/mesos.ts';
import type { TaskEnd } from '../executors/executor.ts';
import type { Limitation } from './limitation.ts';
import { type TaskRecord, isDefault } from './task-record.ts';

/** What an update says beside the state. */
export interface StatusDetails {
  readonly message?: string;
  readonly reason?: string;
  readonly source?: 'SOURCE_AGENT' | 'SOURCE_EXECUTOR';
  readonly healthy?: boolean;
  readonly checkStatus?: Json;
  readonly limitation?: TaskStatus['limitation'];
}

/** Base64 of 16 random bytes. */
const newUuid = () => Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64');

/** Of the docker executor, from before a status had network_infos; Mesos-DNS knows it as its source `docker`. */
const dockerAddressLabel = 'Docker.NetworkSettings.IPAddress';

/** What a status says of its task. */
export interface ReportedTask extends Pick<TaskRecord, 'agentId' | 'containerId' | 'executor' | 'running'> {
  readonly task: Pick<TaskInfo, 'task_id' | 'container'> & {
    readonly executor?: Pick<ExecutorInfo, 'executor_id'>;
  };
}

/**
 * A status update as a real agent sends it.
 * @param ip of the agent: tasks share its network, unless their container has an address of its own
 */
export function taskStatus(
  record: ReportedTask,
  state: TaskState,
  ip: string,
  details: StatusDetails = {},
): TaskStatus {
  const { processId, ipAddress = ip } = record.running ?? {};
  const { docker, network_infos: networks = [] } = record.task.container ?? {};
  // Mesos's docker executor copies it, and puts the address in (src/docker/executor.cpp).
  const [network] = docker === undefined ? [] : networks;
  const ofContainer = docker === undefined || state !== 'TASK_RUNNING' ? undefined : record.running?.ipAddress;
  return {
    task_id: record.task.task_id,
    state,
    ...(details.message !== undefined && { message: details.message }),
    source: details.source ?? 'SOURCE_EXECUTOR',
    ...(details.reason !== undefined && { reason: details.reason }),
    agent_id: { value: record.agentId },
    executor_id: record.task.executor?.executor_id ?? record.task.task_id,
    ...(details.healthy !== undefined && { healthy: details.healthy }),
    ...(details.checkStatus !== undefined && { check_status: details.checkStatus }),
    ...(details.limitation !== undefined && { limitation: details.limitation }),
    ...(ofContainer !== undefined && { labels: { labels: [{ key: dockerAddressLabel, value: ofContainer }] } }),
    timestamp: Date.now() / 1000,
    uuid: newUuid(),
    container_status: {
      container_id: containerIdOf(record),
      // The container of a group's task is made after it is said to start.
      ...((record.executor === undefined || record.running !== undefined) && {
        network_infos: [
          {
            ...(network as { readonly [name: string]: Json } | undefined),
            ip_addresses: [{ protocol: 'IPv4', ip_address: ipAddress }],
          },
        ],
      }),
      ...(processId !== undefined && { executor_pid: processId }),
    },
  };
}

/** A container below that of its executor names that one, too (ContainerID of mesos.proto). */
export const containerIdOf = ({ containerId, executor }: Pick<TaskRecord, 'containerId' | 'executor'>) => ({
  value: containerId,
  ...(executor !== undefined && isDefault(executor) && { parent: { value: executor.containerId } }),
});

/** Of a task that never was given to an executor; not all frameworks know of the newer state. */
export const droppedState = (framework: FrameworkInfo) =>
  hasCapability(framework, 'PARTITION_AWARE') ? 'TASK_DROPPED' : 'TASK_LOST';

/** An update for a task that this agent has no record of. */
export const statusWithoutTask = (
  agentId: string,
  taskId: string,
  state: TaskState,
  reason: string,
  message: string,
): TaskStatus => ({
  task_id: { value: taskId },
  state,
  message,
  source: 'SOURCE_AGENT',
  reason,
  agent_id: { value: agentId },
  timestamp: Date.now() / 1000,
  uuid: newUuid(),
});

/** Of a task that has said nothing yet. */
export const stagingStatus = (record: TaskRecord): TaskStatus => ({
  task_id: record.task.task_id,
  state: 'TASK_STAGING',
  agent_id: { value: record.agentId },
  timestamp: Date.now() / 1000,
});

/** Of a task that has ended. */
export function endState({ ranTooLong, limitation, killGraceMs }: TaskRecord, { succeeded }: TaskEnd): TaskState {
  if (ranTooLong === true || limitation !== undefined) return 'TASK_FAILED';
  if (succeeded) return 'TASK_FINISHED';
  return killGraceMs === undefined ? 'TASK_FAILED' : 'TASK_KILLED';
}

/** And why. */
export function endDetails({ limitation, ranTooLong, killedAsUnhealthy }: TaskRecord, end: TaskEnd): StatusDetails {
  if (limitation !== undefined) return limitDetails(limitation);
  const reason = ranTooLong === true ? 'REASON_MAX_COMPLETION_TIME_REACHED' : end.reason;
  return {
    message: end.message,
    ...(reason !== undefined && { reason }),
    ...(killedAsUnhealthy === true && { healthy: false }),
  };
}

/** Of a task whose container the agent has ended: src/slave/slave.cpp, sendExecutorTerminatedStatusUpdate. */
export const limitDetails = ({ message, reason, resources }: Limitation) =>
  ({ source: 'SOURCE_AGENT', message, reason, limitation: { resources } }) satisfies StatusDetails;
