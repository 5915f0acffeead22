import { isTerminal, type TaskRecord, type TaskTable } from '../tasks/task-record.ts';
import type { StatusUpdates } from '../tasks/status-updates.ts';
import type { TaskRunner } from '../tasks/task-runner.ts';
import type { TaskCheckpoint } from './checkpoints.ts';

export interface RestoreTarget {
  readonly table: TaskTable;
  readonly updates: StatusUpdates;
  readonly runner: TaskRunner;
  readonly log: (line: string) => void;
}

const lastTime = ({ statuses }: TaskCheckpoint) => statuses.at(-1)?.timestamp ?? 0;

/** Takes over the tasks of a former agent: those that should run are looked for, updates that nobody acknowledged wait. */
export function restoreTasks(tasks: readonly TaskCheckpoint[], { table, updates, runner, log }: RestoreTarget): void {
  for (const checkpoint of [...tasks].sort((one, other) => lastTime(one) - lastTime(other))) {
    const { framework, pending, isCompleted, statuses, ...rest } = checkpoint;
    const record: TaskRecord = { ...rest, statuses: [...statuses] };
    const isOver = isTerminal(record) && (isCompleted || pending.length === 0);
    table.restore(record, framework, isOver);
    if (isOver) continue;
    for (const status of pending) updates.add(record.frameworkId, status);
    if (isTerminal(record)) continue;
    log(`Recovering task ${record.task.task_id.value} of framework ${record.frameworkId}`);
    runner.recover(record);
  }
}
