import type { ExecutorInfo, FrameworkInfo, TaskInfo } from '../../../protocol/mesos.ts';
import { AttachedPaths } from './attached-paths.ts';
import { newTask, type TaskRecord, isDefault, newExecutor, type ExecutorRecord } from './task-record.ts';

export interface FrameworkRecord {
  readonly id: string;
  info: FrameworkInfo;
  /** By task id: those that run, and those that ended but whose last update is not acknowledged. */
  readonly tasks: Map<string, TaskRecord>;
  /** Oldest first. */
  readonly completed: TaskRecord[];
  /** By their ids. */
  readonly executors: Map<string, ExecutorRecord>;
  /** Oldest first. */
  readonly completedExecutors: ExecutorRecord[];
}

/** Whether it has something here that is not over. */
export const isActive = ({ tasks, executors }: FrameworkRecord): boolean => tasks.size + executors.size > 0;

/** `--max_completed_executors_per_framework` of Mesos's agent. */
const maxCompleted = 150;
/** MAX_COMPLETED_FRAMEWORKS in Mesos's src/slave/constants.hpp. */
const maxCompletedFrameworks = 50;

/** The tasks of an agent and the executors of frameworks' own, by framework. */
export class TaskTable {
  /** Frameworks that have tasks here, and those that had, least recently active first. */
  readonly frameworks = new Map<string, FrameworkRecord>();
  readonly attached: AttachedPaths;
  /** The last task of a group's executor is completed; set once by the owner. */
  onIdle: (executor: ExecutorRecord) => void = () => undefined;
  readonly #workDir: string;
  readonly #onEvicted: (record: TaskRecord | ExecutorRecord) => void;

  /** @param onEvicted is told of what is forgotten, so that its sandbox can be removed */
  constructor(workDir: string, onEvicted: (record: TaskRecord | ExecutorRecord) => void) {
    this.#workDir = workDir;
    this.attached = new AttachedPaths(workDir);
    this.#onEvicted = onEvicted;
  }

  find(frameworkId: string, taskId: string): TaskRecord | undefined {
    return this.frameworks.get(frameworkId)?.tasks.get(taskId);
  }

  findExecutor(frameworkId: string, executorId: string): ExecutorRecord | undefined {
    return this.frameworks.get(frameworkId)?.executors.get(executorId);
  }

  /** Tasks that are not completed. */
  *active(): Generator<TaskRecord> {
    for (const framework of this.frameworks.values()) yield* framework.tasks.values();
  }

  *completed(): Generator<TaskRecord> {
    for (const framework of this.frameworks.values()) yield* framework.completed;
  }

  /** Executors that have not ended. */
  *executors(): Generator<ExecutorRecord> {
    for (const framework of this.frameworks.values()) yield* framework.executors.values();
  }

  /** A task by itself. */
  add(frameworkId: string, info: FrameworkInfo, agentId: string, task: TaskInfo, containerId: string): TaskRecord {
    const directory = this.#runOf(agentId, frameworkId, task.task_id.value, containerId);
    const record = newTask({ frameworkId, agentId, task, containerId, directory });
    this.restore(record, info, false);
    return record;
  }

  /** A task of a group. */
  addToGroup(executor: ExecutorRecord, groupId: string, task: TaskInfo, containerId: string): TaskRecord {
    const { frameworkId, agentId } = executor;
    const directory = `${executor.directory}/containers/${containerId}`;
    const record = newTask({ frameworkId, agentId, task, executor, groupId, containerId, directory });
    this.restore(record, this.frameworks.get(frameworkId)?.info ?? noInfo, false);
    return record;
  }

  /** A task that a program of its framework runs, in its own container. */
  addToExecutor(executor: ExecutorRecord, task: TaskInfo, groupId?: string): TaskRecord {
    const { frameworkId, agentId, containerId, directory } = executor;
    const group = groupId === undefined ? {} : { groupId };
    const record = newTask({ frameworkId, agentId, task, executor, ...group, containerId, directory });
    this.restore(record, this.frameworks.get(frameworkId)?.info ?? noInfo, false);
    return record;
  }

