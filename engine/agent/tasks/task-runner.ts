import { randomUUID } from 'node:crypto';
import type { FrameworkInfo, TaskInfo, TaskStatus } from '../../../protocol/mesos.ts';
import type { AgentOptions, AgentWorld } from '../agent-options.ts';
import { chooseExecutor } from '../executors/choose-executor.ts';
import type { Executor, TaskLaunch } from '../executors/executor.ts';
import type { Fetcher } from '../fetch/fetcher.ts';
import { Leftovers } from '../recovery/leftovers.ts';
import type { AgentAddress } from './task-environment.ts';
import { TaskLife } from './task-life.ts';
import { isSafeId, isTerminal, type TaskRecord, type TaskTable } from './task-record.ts';
import { statusWithoutTask } from './task-status.ts';

export interface TaskRunnerOptions {
  readonly agent: AgentOptions;
  readonly world: AgentWorld;
  readonly address: AgentAddress;
  readonly table: TaskTable;
  readonly fetcher: Fetcher;
  /** What runs containers, if it is Docker. */
  readonly docker?: Executor;
  /** Delivers an update; not called for tasks that are silent. */
  readonly onStatus: (frameworkId: string, status: TaskStatus) => void;
  /** Keeps what a task is now. @throws the system's error */
  readonly save: (record: TaskRecord) => Promise<void>;
  /** Shows a task its persistent volumes, or leaves that to its executor. @throws Error for what cannot be shown */
  readonly showVolumes: (launch: TaskLaunch) => Promise<void>;
}

/** How long tasks may take to end by themselves when the agent stops: a lab is down within a second. */
export const stopGraceMs = 300;
/** Of Mesos's command executor, for tasks without a kill policy. */
const commandGraceMs = 3000;
/** Of the tasks of a framework that is torn down (executor_shutdown_grace_period less the executor's own second). */
const shutdownGraceMs = 4000;
/** Beyond the grace period: a Docker Engine that hangs must not keep an agent from stopping. */
const endMarginMs = 20_000;

/** Launches and kills tasks, and turns what happens to them into status updates. */
export class TaskRunner {
  readonly #options: TaskRunnerOptions;
  readonly #life: TaskLife;
  /** A promise for each task that has not ended; none rejects. */
  readonly #work = new Set<Promise<void>>();
  readonly #leftovers: Leftovers;
  #isStopped = false;

  constructor(options: TaskRunnerOptions) {
    const { agent, world, address, table, fetcher, onStatus, save, showVolumes } = options;
    this.#options = options;
    this.#leftovers = new Leftovers(agent.workDir, world.processes, table);
    this.#life = new TaskLife({
      workDir: agent.workDir,
      ...{ world, address, table, fetcher, onStatus, save, showVolumes },
      executorFor: chooseExecutor(agent, world, options.docker),
      defaultGraceMs: (task) => defaultGraceMs(task, agent),
      onProcessEnd: () => {
        if (!this.#isStopped) this.#leftovers.endSoon();
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

  /** Goes on with a task that a former agent had, and that is in the table already. */
  recover(record: TaskRecord): void {
    this.#start(this.#life.recover.bind(this.#life), record);
  }

  /** @param graceMs of the KILL call; before that of the task's own kill policy */
  kill(agentId: string, frameworkId: string, taskId: string, graceMs: number | undefined): void {
    const { table, agent } = this.#options;
    const record = table.find(frameworkId, taskId);
    if (record === undefined) {
      // As slave.cpp answers.
      const reason = 'REASON_EXECUTOR_TERMINATED';
      const message = 'Cannot find executor';
      this.#options.onStatus(frameworkId, statusWithoutTask(agentId, taskId, 'TASK_LOST', reason, message));
      return;
    }
    if (isTerminal(record)) return;
    const policy = record.task.kill_policy?.grace_period?.nanoseconds;
    const ownMs = policy === undefined ? defaultGraceMs(record.task, agent) : policy / 1e6;
    this.#life.kill(record, graceMs ?? ownMs);
  }

  /** Kills the tasks of a framework, without updates. */
  shutdownFramework(frameworkId: string): void {
    for (const record of this.#options.table.frameworks.get(frameworkId)?.tasks.values() ?? []) {
      this.#endSilently(record, shutdownGraceMs);
    }
  }

  /** Ends all tasks, without updates; resolves when there are none. */
  async endAll(graceMs: number): Promise<void> {
    for (const record of [...this.#options.table.active()]) this.#endSilently(record, graceMs);
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
    this.#life.letGo();
    for (const record of [...this.#options.table.active()]) {
      if (record.running?.letGo === undefined) this.#endSilently(record, graceMs);
    }
    await this.#workWithin(graceMs + endMarginMs);
    await this.#leftovers.endNow();
  }

  #endSilently(record: TaskRecord, graceMs: number): void {
    record.isSilent = true;
    if (isTerminal(record)) this.#options.table.complete(record);
    else this.#life.kill(record, graceMs);
  }

  #start(live: (record: TaskRecord) => Promise<void>, record: TaskRecord): void {
    const work = live(record).catch((error: unknown) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#options.world.log(`Task ${record.task.task_id.value}: ${text}`);
    });
    this.#work.add(work);
    void work.then(() => this.#work.delete(work));
  }

  async #workWithin(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, ms, 'late');
    });
    const result = await Promise.race([Promise.all(this.#work), late]);
    clearTimeout(timer);
    if (result === 'late') this.#options.world.log(`${this.#work.size} tasks have not ended within ${ms / 1000} s`);
  }
}

const defaultGraceMs = ({ container }: TaskInfo, { dockerTasks }: AgentOptions) =>
  typeof dockerTasks !== 'string' && container?.docker !== undefined ? dockerTasks.stopTimeoutMs : commandGraceMs;
