import { randomUUID } from 'node:crypto';
import {
  terminalStates,
  type FrameworkInfo,
  type Json,
  type TaskInfo,
  type TaskStatus,
} from '../../../../protocol/mesos.ts';
import { agentDefaults } from '../../../../protocol/mesos-defaults.ts';
import type { AgentOptions, AgentWorld } from '../../agent-options.ts';
import type { Fetcher } from '../../fetch/fetcher.ts';
import { recordProcess } from '../../recovery/orphans.ts';
import type { AgentAddress } from '../../tasks/task-environment.ts';
import { noteStatus, type TaskRecord, type ExecutorRecord } from '../../tasks/task-record.ts';
import { makeRunFolder } from '../../tasks/task-sandbox.ts';
import { droppedState } from '../../tasks/task-status.ts';
import type { TaskTable } from '../../tasks/task-table.ts';
import { ProgramVolumes } from '../../volumes/program-volumes.ts';
import type { VolumeHolder } from '../../volumes/show-volumes.ts';
import type { Executor, RunningTask, TaskEnd, TaskLaunch } from '../executor.ts';
import { fromAgent } from './agent-words.ts';
import { CustomExecutor } from './custom-executor.ts';
import { graceMsOf, launchOf } from './executor-launch.ts';
import type { ExecutorEvent } from './executor-messages.ts';

export interface CustomExecutorsOptions {
  readonly agent: AgentOptions;
  readonly world: AgentWorld;
  readonly address: AgentAddress;
  readonly table: TaskTable;
  readonly fetcher: Fetcher;
  readonly executorFor: (task: TaskInfo) => Executor;
  readonly onStatus: (frameworkId: string, status: TaskStatus) => void;
  readonly save: (record: TaskRecord) => Promise<void>;
  readonly showVolumes: (holder: VolumeHolder) => Promise<void>;
  readonly saveExecutor: (executor: ExecutorRecord) => Promise<void>;
  /** @param status as wait(2) has it */
  readonly onExecutorEnd: (executor: ExecutorRecord, status: number | undefined) => void;
  /** AgentInfo of mesos.proto. */
  readonly agentInfo: () => object;
}

/** The executors on an agent that are programs of their frameworks. */
export class CustomExecutors {
  readonly #options: CustomExecutorsOptions;
  readonly #live = new Map<ExecutorRecord, CustomExecutor>();
  /** The agent stops; with this grace period for what ends with it. */
  #letsGo: number | undefined;

  constructor(options: CustomExecutorsOptions) {
    this.#options = options;
  }

  find(executor: ExecutorRecord | undefined): CustomExecutor | undefined {
    return executor === undefined ? undefined : this.#live.get(executor);
  }

  /**
   * Gives tasks to an executor, which is started if it does not run.
   * @param groupId of tasks that were launched together
   * @returns when the executor has ended, if it was started for them
   */
  run(
    agentId: string,
    frameworkId: string,
    framework: FrameworkInfo,
    tasks: readonly TaskInfo[],
    groupId?: string,
  ): Promise<void> | undefined {
    const { table } = this.#options;
    const info = tasks[0]?.executor;
    if (info === undefined) return undefined;
    const known = table.findExecutor(frameworkId, info.executor_id.value);
    const record = known ?? table.addExecutor(frameworkId, framework, agentId, info, randomUUID());
    const executor = this.#live.get(record) ?? this.#add(record);
    const records = tasks.map((task) => table.addToExecutor(record, framework, task, groupId));
    for (const each of records) void this.#saveSoon(each);
    executor.launch(records);
    return known === undefined ? this.#start(record, executor) : undefined;
  }

