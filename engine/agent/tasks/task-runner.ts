import { randomUUID } from 'node:crypto';
import type { FrameworkInfo, TaskInfo, TaskStatus } from '../../../protocol/mesos.ts';
import type { AgentOptions, AgentWorld } from '../agent-options.ts';
import type { ContainerRecords } from '../containers/container-records.ts';
import { Containers } from '../containers/containers.ts';
import { idOfOwned } from '../containers/place.ts';
import { chooseExecutors } from '../executors/choose-executor.ts';
import type { Executor } from '../executors/executor.ts';
import { CustomExecutors, type CustomExecutorsOptions } from '../executors/custom/custom-executors.ts';
import type { Fetcher } from '../fetch/fetcher.ts';
import { Leftovers } from '../recovery/leftovers.ts';
import type { AgentAddress } from './task-environment.ts';
import { defaultGraceMs, ownGraceMs } from './kill-grace.ts';
import { limitContainer } from './limit-container.ts';
import type { Limitation } from './limitation.ts';
import { TaskGroups, type RunTaskGroup } from './task-groups.ts';
import { TaskLife } from './task-life.ts';
import { isSafeId, isTerminal, type TaskRecord, type ExecutorRecord } from './task-record.ts';
import type { TaskTable } from './task-table.ts';
import { statusWithoutTask } from './task-status.ts';
import { withinTime } from './within-time.ts';
import type { VolumeHolder } from '../volumes/show-volumes.ts';

/** The same for programs as for all tasks. */
type FromPrograms = 'save' | 'saveExecutor' | 'onExecutorEnd' | 'agentInfo';

export interface TaskRunnerOptions extends Pick<CustomExecutorsOptions, FromPrograms> {
  readonly agent: AgentOptions;
  readonly world: AgentWorld;
  readonly address: AgentAddress;
  readonly table: TaskTable;
  readonly fetcher: Fetcher;
  /** What runs containers, if it is Docker. */
  readonly docker?: Executor;
  /** Delivers an update; not called for tasks that are silent. */
  readonly onStatus: (frameworkId: string, status: TaskStatus) => void;
  /** Shows persistent volumes, or leaves that to what runs the task. @throws Error for what cannot be shown */
  readonly showVolumes: (holder: VolumeHolder) => Promise<void>;
  /** Keeps containers that were asked for on the operator API. */
  readonly containerRecords: ContainerRecords;
}

/** How long tasks may take to end by themselves when the agent stops: a lab is down within a second. */
export const stopGraceMs = 300;
/** Of the tasks of a framework that is torn down (executor_shutdown_grace_period less the executor's own second). */
const shutdownGraceMs = 4000;
/** Beyond the grace period: a Docker Engine that hangs must not keep an agent from stopping. */
const endMarginMs = 20_000;

/** Launches and kills tasks, and turns what happens to them into status updates. */
export class TaskRunner {
  readonly #options: TaskRunnerOptions;
  readonly #life: TaskLife;
  readonly #groups: TaskGroups;
  /** Programs of frameworks that run tasks. */
  readonly programs: CustomExecutors;
  /** Those that somebody asks the operator API for. */
  readonly containers: Containers;
  /** A promise for each task and each program that has not ended; none rejects. */
  readonly #work = new Set<Promise<void>>();
  readonly #leftovers: Leftovers;
  #isStopped = false;

