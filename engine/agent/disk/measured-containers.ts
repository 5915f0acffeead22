import { isByItself, isDefault, isTerminal, type ExecutorRecord, type TaskRecord } from '../tasks/task-record.ts';
import type { TaskTable } from '../tasks/task-table.ts';

/**
 * Outermost containers that run and have not reached a limit yet, as their executor or their task by itself: those within
 * others count with them.
 */
export function* measuredContainers(table: TaskTable): Generator<TaskRecord | ExecutorRecord> {
  for (const task of table.active()) {
    const { running, limitation } = task;
    if (isByItself(task) && running !== undefined && limitation === undefined && !isTerminal(task)) yield task;
  }
  for (const executor of table.executors()) {
    if (executor.limitation === undefined && hasStarted(executor)) yield executor;
  }
}

/** One of tasks in groups is no process of its own. */
const hasStarted = (executor: ExecutorRecord): boolean =>
  isDefault(executor)
    ? [...executor.tasks].some(({ running }) => running !== undefined)
    : executor.running !== undefined;
