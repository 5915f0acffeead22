import {
  hasCapability,
  terminalStates,
  type TaskInfo,
  type TaskState,
  type TaskStatus,
} from '../../../protocol/mesos.ts';
import type { AgentWorld } from '../agent-options.ts';
import type { Executor, RunningTask, TaskLaunch } from '../executors/executor.ts';
import { FetchFailure } from '../fetch/fetch-failure.ts';
import type { Fetcher } from '../fetch/fetcher.ts';
import { parseHealthCheck, startHealthCheck } from './health-check.ts';
import { limitTime } from './limit-time.ts';
import { hostOf } from './probe.ts';
import { checkDetails, parseTaskCheck, startTaskCheck } from './task-check.ts';
import { recordRunning } from '../recovery/orphans.ts';
import { taskWithSecrets, writeSecrets } from './secrets.ts';
import { makeTaskSandbox } from './task-sandbox.ts';
import { taskEnvironment, type AgentAddress } from './task-environment.ts';
import { isTerminal, noteStatus, type TaskRecord } from './task-record.ts';
import type { TaskTable } from './task-table.ts';
import { volumesOf } from '../volumes/volume-folders.ts';
import { endDetails, endState, limitDetails, taskStatus, type StatusDetails } from './task-status.ts';

export interface TaskLifeOptions {
  readonly workDir: string;
  readonly world: AgentWorld;
  readonly address: AgentAddress;
  readonly table: TaskTable;
  readonly executorFor: (task: TaskInfo) => Executor;
  readonly fetcher: Fetcher;
  /** Of tasks without a kill policy. */
  readonly defaultGraceMs: (task: TaskInfo) => number;
  /** Delivers an update; not called for tasks that are silent. */
  readonly onStatus: (frameworkId: string, status: TaskStatus) => void;
  readonly save: (record: TaskRecord) => Promise<void>;
  readonly showVolumes: (launch: TaskLaunch) => Promise<void>;
  /** A task is in a state that is its last. */
  readonly onEnd: (record: TaskRecord) => void;
  /** A process of the task has ended. */
  readonly onProcessEnd: () => void;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** What happens to a task from its launch to its end. */
export class TaskLife {
  readonly #options: TaskLifeOptions;
  /** Of tasks that are being launched. */
  readonly #launches = new Map<TaskRecord, AbortController>();
  #letsGo = false;

  constructor(options: TaskLifeOptions) {
    this.#options = options;
  }

