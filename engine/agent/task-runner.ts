import { randomUUID } from 'node:crypto';
import {
  terminalStates,
  type FrameworkInfo,
  type TaskInfo,
  type TaskState,
  type TaskStatus,
} from '../../protocol/mesos.ts';
import type { AgentOptions, AgentWorld } from './agent-options.ts';
import { chooseExecutor } from './executors/choose-executor.ts';
import type { Executor, RunningTask } from './executors/executor.ts';
import { parseHealthCheck, startHealthCheck } from './health-check.ts';
import { Leftovers } from './leftovers.ts';
import { recordProcess } from './orphans.ts';
import { taskEnvironment, type AgentAddress } from './task-environment.ts';
import { isSafeId, isTerminal, type TaskRecord, type TaskTable } from './task-record.ts';
import { statusWithoutTask, taskStatus, type StatusDetails } from './task-status.ts';

export interface TaskRunnerOptions {
  readonly agent: AgentOptions;
  readonly world: AgentWorld;
  readonly address: AgentAddress;
  readonly table: TaskTable;
  /** Delivers an update; not called for tasks that are silent. */
  readonly onStatus: (frameworkId: string, status: TaskStatus) => void;
}

/** Of Mesos's command executor, for tasks without a kill policy. */
const defaultKillGraceMs = 3000;
/** Of the tasks of a framework that is torn down (executor_shutdown_grace_period less the executor's own second). */
const shutdownGraceMs = 4000;

/** Launches and kills tasks, and turns what happens to them into status updates. */
export class TaskRunner {
  readonly #options: TaskRunnerOptions;
  readonly #executorFor: (task: TaskInfo) => Executor;
  /** A promise for each task that has not ended; none rejects. */
  readonly #work = new Set<Promise<void>>();
  readonly #leftovers: Leftovers;
  #isStopped = false;

  constructor(options: TaskRunnerOptions) {
    this.#options = options;
    this.#executorFor = chooseExecutor(options.agent, options.world);
    this.#leftovers = new Leftovers(options.agent.workDir, options.world.processes, options.table);
  }