  /** Goes on with an executor of a former agent; resolves when it has ended, or was let go. */
  async recover(record: ExecutorRecord): Promise<void> {
    const executor = this.#add(record);
    // One that lacks its secrets has never started.
    const attach = async (launch = this.#launchOf(record)) => this.#options.executorFor(launch.task).attach?.(launch);
    const process = await attach().catch(() => undefined);
    if (process === undefined) {
      const message = 'Abnormal executor termination: unknown container';
      this.#ended(record, executor, { succeeded: false, reason: 'REASON_EXECUTOR_TERMINATED', message });
      return;
    }
    void executor.volumesChanged();
    const { executorReregistrationMs = agentDefaults.executorReregistrationMs } = this.#options.agent;
    executor.recovered(process, executorReregistrationMs);
    await this.#follow(record, executor, process);
  }

  /** Asks the executors of a framework to end, or all. */
  shutDown(frameworkId?: string): void {
    for (const [record, executor] of this.#live) {
      if (frameworkId === undefined || record.frameworkId === frameworkId) executor.shutDown();
    }
  }

  /** Ends all now. */
  endAll(graceMs: number): void {
    for (const executor of this.#live.values()) {
      executor.shutDown();
      executor.process?.kill(graceMs);
    }
  }

  /** Lets go of those that outlive the agent, and ends the others. */
  letGo(graceMs: number): void {
    this.#letsGo = graceMs;
    for (const executor of this.#live.values()) this.#letGo(executor, graceMs);
  }

  #letGo(executor: CustomExecutor, graceMs: number): void {
    executor.letGo();
    if (executor.process?.letGo === undefined) executor.process?.kill(graceMs);
    else executor.process.letGo();
  }

  async #start(record: ExecutorRecord, executor: CustomExecutor): Promise<void> {
    const { world, executorFor, fetcher, saveExecutor, agent } = this.#options;
    const { executorRegistrationMs = agentDefaults.executorRegistrationMs } = agent;
    const { directory, info } = record;
    try {
      await saveExecutor(record);
      await makeRunFolder(directory, world.sandboxes);
      const problem = await executor.volumesChanged();
      if (problem !== undefined) throw new Error(problem);
      const launch = this.#launchOf(record);
      await fetcher.fetch({ ...launch, command: info.command });
      const process = await executorFor(launch.task).launch(launch);
      executor.started(process, executorRegistrationMs);
      await this.#follow(record, executor, process);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      world.log(`Executor ${info.executor_id.value} of framework ${record.frameworkId}: ${message}`);
      // Where Mesos's own launcher says it.
      await world.sandboxes.append(`${directory}/stderr`, `${message}\n`).catch(() => undefined);
      this.#ended(record, executor, { succeeded: false, message, status: 256 });
    }
  }

  async #follow(record: ExecutorRecord, executor: CustomExecutor, process: RunningTask) {
    const { agent, world } = this.#options;
    if (this.#letsGo !== undefined) this.#letGo(executor, this.#letsGo);
    const forget = await recordProcess(agent.workDir, record.directory, process.processId, world);
    const end = await process.ended;
    if (end === undefined) return;
    await forget();
    this.#ended(record, executor, end);
  }

  #ended(record: ExecutorRecord, executor: CustomExecutor, end: TaskEnd): void {
    this.#live.delete(record);
    executor.ended(end);
    this.#options.onExecutorEnd(record, end.status);
  }

  #add(record: ExecutorRecord): CustomExecutor {
    const { world, agent, showVolumes: show } = this.#options;
    const executor: CustomExecutor = new CustomExecutor({
      record,
      volumes: new ProgramVolumes({ record, workDir: agent.workDir, show, sandboxes: world.sandboxes }),
      shutdownGraceMs: graceMsOf(record, agent),
      subscribed: () => this.#subscribed(record),
      droppedState: () => droppedState(this.#infoOf(record)),
      onStatus: (task, status) => this.#take(task, this.#complete(record, executor, status)),
      onStrayStatus: (status) => {
        this.#options.onStatus(record.frameworkId, { ...status, agent_id: { value: record.agentId } });
      },
      onWords: (task, words) => {
        void this.#take(task, fromAgent(task, words));
      },
    });
    this.#live.set(record, executor);
    return executor;
  }

  #launchOf(record: ExecutorRecord): TaskLaunch {
    return launchOf(record, this.#infoOf(record), this.#options);
  }

  #infoOf({ frameworkId }: ExecutorRecord): FrameworkInfo {
    return this.#options.table.infoOf(frameworkId);
  }

  #subscribed(record: ExecutorRecord): ExecutorEvent {
    const subscribed = {
      executor_info: record.info,
      framework_info: { ...this.#infoOf(record), id: { value: record.frameworkId } },
      agent_info: this.#options.agentInfo(),
      container_id: { value: record.containerId },
    };
    return { type: 'SUBSCRIBED', subscribed };
  }

  /** What the agent adds to an update of an executor. */
  #complete(record: ExecutorRecord, { process }: CustomExecutor, status: TaskStatus): TaskStatus {
    const ip = process?.ipAddress ?? this.#options.address.host;
    return {
      ...status,
      agent_id: { value: record.agentId },
      container_status: {
        container_id: { value: record.containerId },
        network_infos: [{ ip_addresses: [{ protocol: 'IPv4', ip_address: ip }] }],
        ...(process?.processId !== undefined && { executor_pid: process.processId }),
        ...(status.container_status as { readonly [name: string]: Json } | undefined),
      },
    };
  }

  #take(task: TaskRecord, status: TaskStatus): Promise<void> {
    const { table, onStatus } = this.#options;
    noteStatus(task, status);
    if (terminalStates.has(status.state)) void this.find(task.executor)?.volumesChanged();
    if (!task.isSilent) onStatus(task.frameworkId, status);
    else if (terminalStates.has(status.state)) table.complete(task);
    return this.#saveSoon(task);
  }

  #saveSoon(task: TaskRecord): Promise<void> {
    return this.#options.save(task).catch((error: unknown) => {
      this.#options.world.log(`Task ${task.task.task_id.value} was not checkpointed: ${String(error)}`);
    });
  }
}
