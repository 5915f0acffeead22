import type { Resource, TaskStatus } from '../../../protocol/mesos.ts';
import { buildInfo } from '../../build-info.ts';
import { logFlags } from '../../observability/log-flags.ts';
import { agentCapabilities, agentFlags } from '../agent-flags.ts';
import { ipOf } from '../agent-options.ts';
import { splitByRole } from '../../master/reservations/checkpointed.ts';
import { summariseResources, toResourceList, toResources, type Resources } from '../../master/resources.ts';
import type { AgentView } from './agent-view.ts';
import { describeAttributes, describeResources } from './describe-resources.ts';
import { isByItself, isTerminal, type TaskRecord, type ExecutorRecord } from '../tasks/task-record.ts';
import { isActive, type FrameworkRecord } from '../tasks/task-table.ts';

/** /version */
export const describeVersion = (version: string) => ({
  build_date: buildInfo.buildDate,
  build_time: buildInfo.buildTime,
  build_user: buildInfo.buildUser,
  version,
});

/** /state (src/slave/http.cpp), with Mesos's names and types. */
export function describeState(view: AgentView) {
  const { options, table, port, resources } = view;
  const frameworks = [...table.frameworks.values()];
  const tasks = [...table.active()].filter((record) => !isTerminal(record));
  const flags = agentFlags(options, port, view.master()?.url ?? '');
  const total = view.total?.() ?? toResources(resources);
  const { unreserved, reserved } = splitByRole(total);
  const ofRoles = <Value>(show: (each: Resources) => Value) =>
    Object.fromEntries([...reserved].map(([role, each]) => [role, show(each)]));
  const used = splitByRole(
    toResources([
      ...tasks.flatMap(({ task }) => task.resources),
      ...[...table.executors()].flatMap(({ info }) => info.resources ?? []),
    ]),
  );
  return {
    ...describeVersion(options.version),
    start_time: view.startTime,
    id: view.id(),
    pid: `slave(${view.ordinal ?? 1})@${ipOf(options)}:${port}`,
    hostname: options.hostname,
    capabilities: agentCapabilities,
    ...describeDrain(view),
    resources: summariseResources(total),
    reserved_resources: ofRoles(summariseResources),
    unreserved_resources: summariseResources(unreserved),
    reserved_resources_full: ofRoles((each) => toResourceList(each, 'endpoint')),
    unreserved_resources_full: toResourceList(unreserved, 'endpoint'),
    reserved_resources_allocated: Object.fromEntries(
      [...used.reserved].map(([role, each]) => [role, summariseResources(each)]),
    ),
    unreserved_resources_allocated: summariseResources(used.unreserved),
    resource_providers: [],
    attributes: describeAttributes(view.attributes),
    master_hostname: view.master()?.hostname ?? '',
    ...logFlags(flags),
    flags,
    frameworks: frameworks.filter((framework) => isActive(framework)).map(describeFramework),
    completed_frameworks: frameworks.filter((framework) => !isActive(framework)).map(describeFramework),
  };
}

/** Those of a drain, which the page of Mesos shows. */
function describeDrain({ draining }: AgentView) {
  const current = draining?.();
  if (current === undefined) return {};
  return {
    drain_config: current.config,
    estimated_drain_start_time_seconds: Math.floor(current.startedAt / 1000),
  };
}

function describeFramework(framework: FrameworkRecord) {
  const { id, info, tasks, completed, executors, completedExecutors } = framework;
  return {
    id,
    name: info.name,
    user: info.user,
    failover_timeout: info.failover_timeout ?? 0,
    checkpoint: info.checkpoint ?? false,
    hostname: info.hostname ?? '',
    ...(info.roles === undefined ? { role: info.role ?? '*' } : { roles: info.roles }),
    executors: [
      ...[...executors.values()].map((executor) => describeOwnExecutor(executor, framework)),
      ...[...tasks.values()].filter(isByItself).map(describeExecutor),
    ],
    completed_executors: [
      ...completedExecutors.map((executor) => describeOwnExecutor(executor, framework)),
      ...completed.filter(isByItself).map(describeExecutor),
    ],
  };
}

/** As Mesos names the executor of a command task. */
export function executorName({ task }: TaskRecord): string {
  const value = task.command?.value ?? '';
  const command =
    task.command?.shell === false ? [value, ...(task.command.arguments ?? [])].join(' ') : `sh -c '${value}'`;
  const short = command.length > 22 ? `${command.slice(0, 19)}...` : command;
  return `Command Executor (Task: ${task.task_id.value}) (Command: ${value === '' ? 'NO EXECUTABLE' : short})`;
}

const roleOf = ([first]: readonly Resource[]) => first?.allocation_info?.role ?? '*';

const isQueued = ({ state }: TaskRecord) => state === 'TASK_STAGING';

/** An executor that a framework has of its own, with all of its tasks. */
function describeOwnExecutor(executor: ExecutorRecord, { completed }: FrameworkRecord) {
  const { info, containerId, directory } = executor;
  const tasks = [...executor.tasks];
  const live = tasks.filter((task) => !isTerminal(task));
  const own = info.resources ?? [];
  return {
    id: info.executor_id.value,
    name: info.name ?? '',
    source: info.source ?? '',
    container: containerId,
    directory,
    resources: describeResources([...own, ...live.flatMap(({ task }) => task.resources)]),
    role: roleOf(own),
    ...(info.labels !== undefined && { labels: info.labels.labels }),
    ...(info.type !== undefined && { type: info.type }),
    tasks: live.filter((task) => !isQueued(task)).map(describeTask),
    queued_tasks: live.filter(isQueued).map(describeTask),
    completed_tasks: [...tasks.filter(isTerminal), ...completed.filter((task) => task.executor === executor)].map(
      describeTask,
    ),
  };
}

function describeExecutor(record: TaskRecord) {
  const task = describeTask(record);
  return {
    id: record.task.task_id.value,
    name: executorName(record),
    source: record.task.task_id.value,
    container: record.containerId,
    directory: record.directory,
    resources: describeResources(record.task.resources),
    role: roleOf(record.task.resources),
    tasks: isTerminal(record) || record.state === 'TASK_STAGING' ? [] : [task],
    queued_tasks: record.state === 'TASK_STAGING' ? [task] : [],
    completed_tasks: isTerminal(record) ? [task] : [],
  };
}

function describeTask({ task, frameworkId, agentId, state, statuses }: TaskRecord) {
  return {
    id: task.task_id.value,
    name: task.name,
    framework_id: frameworkId,
    // Empty for a task without an executor of the framework's own.
    executor_id: task.executor?.executor_id.value ?? '',
    slave_id: agentId,
    state,
    resources: describeResources(task.resources),
    role: roleOf(task.resources),
    statuses: statuses.map(describeStatus),
    ...(task.labels !== undefined && { labels: task.labels.labels }),
    ...(task.discovery !== undefined && { discovery: task.discovery }),
    ...(task.container !== undefined && { container: task.container }),
    ...(task.health_check !== undefined && { health_check: task.health_check }),
    ...(task.check !== undefined && { check: task.check }),
  };
}

function describeStatus({ state, timestamp, healthy, container_status: containerStatus }: TaskStatus) {
  // The older endpoints leave the process id out.
  const { executor_pid: _, ...status } = (containerStatus ?? {}) as Readonly<Record<string, unknown>>;
  return { state, timestamp, ...(healthy !== undefined && { healthy }), container_status: status };
}
