import type { TaskRecord } from './task-record.ts';

/** What of the agent a task is told. */
export interface AgentAddress {
  readonly host: string;
  readonly port: number;
}

export const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The environment of a command task (executorEnvironment in Mesos's src/slave/slave.cpp, and what its command executor
 * passes on; MESOS_TASK_ID and MESOS_AGENT_ID are our addition).
 * @param inherited of the agent's own environment
 */
export function taskEnvironment(
  record: Pick<TaskRecord, 'agentId' | 'directory' | 'frameworkId'> & {
    readonly task: Pick<TaskRecord['task'], 'task_id' | 'executor'>;
  },
  { host, port }: AgentAddress,
  inherited: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return {
    PATH: defaultPath,
    ...inherited,
    LIBPROCESS_IP: host,
    LIBPROCESS_PORT: '0',
    MESOS_AGENT_ENDPOINT: `${host}:${port}`,
    MESOS_AGENT_ID: record.agentId,
    MESOS_CHECKPOINT: '0',
    MESOS_DIRECTORY: record.directory,
    MESOS_EXECUTOR_ID: (record.task.executor?.executor_id ?? record.task.task_id).value,
    MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: '5secs',
    MESOS_FRAMEWORK_ID: record.frameworkId,
    MESOS_HTTP_COMMAND_EXECUTOR: '0',
    MESOS_SANDBOX: record.directory,
    MESOS_SLAVE_ID: record.agentId,
    MESOS_SLAVE_PID: `slave(1)@${host}:${port}`,
    MESOS_TASK_ID: record.task.task_id.value,
  };
}
