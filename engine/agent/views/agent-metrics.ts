import type { TaskState } from '../../../protocol/mesos.ts';
import type { AgentView } from './agent-view.ts';
import { scalarOf } from './describe-resources.ts';
import { isByItself, isTerminal } from '../tasks/task-record.ts';
import { isActive } from '../tasks/task-table.ts';

/** /metrics/snapshot: the metrics of Mesos's agent that mean something here (docs/monitoring.md). */
export async function agentMetrics(view: AgentView): Promise<Readonly<Record<string, number>>> {
  const { table, options, world } = view;
  const active = [...table.active()];
  const states = new Map<TaskState, number>();
  for (const { state } of [...active, ...table.completed()]) states.set(state, (states.get(state) ?? 0) + 1);
  const count = (state: TaskState) => states.get(state) ?? 0;
  const launchErrors = [...table.completed()].filter(({ statuses }) =>
    statuses.some(({ reason }) => reason === 'REASON_CONTAINER_LAUNCH_FAILED'),
  );
  const running = active.filter((record) => !isTerminal(record));
  const { load, cpus, memoryFreeBytes, memoryTotalBytes } = await world.sandboxes.machine(options.workDir);
  const fetches = Object.entries(view.fetches()).map(
    ([name, value]) => [`containerizer/fetcher/${name}`, value] as const,
  );
  return {
    ...Object.fromEntries(fetches),
    ...usage(view, [
      ...running.flatMap(({ task }) => task.resources),
      ...[...table.executors()].flatMap(({ info }) => info.resources ?? []),
    ]),
    'slave/container_launch_errors': launchErrors.length,
    ...executorMetrics(view),
    'slave/frameworks_active': [...table.frameworks.values()].filter(isActive).length,
    'slave/registered': view.master() === undefined ? 0 : 1,
    'slave/tasks_failed': count('TASK_FAILED'),
    'slave/tasks_finished': count('TASK_FINISHED'),
    'slave/tasks_gone': 0,
    'slave/tasks_killed': count('TASK_KILLED'),
    'slave/tasks_killing': count('TASK_KILLING'),
    'slave/tasks_lost': count('TASK_LOST'),
    'slave/tasks_running': count('TASK_RUNNING'),
    'slave/tasks_staging': count('TASK_STAGING'),
    'slave/tasks_starting': count('TASK_STARTING'),
    'slave/uptime_secs': Date.now() / 1000 - view.startTime,
    'slave/valid_status_updates': view.statusUpdates(),
    'system/cpus_total': cpus,
    'system/load_15min': load[2],
    'system/load_1min': load[0],
    'system/load_5min': load[1],
    'system/mem_free_bytes': memoryFreeBytes,
    'system/mem_total_bytes': memoryTotalBytes,
  };
}

/**
 * A task by itself has an executor, and one of a framework's own has many tasks. One that has been given none of its tasks
 * yet registers.
 */
function executorMetrics({ table }: AgentView): Readonly<Record<string, number>> {
  const frameworks = [...table.frameworks.values()];
  const tasks = [...table.active()].filter(isByItself).map((task) => [task]);
  const own = [...table.executors()].map((executor) => [...executor.tasks].filter((task) => !isTerminal(task)));
  const live = [...tasks.filter((each) => !each.every(isTerminal)), ...own];
  const registering = live.filter((each) => each.length > 0 && each.every(({ state }) => state === 'TASK_STAGING'));
  const ended = frameworks.map(
    ({ completed, completedExecutors }) => completed.filter(isByItself).length + completedExecutors.length,
  );
  return {
    'slave/executors_preempted': 0,
    'slave/executors_registering': registering.length,
    'slave/executors_running': live.length - registering.length,
    'slave/executors_terminated': ended.reduce((sum, each) => sum + each, 0),
    'slave/executors_terminating': tasks.length + own.length - live.length,
  };
}

function usage({ resources }: AgentView, used: AgentView['resources']): Readonly<Record<string, number>> {
  return Object.fromEntries(
    ['cpus', 'disk', 'gpus', 'mem'].flatMap((name) => {
      const [total, taken] = [scalarOf(resources, name), scalarOf(used, name)];
      return [
        [`slave/${name}_percent`, total === 0 ? 0 : taken / total],
        [`slave/${name}_total`, total],
        [`slave/${name}_used`, taken],
        ...['percent', 'total', 'used'].map((figure) => [`slave/${name}_revocable_${figure}`, 0] as const),
      ];
    }),
  );
}