  /**
   * Launches a task; resolves when it has ended, or was let go.
   * @param ready what it has to wait for, and fails with
   */
  async launch(record: TaskRecord, ready?: Promise<void>): Promise<void> {
    const running = await this.#launch(record, ready);
    if (running === undefined) return;
    record.running = running;
    // Of those in a group this was said before: their executor runs already (launcher/default_executor.cpp).
    if (record.executor === undefined) this.#update(record, 'TASK_STARTING');
    // Before anybody is told that it runs: an agent that is killed then must leave its record.
    const forget = await recordRunning(record, running, this.#options);
    this.#update(record, 'TASK_RUNNING', running.message === undefined ? {} : { message: running.message });
    await this.#follow(record, running, forget);
  }

  /** Goes on with a task of a former agent; resolves when it has ended, or was let go. */
  async recover(record: TaskRecord): Promise<void> {
    const { world, executorFor } = this.#options;
    const attach = async () => executorFor(record.task).attach?.(this.#launchOf(record, new AbortController().signal));
    const running = await attach().catch((error: unknown) => {
      world.log(`Task ${record.task.task_id.value} could not be recovered: ${messageOf(error)}`);
      return undefined;
    });
    if (running === undefined) {
      // As slave.cpp: the executor is not there, and its containerizer knows nothing of it either.
      const reason = 'REASON_EXECUTOR_TERMINATED';
      const message = 'Abnormal executor termination: unknown container';
      const state = record.killGraceMs === undefined ? 'TASK_FAILED' : 'TASK_KILLED';
      this.#update(record, state, { source: 'SOURCE_AGENT', reason, message });
      this.#options.onProcessEnd();
      return;
    }
    record.running = running;
    const isNew = record.state === 'TASK_STAGING' || record.state === 'TASK_STARTING';
    if (isNew) this.#update(record, 'TASK_RUNNING');
    await this.#follow(record, running, await recordRunning(record, running, this.#options));
  }

  kill(record: TaskRecord, graceMs: number): void {
    const { limitation, ranTooLong } = record;
    const isFirst = record.killGraceMs === undefined && ranTooLong !== true && limitation === undefined;
    record.killGraceMs = Math.min(record.killGraceMs ?? graceMs, graceMs);
    this.#launches.get(record)?.abort();
    this.#saveSoon(record);
    if (record.running === undefined) return;
    const info = this.#options.table.infoOf(record.frameworkId);
    if (isFirst && hasCapability(info, 'TASK_KILLING_STATE')) this.#update(record, 'TASK_KILLING');
    record.running.kill(graceMs);
  }

  /** Lets go of the tasks that outlive the agent, and of those that would. */
  letGo(): void {
    this.#letsGo = true;
    for (const controller of this.#launches.values()) controller.abort();
    for (const { running } of this.#options.table.active()) running?.letGo?.();
  }

  async #follow(record: TaskRecord, running: RunningTask, forget: () => Promise<void>): Promise<void> {
    if (this.#letsGo && running.letGo !== undefined) {
      running.letGo();
      return;
    }
    if (record.killGraceMs !== undefined) this.kill(record, record.killGraceMs);
    const limit = limitTime(record, () => {
      this.kill(record, 0);
    });
    const watches = [this.#checkHealth(record, running), this.#check(record, running), limit];
    const end = await running.ended;
    for (const watch of watches) watch?.stop();
    if (end === undefined) return;
    this.#update(record, endState(record, end), endDetails(record, end));
    await forget();
    if (running.processId !== undefined) this.#options.onProcessEnd();
  }

  async #launch(record: TaskRecord, ready?: Promise<void>): Promise<RunningTask | undefined> {
    const { world, executorFor, fetcher, save } = this.#options;
    const controller = new AbortController();
    this.#launches.set(record, controller);
    try {
      await ready;
      // Before anything runs: an agent that comes after this one must know of it.
      await save(record);
      await makeTaskSandbox(record, world.sandboxes);
      if (record.executor !== undefined) this.#update(record, 'TASK_STARTING');
      if (record.killGraceMs === undefined) {
        const launch = this.#launchOf(record, controller.signal);
        await this.#options.showVolumes(launch);
        await writeSecrets(record.task, record.directory, world.sandboxes);
        await fetcher.fetch({ ...launch, command: record.task.command });
        launch.signal.throwIfAborted();
        return await executorFor(record.task).launch(launch);
      }
      this.#killedDuringLaunch(record);
    } catch (error) {
      if (record.killGraceMs === undefined) this.#launchFailed(record, error);
      else this.#killedDuringLaunch(record);
    } finally {
      this.#launches.delete(record);
    }
    return undefined;
  }

  #launchOf(record: TaskRecord, signal: AbortSignal): TaskLaunch {
    const { world, address, table, workDir } = this.#options;
    const environment = taskEnvironment(record, address, world.processes.inheritedEnvironment);
    const isCheckpointed = table.infoOf(record.frameworkId).checkpoint === true;
    const volumes = volumesOf(workDir, record.task.resources);
    return { ...record, task: taskWithSecrets(record.task), signal, isCheckpointed, environment, volumes };
  }

  #killedDuringLaunch(record: TaskRecord): void {
    if (record.limitation !== undefined) {
      this.#update(record, 'TASK_FAILED', limitDetails(record.limitation));
      return;
    }
    const reason = 'REASON_TASK_KILLED_DURING_LAUNCH';
    this.#update(record, 'TASK_KILLED', { source: 'SOURCE_AGENT', reason, message: 'Killed before it was launched' });
  }

  #launchFailed(record: TaskRecord, error: unknown): void {
    const message = messageOf(error);
    this.#options.world.log(`Task ${record.task.task_id.value} could not be launched: ${message}`);
    const reason = error instanceof FetchFailure ? error.reason : 'REASON_CONTAINER_LAUNCH_FAILED';
    this.#update(record, 'TASK_FAILED', { source: 'SOURCE_AGENT', reason, message });
  }

  #check(record: TaskRecord, running: RunningTask) {
    const check = parseTaskCheck(record.task);
    if (check === undefined) return undefined;
    return startTaskCheck(check, hostOf(check.probe, running, this.#options.address), running, (seen) => {
      if (record.killGraceMs !== undefined) return;
      record.checkSeen = seen;
      const { healthy } = record;
      const reason = 'REASON_TASK_CHECK_STATUS_UPDATED';
      this.#update(record, 'TASK_RUNNING', { reason, ...(healthy !== undefined && { healthy }) });
    });
  }

  #checkHealth(record: TaskRecord, running: RunningTask) {
    const check = parseHealthCheck(record.task);
    if (check === undefined) return undefined;
    return startHealthCheck(check, hostOf(check.probe, running, this.#options.address), running, {
      onHealth: (healthy) => {
        if (record.killGraceMs !== undefined) return;
        record.healthy = healthy;
        this.#update(record, 'TASK_RUNNING', { healthy, reason: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED' });
      },
      onGivenUp: () => {
        if (record.killGraceMs !== undefined) return;
        record.killedAsUnhealthy = true;
        this.kill(record, this.#options.defaultGraceMs(record.task));
      },
    });
  }

  #update(record: TaskRecord, state: TaskState, details: StatusDetails = {}): void {
    // What is being killed is not said to run again, as when a kill came while its process was recorded.
    if (isTerminal(record) || (record.state === 'TASK_KILLING' && state === 'TASK_RUNNING')) return;
    const status = taskStatus(record, state, this.#options.address.host, {
      ...details,
      ...checkDetails(record, state),
    });
    noteStatus(record, status);
    if (!record.isSilent) this.#options.onStatus(record.frameworkId, status);
    else if (terminalStates.has(state)) this.#options.table.complete(record);
    this.#saveSoon(record);
    if (isTerminal(record)) this.#options.onEnd(record);
  }

  #saveSoon(record: TaskRecord): void {
    this.#options.save(record).catch((error: unknown) => {
      this.#options.world.log(`Task ${record.task.task_id.value} was not checkpointed: ${messageOf(error)}`);
    });
  }
}
