import { isTerminal, type TaskRecord, isDefault, newExecutor, type ExecutorRecord } from '../tasks/task-record.ts';
import type { TaskTable } from '../tasks/task-table.ts';
import type { StatusUpdates } from '../tasks/status-updates.ts';
import type { TaskRunner } from '../tasks/task-runner.ts';
import type { ExecutorCheckpoint, TaskCheckpoint } from './checkpoints.ts';

export interface RestoreTarget {
  readonly table: TaskTable;
  readonly updates: StatusUpdates;
  readonly runner: TaskRunner;
  readonly log: (line: string) => void;
}

const lastTime = ({ statuses }: TaskCheckpoint) => statuses.at(-1)?.timestamp ?? 0;

/**
 * Takes over the tasks and executors of a former agent: those that should run are looked for, updates that nobody
 * acknowledged wait.
 */
export function restoreTasks(
  tasks: readonly TaskCheckpoint[],
  formerExecutors: readonly ExecutorCheckpoint[],
  { table, updates, runner, log }: RestoreTarget,
): void {
  const executors = restoreExecutors(formerExecutors, table);
  const toRecover: TaskRecord[] = [];
  for (const checkpoint of [...tasks].sort((one, other) => lastTime(one) - lastTime(other))) {
    const { framework, pending, isCompleted, statuses, executorContainerId, ...rest } = checkpoint;
    const executor = executorContainerId === undefined ? undefined : executors.get(executorContainerId);
    const record: TaskRecord = { ...rest, ...(executor !== undefined && { executor }), statuses: [...statuses] };
    const isOver = isTerminal(record) && (isCompleted || pending.length === 0);
    table.restore(record, framework, isOver);
    if (isOver) continue;
    for (const status of pending) updates.add(record.frameworkId, status);
    // What becomes of the others is their program's to say.
    if (!isTerminal(record) && (executor === undefined || isDefault(executor))) toRecover.push(record);
  }
  // Only now: what becomes of one of a group is decided by all of them.
  for (const record of toRecover) {
    log(`Recovering task ${record.task.task_id.value} of framework ${record.frameworkId}`);
    runner.recover(record);
  }
  // The registration will say so.
  for (const executor of [...table.executors()]) {
    if (!isDefault(executor)) runner.recoverExecutor(executor);
    else if (executor.tasks.size === 0) table.completeExecutor(executor);
  }
}

function restoreExecutors(
  formerExecutors: readonly ExecutorCheckpoint[],
  table: TaskTable,
): ReadonlyMap<string, ExecutorRecord> {
  const executors = new Map<string, ExecutorRecord>();
  for (const { framework, isCompleted, ...identity } of formerExecutors) {
    const executor = newExecutor(identity);
    executors.set(executor.containerId, executor);
    table.restoreExecutor(executor, framework, isCompleted);
  }
  return executors;
}
