import type { TaskStatus } from '../../../protocol/mesos.ts';
import type { TaskRecord, ExecutorRecord } from '../tasks/task-record.ts';
import type { TaskTable } from '../tasks/task-table.ts';
import type { Checkpoints } from './checkpoints.ts';

export interface TaskSavesOptions {
  readonly table: Pick<TaskTable, 'find' | 'frameworks'>;
  readonly checkpoints: Pick<Checkpoints, 'save' | 'saveExecutor'>;
  /** What is not acknowledged of a task. */
  readonly pendingOf: (frameworkId: string, taskId: string) => readonly TaskStatus[];
  readonly log: (line: string) => void;
}

const delayMs = 50;

/** Keeps what tasks are now. */
export class TaskSaves {
  readonly #options: TaskSavesOptions;
  readonly #waiting = new Set<TaskRecord>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TaskSavesOptions) {
    this.#options = options;
  }

  /** @throws the system's error */
  save(record: TaskRecord): Promise<void> {
    const { table, checkpoints, pendingOf } = this.#options;
    const taskId = record.task.task_id.value;
    const info = table.frameworks.get(record.frameworkId)?.info ?? { user: '', name: '' };
    const isCompleted = table.find(record.frameworkId, taskId) !== record;
    const pending = isCompleted ? [] : pendingOf(record.frameworkId, taskId);
    return checkpoints.save(record, info, pending, isCompleted);
  }

  /** @throws the system's error */
  saveExecutor(executor: ExecutorRecord): Promise<void> {
    const { table, checkpoints } = this.#options;
    const framework = table.frameworks.get(executor.frameworkId);
    const isCompleted = framework?.executors.get(executor.info.executor_id.value) !== executor;
    return checkpoints.saveExecutor(executor, framework?.info ?? { user: '', name: '' }, isCompleted);
  }

  /**
   * For an acknowledgement: the next one of the task follows at once, and what is lost of it when the agent is killed is
   * only reported once more.
   */
  saveLater(record: TaskRecord): void {
    this.#waiting.add(record);
    this.#timer ??= setTimeout(() => {
      this.flush();
    }, delayMs).unref();
  }

  /** Begins to save what waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const records = [...this.#waiting];
    this.#waiting.clear();
    for (const record of records) {
      this.save(record).catch((error: unknown) => {
        this.#options.log(`A task was not checkpointed: ${String(error)}`);
      });
    }
  }
}
