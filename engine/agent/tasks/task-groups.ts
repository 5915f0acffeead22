import { randomUUID } from 'node:crypto';
import type { AgentEvent } from '../../../protocol/agent-api.ts';
import type { TaskInfo, TaskStatus } from '../../../protocol/mesos.ts';
import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import { isSafeId, isTerminal, type TaskRecord, isDefault, type ExecutorRecord } from './task-record.ts';
import { makeExecutorSandbox } from './task-sandbox.ts';
import { droppedState, statusWithoutTask } from './task-status.ts';
import type { TaskTable } from './task-table.ts';
import type { VolumeHolder } from '../volumes/show-volumes.ts';
import { volumesOf } from '../volumes/volume-folders.ts';

export type RunTaskGroup = Extract<AgentEvent, { readonly type: 'RUN_TASK_GROUP' }>['run_task_group'];

export interface TaskGroupOptions {
  readonly workDir: string;
  readonly table: TaskTable;
  readonly sandboxes: Sandboxes;
  readonly log: (line: string) => void;
  /** @param ready what the task has to wait for, and fails with */
  readonly launch: (record: TaskRecord, ready: Promise<void>) => void;
  /** Kills a task as a KILL call without a grace period does. */
  readonly kill: (record: TaskRecord) => void;
  /** The executor is a program of the framework: it runs the tasks. */
  readonly runOnProgram: (agentId: string, group: RunTaskGroup) => void;
  readonly onStatus: (frameworkId: string, status: TaskStatus) => void;
  /** Keeps what an executor is now. @throws the system's error */
  readonly saveExecutor: (executor: ExecutorRecord) => Promise<void>;
  readonly showVolumes: (holder: VolumeHolder) => Promise<void>;
}

/**
 * Task groups, and what is common to those of one executor, as Mesos's default executor does it
 * (src/launcher/default_executor.cpp): a group ends when one of its tasks fails, is killed or is unhealthy, and the
 * executor when none of its tasks is left. It is no process of its own: the agent runs the tasks.
 */
export class TaskGroups {
  readonly #options: TaskGroupOptions;
  /** Of executors, their sandbox and their record. */
  readonly #ready = new WeakMap<ExecutorRecord, Promise<void>>();

  constructor(options: TaskGroupOptions) {
    this.#options = options;
  }

  run(agentId: string, group: RunTaskGroup): void {
    const { table, log, launch } = this.#options;
    const { framework, framework_id: frameworkId, executor: info, tasks } = group;
    if (tasks.some(({ task_id: id }) => table.find(frameworkId.value, id.value) !== undefined)) {
      log(`A task group of framework ${frameworkId.value} is here already`);
      return;
    }
    const refusal = refuse(group) ?? this.#refuseExecutor(group);
    if (refusal !== undefined) {
      for (const task of tasks) this.#drop(agentId, frameworkId.value, task, refusal);
      return;
    }
    if (info.type !== 'DEFAULT') {
      this.#options.runOnProgram(agentId, group);
      return;
    }
    const executor =
      table.findExecutor(frameworkId.value, info.executor_id.value) ??
      table.addExecutor(frameworkId.value, framework, agentId, info, randomUUID());
    const groupId = randomUUID();
    const records = tasks.map((task) => table.addToExecutor(executor, framework, task, groupId));
    const ready = this.#ready.get(executor) ?? this.#prepare(executor);
    this.#ready.set(executor, ready);
    for (const record of records) launch(record, ready);
  }

  /** A task has ended: unless it did what it was to do, its group is over. */
  ended(record: TaskRecord): void {
    const { executor, groupId, state } = record;
    if (executor === undefined || !isDefault(executor) || state === 'TASK_FINISHED') return;
    for (const other of [...executor.tasks]) {
      if (other.groupId === groupId && !isTerminal(other) && other.killGraceMs === undefined) {
        this.#options.kill(other);
      }
    }
  }

  async #prepare(executor: ExecutorRecord): Promise<void> {
    const { saveExecutor, sandboxes, showVolumes, workDir } = this.#options;
    const { directory, info } = executor;
    await saveExecutor(executor);
    await makeExecutorSandbox(executor, sandboxes);
    await showVolumes({ directory, volumes: volumesOf(workDir, info.resources ?? []) });
  }

  /** The master has taken resources for an executor, or has not: it must not be the other way round (slave.cpp, __run). */
  #refuseExecutor({ framework, framework_id: frameworkId, executor, launch_executor: isNew }: RunTaskGroup) {
    const isThere = this.#options.table.findExecutor(frameworkId.value, executor.executor_id.value) !== undefined;
    if (isThere !== isNew) return undefined;
    const message = isThere
      ? 'Master wants to launch executor, but one already exists'
      : 'No executor is expected to launch and there is no executor running';
    return { state: droppedState(framework), reason: 'REASON_EXECUTOR_TERMINATED', message } as const;
  }

  #drop(agentId: string, frameworkId: string, { task_id: id }: TaskInfo, { state, reason, message }: Refusal): void {
    this.#options.onStatus(frameworkId, statusWithoutTask(agentId, id.value, state, reason, message));
  }
}

interface Refusal {
  readonly state: 'TASK_ERROR' | 'TASK_DROPPED' | 'TASK_LOST';
  readonly reason: string;
  readonly message: string;
}

/** Ids become names of folders. */
function refuse({ framework_id: frameworkId, executor, tasks }: RunTaskGroup): Refusal | undefined {
  const ids = [frameworkId, executor.executor_id, ...tasks.map(({ task_id: id }) => id)];
  const bad = ids.find(({ value }) => !isSafeId(value));
  if (bad === undefined) return undefined;
  return {
    state: 'TASK_ERROR',
    reason: 'REASON_TASK_GROUP_INVALID',
    message: `'${bad.value}' contains invalid characters`,
  };
}
