import type { AgentView } from './agent-view.ts';
import { scalarOf } from './describe-resources.ts';
import { executorName } from './describe-state.ts';
import { isTerminal, type TaskRecord } from '../tasks/task-record.ts';

/** A task that runs, and what it uses. */
export interface ContainerView {
  readonly record: TaskRecord;
  readonly executorName: string;
  readonly statistics: Readonly<Record<string, number>>;
}

/** The containers of the tasks that run; a simulated one uses nothing. */
export async function listContainers(view: AgentView): Promise<readonly ContainerView[]> {
  const records = [...view.table.active()].filter((record) => record.running !== undefined && !isTerminal(record));
  const groupOf = ({ running }: TaskRecord) => running?.processId ?? running?.containerProcessId;
  const ids = records.flatMap((record) => groupOf(record) ?? []);
  const usage = await view.world.processes.usageOf(new Set(ids));
  return records.map((record) => {
    const used = usage.get(groupOf(record) ?? 0);
    const memoryBytes = Math.round(scalarOf(record.task.resources, 'mem') * 1024 * 1024);
    return {
      record,
      executorName: executorName(record),
      statistics: {
        cpus_soft_limit: scalarOf(record.task.resources, 'cpus'),
        cpus_system_time_secs: used?.systemSeconds ?? 0,
        cpus_user_time_secs: used?.userSeconds ?? 0,
        mem_limit_bytes: memoryBytes,
        mem_rss_bytes: used?.residentBytes ?? 0,
        mem_soft_limit_bytes: memoryBytes,
        timestamp: Date.now() / 1000,
      },
    };
  });
}

/** container_status of /containers. */
export const containerStatus = ({ containerId, running }: TaskRecord) => ({
  container_id: { value: containerId },
  ...(running?.processId !== undefined && { executor_pid: running.processId }),
});

/** An item of /monitor/statistics. */
export const describeStatistics = ({ record, executorName, statistics }: ContainerView) => ({
  executor_id: record.task.task_id.value,
  executor_name: executorName,
  framework_id: record.frameworkId,
  source: record.task.task_id.value,
  statistics,
});

/** An item of /containers. */
export const describeContainer = (container: ContainerView) => ({
  container_id: container.record.containerId,
  ...describeStatistics(container),
  status: containerStatus(container.record),
});