  constructor(options: TaskRunnerOptions) {
    const { agent, world, address, table, fetcher, onStatus, save, saveExecutor, showVolumes } = options;
    this.#options = options;
    const { commands, executorFor } = chooseExecutors(agent, world, options.docker);
    this.programs = new CustomExecutors({ ...options, executorFor });
    this.containers = new Containers({
      agent,
      world,
      address,
      table,
      fetcher,
      commands,
      records: options.containerRecords,
    });
    const asked = () => this.containers.live.map(({ place }) => place.directory);
    this.#leftovers = new Leftovers(agent.workDir, world.processes, table, asked);
    this.#life = new TaskLife({
      workDir: agent.workDir,
      ...{ world, address, table, fetcher, onStatus, save, showVolumes },
      executorFor,
      defaultGraceMs: (task) => defaultGraceMs(task, agent),
      onEnd: (record) => {
        void this.#endNested(record);
        this.#groups.ended(record);
      },
      onProcessEnd: () => {
        if (!this.#isStopped) this.#leftovers.endSoon();
      },
    });
    this.#groups = new TaskGroups({
      ...{ workDir: agent.workDir, table, onStatus, saveExecutor, showVolumes },
      ...{ sandboxes: world.sandboxes, log: world.log },
      launch: (record, ready) => {
        this.#start((each) => this.#life.launch(each, ready), record);
      },
      kill: (record) => {
        this.#kill(record, undefined);
      },
      runOnProgram: (agentId, { framework_id: id, framework, tasks, is_single: isSingle }) => {
        const groupId = isSingle === true ? undefined : randomUUID();
        this.#track(this.programs.run(agentId, id.value, framework, tasks, groupId), `Executor of ${id.value}`);
      },
    });
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
    this.#start(this.#life.launch.bind(this.#life), table.add(frameworkId, info, agentId, task, randomUUID()));
  }

  runGroup(agentId: string, group: RunTaskGroup): void {
    if (!this.#isStopped) this.#groups.run(agentId, group);
  }

  /** Goes on with a program that a former agent had started. */
  recoverExecutor(executor: ExecutorRecord): void {
    this.#track(this.programs.recover(executor), `Executor ${executor.info.executor_id.value}`);
  }

  /** Goes on with a task that a former agent had, and that is in the table already. */
  recover(record: TaskRecord): void {
    this.#start(this.#life.recover.bind(this.#life), record);
  }

  /** @param graceMs of the KILL call; before that of the task's own kill policy */
  kill(agentId: string, frameworkId: string, taskId: string, graceMs: number | undefined): void {
    const { table } = this.#options;
    const record = table.find(frameworkId, taskId);
    if (record === undefined) {
      // As slave.cpp answers.
      const reason = 'REASON_EXECUTOR_TERMINATED';
      const message = 'Cannot find executor';
      this.#options.onStatus(frameworkId, statusWithoutTask(agentId, taskId, 'TASK_LOST', reason, message));
      return;
    }
    this.#kill(record, graceMs);
  }

  #kill(record: TaskRecord, graceMs: number | undefined): void {
    if (isTerminal(record)) return;
    const program = this.programs.find(record.executor);
    if (program !== undefined) {
      program.kill(record, graceMs);
      return;
    }
    this.#life.kill(record, graceMs ?? ownGraceMs(record.task, this.#options.agent));
  }

  /** A container has used something up. */
  limit(owner: TaskRecord | ExecutorRecord, limitation: Limitation): void {
    limitContainer(owner, limitation, { programs: this.programs, life: this.#life });
  }

  /** SHUTDOWN of a scheduler: a program is asked to end, and is ended after a while; a group's tasks are killed. */
  shutdownExecutor(frameworkId: string, executorId: string): void {
    const executor = this.#options.table.findExecutor(frameworkId, executorId);
    const program = this.programs.find(executor);
    if (program !== undefined) program.shutDown();
    else for (const record of [...(executor?.tasks ?? [])]) this.#kill(record, undefined);
  }

  /** Kills the tasks of a framework, without updates. */
  shutdownFramework(frameworkId: string): void {
    for (const record of this.#options.table.frameworks.get(frameworkId)?.tasks.values() ?? []) {
      this.#endSilently(record, shutdownGraceMs);
    }
    this.programs.shutDown(frameworkId);
  }

  /** Ends all tasks, without updates; resolves when there are none. */
  async endAll(graceMs: number): Promise<void> {
    const ended = this.containers.endAll();
    for (const record of [...this.#options.table.active()]) this.#endSilently(record, graceMs);
    this.programs.endAll(graceMs);
    await ended;
    await this.#workWithin(graceMs + endMarginMs);
    await this.#leftovers.endNow();
  }

  /** Ends all tasks, without updates. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopped = true;
    await this.endAll(graceMs);
  }

  /** Lets go of the tasks that outlive the agent and ends the others, without updates. */
  async letGo(graceMs: number): Promise<void> {
    this.#isStopped = true;
    await this.containers.letGo();
    this.#life.letGo();
    for (const record of [...this.#options.table.active()]) {
      if (record.running?.letGo === undefined && this.programs.find(record.executor) === undefined) {
        this.#endSilently(record, graceMs);
      }
    }
    this.programs.letGo(graceMs);
    await this.#workWithin(graceMs + endMarginMs);
    await this.#leftovers.endNow();
  }

  async #endNested(record: TaskRecord): Promise<void> {
    this.containers.ownerEnded(idOfOwned(record), (await record.running?.ended)?.status);
  }

  #endSilently(record: TaskRecord, graceMs: number): void {
    record.isSilent = true;
    if (isTerminal(record)) this.#options.table.complete(record);
    // A program is asked to end as a whole.
    else if (this.programs.find(record.executor) === undefined) this.#life.kill(record, graceMs);
  }

  #start(live: (record: TaskRecord) => Promise<void>, record: TaskRecord): void {
    this.#track(live(record), `Task ${record.task.task_id.value}`);
  }

  #track(done: Promise<void> | undefined, what: string): void {
    if (done === undefined) return;
    const work = done.catch((error: unknown) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#options.world.log(`${what}: ${text}`);
    });
    this.#work.add(work);
    void work.then(() => this.#work.delete(work));
  }

  async #workWithin(ms: number): Promise<void> {
    if (await withinTime(Promise.all(this.#work), ms)) return;
    this.#options.world.log(`${this.#work.size} tasks have not ended within ${ms / 1000} s`);
  }
}