  run(agentId: string, frameworkId: string, info: FrameworkInfo, task: TaskInfo): void {
    const { table, world } = this.#options;
    const taskId = task.task_id.value;
    if (this.#isStopped) return;
    if (table.find(frameworkId, taskId) !== undefined) {
      world.log(`Task ${taskId} of framework ${frameworkId} is here already`);
      return;
    }
    if (!isSafeId(taskId) || !isSafeId(frameworkId)) {
      const message = `'${taskId}' contains invalid characters`;
      const reason = 'REASON_TASK_INVALID';
      this.#options.onStatus(frameworkId, statusWithoutTask(agentId, taskId, 'TASK_ERROR', reason, message));
      return;
    }
    const record = table.add(frameworkId, info, agentId, task, randomUUID());
    const work = this.#carryOut(record).catch((error: unknown) => {
      world.log(`Task ${taskId}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    });
    this.#work.add(work);
    void work.then(() => this.#work.delete(work));
  }

  /** @param graceMs of the KILL call; before that of the task's own kill policy */
  kill(agentId: string, frameworkId: string, taskId: string, graceMs: number | undefined): void {
    const record = this.#options.table.find(frameworkId, taskId);
    if (record === undefined) {
      // As slave.cpp answers.
      const reason = 'REASON_EXECUTOR_TERMINATED';
      const message = 'Cannot find executor';
      this.#options.onStatus(frameworkId, statusWithoutTask(agentId, taskId, 'TASK_LOST', reason, message));
      return;
    }
    if (isTerminal(record)) return;
    const policy = record.task.kill_policy?.grace_period?.nanoseconds;
    this.#kill(record, graceMs ?? (policy === undefined ? defaultKillGraceMs : policy / 1e6));
  }

  /** Kills the tasks of a framework, without updates. */
  shutdownFramework(frameworkId: string): void {
    for (const record of this.#options.table.frameworks.get(frameworkId)?.tasks.values() ?? []) {
      record.isSilent = true;
      if (isTerminal(record)) this.#options.table.complete(record);
      else this.#kill(record, shutdownGraceMs);
    }
  }

  /** Ends all tasks, without updates; resolves when there are none. */
  async endAll(graceMs: number): Promise<void> {
    for (const record of [...this.#options.table.active()]) {
      record.isSilent = true;
      if (isTerminal(record)) this.#options.table.complete(record);
      else this.#kill(record, graceMs);
    }
    await Promise.all(this.#work);
    await this.#leftovers.endNow();
  }

  async stop(graceMs: number): Promise<void> {
    this.#isStopped = true;
    await this.endAll(graceMs);
  }

  async #carryOut(record: TaskRecord): Promise<void> {
    const running = await this.#launch(record);
    if (running === undefined) return;
    record.running = running;
    this.#update(record, 'TASK_STARTING');
    this.#update(record, 'TASK_RUNNING', running.message === undefined ? {} : { message: running.message });
    if (record.killGraceMs !== undefined) this.#kill(record, record.killGraceMs);
    const forget = running.processId === undefined ? undefined : await this.#recordProcess(record, running.processId);
    const health = this.#checkHealth(record, running);
    const end = await running.ended;
    health?.stop();
    const wasKilled = record.killGraceMs !== undefined;
    const state = end.succeeded ? 'TASK_FINISHED' : wasKilled ? 'TASK_KILLED' : 'TASK_FAILED';
    this.#update(record, state, { message: end.message, ...(record.killedAsUnhealthy && { healthy: false }) });
    await forget?.();
    if (running.processId !== undefined && !this.#isStopped) this.#leftovers.endSoon();
  }

  async #launch(record: TaskRecord): Promise<RunningTask | undefined> {
    const { world, address } = this.#options;
    try {
      await world.sandboxes.makeFolder(record.directory);
      await world.sandboxes.link(
        record.directory,
        `${record.directory.slice(0, record.directory.lastIndexOf('/'))}/latest`,
      );
      if (record.killGraceMs !== undefined) {
        const reason = 'REASON_TASK_KILLED_DURING_LAUNCH';
        this.#update(record, 'TASK_KILLED', {
          source: 'SOURCE_AGENT',
          reason,
          message: 'Killed before it was launched',
        });
        return undefined;
      }
      const environment = taskEnvironment(record, address, world.processes.inheritedEnvironment);
      return await this.#executorFor(record.task).launch({
        task: record.task,
        directory: record.directory,
        environment,
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      world.log(`Task ${record.task.task_id.value} could not be launched: ${message}`);
      this.#update(record, 'TASK_FAILED', {
        source: 'SOURCE_AGENT',
        reason: 'REASON_CONTAINER_LAUNCH_FAILED',
        message,
      });
      return undefined;
    }
  }

  #recordProcess(record: TaskRecord, id: number): Promise<(() => Promise<void>) | undefined> {
    const { agent, world } = this.#options;
    return recordProcess(agent.workDir, record.directory, id, world).catch((error: unknown) => {
      world.log(
        `The record of process ${id} was not written: ${error instanceof Error ? error.message : String(error)}`,
      );
      return undefined;
    });
  }

  #kill(record: TaskRecord, graceMs: number): void {
    const isFirst = record.killGraceMs === undefined;
    record.killGraceMs = Math.min(record.killGraceMs ?? graceMs, graceMs);
    if (record.running === undefined) return;
    const { info } = this.#options.table.frameworks.get(record.frameworkId) ?? {};
    const wantsKilling = info?.capabilities?.some(({ type }) => type === 'TASK_KILLING_STATE') ?? false;
    if (isFirst && wantsKilling) this.#update(record, 'TASK_KILLING');
    record.running.kill(graceMs);
  }

  #checkHealth(record: TaskRecord, running: RunningTask) {
    const check = parseHealthCheck(record.task);
    if (check === undefined) return undefined;
    return startHealthCheck(check, this.#options.address.host, running, {
      onHealth: (healthy) => {
        if (record.killGraceMs !== undefined) return;
        this.#update(record, 'TASK_RUNNING', { healthy, reason: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED' });
      },
      onGivenUp: () => {
        if (record.killGraceMs !== undefined) return;
        record.killedAsUnhealthy = true;
        this.#kill(record, defaultKillGraceMs);
      },
    });
  }

  #update(record: TaskRecord, state: TaskState, details: StatusDetails = {}): void {
    const status = taskStatus(record, state, this.#options.address.host, details);
    if (record.statuses.at(-1)?.state === state) record.statuses.pop();
    record.statuses.push(status);
    record.state = state;
    if (!record.isSilent) this.#options.onStatus(record.frameworkId, status);
    else if (terminalStates.has(state)) this.#options.table.complete(record);
  }
}
