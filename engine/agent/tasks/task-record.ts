import {
  terminalStates,
  type FrameworkInfo,
  type TaskInfo,
  type TaskState,
  type TaskStatus,
} from '../../../protocol/mesos.ts';
import type { RunningTask } from '../executors/executor.ts';
import type { Seen } from './probe.ts';

/** A task on this agent: what is known of it, from its launch until its sandbox is removed. */
export interface TaskRecord {
  readonly frameworkId: string;
  readonly agentId: string;
  readonly task: TaskInfo;
  readonly containerId: string;
  /** The sandbox. */
  readonly directory: string;
  state: TaskState;
  /** In order; of updates with the same state in a row only the latest. */
  readonly statuses: TaskStatus[];
  running?: RunningTask;
  /** A kill was asked for, with this grace period. */
  killGraceMs?: number;
  /** The health check gave it up. */
  killedAsUnhealthy?: boolean;
  /** It did not end within its max_completion_time. */
  ranTooLong?: boolean;
  /** What its health check and its check said last. */
  healthy?: boolean;
  checkSeen?: Seen;
  /** Nobody wants updates: its framework was torn down, or the agent stops. */
  isSilent: boolean;
}

export interface FrameworkRecord {
  readonly id: string;
  info: FrameworkInfo;
  /** By task id: those that run, and those that ended but whose last update is not acknowledged. */
  readonly tasks: Map<string, TaskRecord>;
  /** Oldest first. */
  readonly completed: TaskRecord[];
}

export const isTerminal = (record: TaskRecord) => terminalStates.has(record.state);

/** Whether an id can be the name of a folder; Mesos's master refuses the same ones (src/common/validation.cpp). */
export const isSafeId = (id: string): boolean =>
  id !== '' && id !== '.' && id !== '..' && Buffer.byteLength(id) <= 255 && !/[/\\\u0000-\u001f\u007f]/.test(id);

/** `--max_completed_executors_per_framework` of Mesos's agent. */
const maxCompletedTasks = 150;
/** MAX_COMPLETED_FRAMEWORKS in Mesos's src/slave/constants.hpp. */
const maxCompletedFrameworks = 50;

/** The tasks of an agent, by framework. */
export class TaskTable {
  /** Frameworks that have tasks here, and those that had, least recently active first. */
  readonly frameworks = new Map<string, FrameworkRecord>();
  /** Virtual paths of /files to the sandboxes they mean (src/slave/slave.cpp attaches the same). */
  readonly attached = new Map<string, string>();
  readonly #workDir: string;
  readonly #onEvicted: (record: TaskRecord) => void;

  /** @param onEvicted is told of tasks that are forgotten, so that their sandboxes can be removed */
  constructor(workDir: string, onEvicted: (record: TaskRecord) => void) {
    this.#workDir = workDir;
    this.#onEvicted = onEvicted;
  }

  find(frameworkId: string, taskId: string): TaskRecord | undefined {
    return this.frameworks.get(frameworkId)?.tasks.get(taskId);
  }

  /** Tasks that are not completed. */
  *active(): Generator<TaskRecord> {
    for (const framework of this.frameworks.values()) yield* framework.tasks.values();
  }

  *completed(): Generator<TaskRecord> {
    for (const framework of this.frameworks.values()) yield* framework.completed;
  }

  add(frameworkId: string, info: FrameworkInfo, agentId: string, task: TaskInfo, containerId: string): TaskRecord {
    const framework = this.#touch(frameworkId, info);
    const runs = `${this.#workDir}/slaves/${agentId}/frameworks/${frameworkId}/executors/${task.task_id.value}/runs`;
    const directory = `${runs}/${containerId}`;
    const record: TaskRecord = {
      frameworkId,
      agentId,
      task,
      containerId,
      directory,
      state: 'TASK_STAGING',
      statuses: [],
      isSilent: false,
    };
    framework.tasks.set(task.task_id.value, record);
    for (const path of this.#pathsOf(record)) this.attached.set(path, directory);
    return record;
  }

  /** Takes the record of a task that a former agent had. */
  restore(record: TaskRecord, info: FrameworkInfo, isCompleted: boolean): void {
    const framework = this.#touch(record.frameworkId, info);
    if (isCompleted) framework.completed.push(record);
    else framework.tasks.set(record.task.task_id.value, record);
    for (const path of this.#pathsOf(record)) this.attached.set(path, record.directory);
  }

  /** The last update of a task was acknowledged, or nobody will. */
  complete(record: TaskRecord): void {
    const framework = this.frameworks.get(record.frameworkId);
    if (framework?.tasks.get(record.task.task_id.value) !== record) return;
    framework.tasks.delete(record.task.task_id.value);
    framework.completed.push(record);
    const evicted = framework.completed.splice(0, framework.completed.length - maxCompletedTasks);
    for (const each of evicted) this.#evict(each);
    if (framework.tasks.size === 0) this.#evictFrameworks();
  }

  #evictFrameworks(): void {
    const inactive = [...this.frameworks.values()].filter(({ tasks }) => tasks.size === 0);
    for (const framework of inactive.slice(0, Math.max(0, inactive.length - maxCompletedFrameworks))) {
      this.frameworks.delete(framework.id);
      for (const record of framework.completed) this.#evict(record);
    }
  }

  #touch(frameworkId: string, info: FrameworkInfo): FrameworkRecord {
    const framework = this.frameworks.get(frameworkId) ?? { id: frameworkId, info, tasks: new Map(), completed: [] };
    framework.info = info;
    this.frameworks.delete(frameworkId);
    this.frameworks.set(frameworkId, framework);
    return framework;
  }

  #pathsOf({ directory, agentId }: TaskRecord): readonly string[] {
    const latest = `${directory.slice(0, directory.lastIndexOf('/'))}/latest`;
    return [directory, latest, latest.slice(`${this.#workDir}/slaves/${agentId}`.length)];
  }

  #evict(record: TaskRecord): void {
    for (const path of this.#pathsOf(record)) {
      if (this.attached.get(path) === record.directory) this.attached.delete(path);
    }
    this.#onEvicted(record);
  }
}
