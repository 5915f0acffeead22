import type { Resource } from '../../../protocol/mesos.ts';
import type { ProcessUsage } from '../../../platform/processes/process-table.ts';
import type { Container } from '../containers/container.ts';
import { isRoot, type ContainerId } from '../containers/container-id.ts';
import { containerIdOf } from '../tasks/task-status.ts';
import type { AgentView } from './agent-view.ts';
import { scalarOf } from './describe-resources.ts';
import { executorName } from './describe-state.ts';
import { diskStatistics, type DiskStatistics } from './disk-statistics.ts';
import { isByItself, isTerminal, resourcesInUse, type TaskRecord, type ExecutorRecord } from '../tasks/task-record.ts';

interface ExecutorView {
  readonly frameworkId: string;
  readonly id: string;
  readonly name: string;
  readonly source: string;
}

/** A container that runs, and what it uses. */
export interface ContainerView {
  readonly id: ContainerId;
  /** Missing for one that is below another. */
  readonly executor?: ExecutorView;
  readonly processId?: number;
  readonly statistics: ReturnType<typeof statisticsOf>;
}

const groupOf = ({ running }: TaskRecord | ExecutorRecord) => running?.processId ?? running?.containerProcessId;

/**
 * The containers of the tasks that run, and of executors; a simulated one uses nothing.
 * @param showNested also those of tasks in groups, below that of their executor, and those that somebody asked for
 * @param showStandalone also those that are by themselves
 */
export async function listContainers(
  view: AgentView,
  { showNested = false, showStandalone = false } = {},
): Promise<readonly ContainerView[]> {
  const { table, world } = view;
  const asked = (view.containers?.live ?? []).filter(({ id }) => (isRoot(id) ? showStandalone : showNested));
  const records = [...table.active()].filter((record) => record.running !== undefined && !isTerminal(record));
  const usage = await world.processes.usageOf(
    new Set([
      ...[...records, ...table.executors()].flatMap((record) => groupOf(record) ?? []),
      ...asked.flatMap(({ process }) => process?.id ?? []),
    ]),
  );
  const usageOf = (records: readonly (TaskRecord | ExecutorRecord)[]) =>
    records.flatMap((each) => usage.get(groupOf(each) ?? 0) ?? []);
  const nested = showNested ? records.filter((record) => !isByItself(record)) : [];
  return [
    ...records.filter(isByItself).map((record) => ({
      ...viewOfTask(record, usageOf([record]), diskStatistics(view, record)),
      executor: describeCommandExecutor(record),
    })),
    ...[...table.executors()].map((executor) =>
      viewOfExecutor(executor, usageOf([executor, ...executor.tasks]), diskStatistics(view, executor)),
    ),
    ...nested.map((record) => viewOfTask(record, usageOf([record]))),
    ...asked.map((each) => viewOfAsked(each, [usage.get(each.process?.id ?? 0) ?? []].flat())),
  ];
}

function viewOfTask(record: TaskRecord, used: readonly ProcessUsage[], disk: DiskStatistics = {}): ContainerView {
  const { processId } = record.running ?? {};
  return {
    id: containerIdOf(record),
    ...(processId !== undefined && { processId }),
    statistics: statisticsOf(record.task.resources, used, disk),
  };
}

const viewOfAsked = ({ id, process, request }: Container, used: readonly ProcessUsage[]): ContainerView => ({
  id,
  ...(process !== undefined && { processId: process.shownId }),
  statistics: statisticsOf(request.resources ?? [], used),
});

function viewOfExecutor(executor: ExecutorRecord, used: readonly ProcessUsage[], disk: DiskStatistics): ContainerView {
  const { containerId, frameworkId, info, running } = executor;
  const { name = '', source = '', executor_id: id } = info;
  return {
    id: { value: containerId },
    executor: { frameworkId, id: id.value, name, source },
    ...(running?.processId !== undefined && { processId: running.processId }),
    statistics: statisticsOf(resourcesInUse(executor), used, disk),
  };
}

function describeCommandExecutor(record: TaskRecord): ExecutorView {
  const id = record.task.task_id.value;
  return { frameworkId: record.frameworkId, id, name: executorName(record), source: id };
}

function statisticsOf(resources: readonly Resource[], used: readonly ProcessUsage[], disk: DiskStatistics = {}) {
  const memoryBytes = Math.round(scalarOf(resources, 'mem') * 1024 * 1024);
  const sumOf = (amount: (usage: ProcessUsage) => number) => used.reduce((sum, each) => sum + amount(each), 0);
  return {
    cpus_soft_limit: scalarOf(resources, 'cpus'),
    cpus_system_time_secs: sumOf(({ systemSeconds }) => systemSeconds),
    cpus_user_time_secs: sumOf(({ userSeconds }) => userSeconds),
    mem_limit_bytes: memoryBytes,
    mem_rss_bytes: sumOf(({ residentBytes }) => residentBytes),
    mem_soft_limit_bytes: memoryBytes,
    ...disk,
    timestamp: Date.now() / 1000,
  };
}

/** container_status of /containers. */
const statusOf = ({ id, processId }: ContainerView) => ({
  container_id: id,
  ...(processId !== undefined && { executor_pid: processId }),
});

/** An item of /monitor/statistics. */
export const describeStatistics = ({ executor, statistics }: ContainerView) => ({
  executor_id: executor?.id,
  executor_name: executor?.name,
  framework_id: executor?.frameworkId,
  source: executor?.source,
  statistics,
});

/** An item of /containers. */
export const describeContainer = (container: ContainerView) => ({
  container_id: container.id.value,
  ...describeStatistics(container),
  status: statusOf(container),
});

/** An item of GET_CONTAINERS (agent.proto, Response.GetContainers): of one below another only the status says where. */
export const describeContainerV1 = (container: ContainerView) => {
  const { executor, id, statistics } = container;
  return {
    ...(executor !== undefined && {
      framework_id: { value: executor.frameworkId },
      executor_id: { value: executor.id },
      executor_name: executor.name,
    }),
    container_id: { value: id.value },
    container_status: statusOf(container),
    resource_statistics: statistics,
  };
};