  addExecutor(
    frameworkId: string,
    info: FrameworkInfo,
    agentId: string,
    executor: ExecutorInfo,
    containerId: string,
  ): ExecutorRecord {
    const directory = this.#runOf(agentId, frameworkId, executor.executor_id.value, containerId);
    const record = newExecutor({ frameworkId, agentId, info: executor, containerId, directory });
    this.restoreExecutor(record, info, false);
    return record;
  }

  /** Takes the record of a task that a former agent had. */
  restore(record: TaskRecord, info: FrameworkInfo, isCompleted: boolean): void {
    const framework = this.#touch(record.frameworkId, info);
    if (isCompleted) framework.completed.push(record);
    else {
      framework.tasks.set(record.task.task_id.value, record);
      record.executor?.tasks.add(record);
    }
    if (record.executor === undefined) this.attached.attach(record);
  }

  /** Takes the record of an executor that a former agent had. */
  restoreExecutor(record: ExecutorRecord, info: FrameworkInfo, isCompleted: boolean): void {
    const framework = this.#touch(record.frameworkId, info);
    if (isCompleted) framework.completedExecutors.push(record);
    else framework.executors.set(record.info.executor_id.value, record);
    this.attached.attach(record);
  }

  /** The last update of a task was acknowledged, or nobody will. */
  complete(record: TaskRecord): void {
    const framework = this.frameworks.get(record.frameworkId);
    if (framework?.tasks.get(record.task.task_id.value) !== record) return;
    framework.tasks.delete(record.task.task_id.value);
    this.#keepCompleted(framework, framework.completed, record);
    const { executor } = record;
    executor?.tasks.delete(record);
    if (executor?.tasks.size === 0 && isDefault(executor)) this.onIdle(executor);
  }

  /** An executor has ended. */
  completeExecutor(executor: ExecutorRecord): void {
    const framework = this.frameworks.get(executor.frameworkId);
    const id = executor.info.executor_id.value;
    if (framework?.executors.get(id) !== executor) return;
    framework.executors.delete(id);
    this.#keepCompleted(framework, framework.completedExecutors, executor);
  }

  #runOf(agentId: string, frameworkId: string, executorId: string, containerId: string): string {
    const executors = `${this.#workDir}/slaves/${agentId}/frameworks/${frameworkId}/executors`;
    return `${executors}/${executorId}/runs/${containerId}`;
  }

  #keepCompleted<Record extends TaskRecord | ExecutorRecord>(
    framework: FrameworkRecord,
    completed: Record[],
    record: Record,
  ): void {
    completed.push(record);
    for (const each of completed.splice(0, completed.length - maxCompleted)) this.#evict(each);
    if (!isActive(framework)) this.#evictFrameworks();
  }

  #evictFrameworks(): void {
    const inactive = [...this.frameworks.values()].filter((framework) => !isActive(framework));
    for (const framework of inactive.slice(0, Math.max(0, inactive.length - maxCompletedFrameworks))) {
      this.frameworks.delete(framework.id);
      for (const record of [...framework.completed, ...framework.completedExecutors]) this.#evict(record);
    }
  }

  #touch(frameworkId: string, info: FrameworkInfo): FrameworkRecord {
    const framework: FrameworkRecord = this.frameworks.get(frameworkId) ?? {
      ...{ id: frameworkId, info },
      ...{ tasks: new Map(), completed: [], executors: new Map(), completedExecutors: [] },
    };
    framework.info = info;
    this.frameworks.delete(frameworkId);
    this.frameworks.set(frameworkId, framework);
    return framework;
  }

  #evict(record: TaskRecord | ExecutorRecord): void {
    this.attached.detach(record);
    this.#onEvicted(record);
  }
}

const noInfo: FrameworkInfo = { user: '', name: '' };
