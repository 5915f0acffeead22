import { randomUUID } from 'node:crypto';
import type { AgentEvent, ExecutorName } from '../../protocol/agent-api.ts';
import {
  hasCapability,
  type ExecutorId,
  type FrameworkInfo,
  type TaskInfo,
  type TaskState,
  type TaskStatus,
} from '../../protocol/mesos.ts';
import type { DrainConfig } from '../agent/tasks/draining.ts';
import { parseHealthCheck } from '../agent/tasks/health-check.ts';
import type { RunTaskGroup } from '../agent/tasks/task-groups.ts';
import { isSafeId } from '../agent/tasks/task-record.ts';
import { statusWithoutTask, type StatusDetails } from '../agent/tasks/task-status.ts';
import { drawn, type TaskBehaviour } from './simulation-options.ts';
import {
  isOver,
  newTask,
  nextStatus,
  simulatedWords,
  type SimulatedGroup,
  type SimulatedTask,
} from './simulated-task.ts';
import { cancel, type Timetable } from './timetable.ts';

export interface TaskSurroundings {
  readonly ip: string;
  readonly tasks: TaskBehaviour;
  readonly timetable: Timetable;
  readonly random: () => number;
  /** By id: what was last said of them. */
  readonly frameworks: Map<string, FrameworkInfo>;
}

type RunTask = Extract<AgentEvent, { readonly type: 'RUN_TASK' }>['run_task'];

/** The tasks of one simulated agent: what becomes of them, in the states and reasons of a real one (task-runner.ts). */
export class SimulatedTasks {
  readonly #around: TaskSurroundings;
  readonly #onStatus: (frameworkId: string, status: TaskStatus) => void;
  readonly #onExecutorEnd: (frameworkId: string, executorId: ExecutorId) => void;
  readonly #tasks = new Map<string, SimulatedTask>();

  /**
   * @param onStatus delivers an update
   * @param onExecutorEnd the last task of an executor is forgotten
   */
  constructor(
    around: TaskSurroundings,
    onStatus: (frameworkId: string, status: TaskStatus) => void,
    onExecutorEnd: (frameworkId: string, executorId: ExecutorId) => void,
  ) {
    this.#around = around;
    this.#onStatus = onStatus;
    this.#onExecutorEnd = onExecutorEnd;
  }

  /** Those that run, and those that ended but whose last update is not acknowledged. */
  list(): Iterable<SimulatedTask> {
    return this.#tasks.values();
  }

  has({ frameworkId, taskId }: SimulatedTask): boolean {
    return this.#tasks.has(keyOf(frameworkId, taskId));
  }

  /** The tasks of a group: when one fails or is killed, so are the others (task-groups.ts). */
  runGroup(agentId: string, { framework, framework_id, executor, tasks }: RunTaskGroup): void {
    const [other] = this.#tasksOf(framework_id.value, executor.executor_id);
    // An executor that is there takes the group.
    const group: SimulatedGroup = { executor, containerId: other?.group?.containerId ?? randomUUID() };
    for (const task of tasks) this.run(agentId, { framework, framework_id, task }, group);
  }

  run(
    agentId: string,
    { framework, framework_id: { value: frameworkId }, task }: RunTask,
    group?: SimulatedGroup,
  ): void {
    const { frameworks, tasks, timetable, random } = this.#around;
    const taskId = task.task_id.value;
    const key = keyOf(frameworkId, taskId);
    if (this.#tasks.has(key)) return;
    if (!isSafeId(taskId) || !isSafeId(frameworkId)) {
      const message = `'${taskId}' contains invalid characters`;
      const reason = 'REASON_TASK_INVALID';
      this.#onStatus(frameworkId, statusWithoutTask(agentId, taskId, 'TASK_ERROR', reason, message));
      return;
    }
    frameworks.set(frameworkId, framework);
    const record = newTask(agentId, frameworkId, task, randomUUID(), group);
    this.#tasks.set(key, record);
    const delayMs = drawn(tasks.startDelay, random);
    if (delayMs <= 0) this.#start(record, task);
    else {
      record.next = timetable.at(delayMs, () => {
        this.#start(record, task);
      });
    }
  }

  /** @param drain the agent is told to drain: it says so of the task (draining.ts) */
  kill(agentId: string, frameworkId: string, taskId: string, drain?: DrainConfig): void {
    const record = this.#tasks.get(keyOf(frameworkId, taskId));
    if (record === undefined) {
      // As slave.cpp answers.
      const message = 'Cannot find executor';
      const reason = 'REASON_EXECUTOR_TERMINATED';
      this.#onStatus(frameworkId, statusWithoutTask(agentId, taskId, 'TASK_LOST', reason, message));
      return;
    }
    if (isOver(record)) return;
    const reason = drain === undefined ? nothing : draining;
    const state = drain?.mark_gone === true ? 'TASK_GONE_BY_OPERATOR' : 'TASK_KILLED';
    if (record.state === 'TASK_STAGING') {
      this.#end(record, state, { ...killedDuringLaunch, ...reason }, drain);
      return;
    }
    const info = this.#around.frameworks.get(frameworkId);
    if (info !== undefined && hasCapability(info, 'TASK_KILLING_STATE')) this.#update(record, 'TASK_KILLING', reason);
    this.#end(record, state, { ...killed, ...reason }, drain);
  }

  shutdownExecutor({ framework_id: frameworkId, executor_id: executorId }: ExecutorName): void {
    for (const task of this.#tasksOf(frameworkId.value, executorId)) {
      if (!isOver(task)) this.kill(task.agentId, task.frameworkId, task.taskId);
    }
  }

  /** The last update of a task was acknowledged. */
  forget(frameworkId: string, taskId: string): void {
    const key = keyOf(frameworkId, taskId);
    const task = this.#tasks.get(key);
    if (task === undefined || !isOver(task)) return;
    this.#tasks.delete(key);
    if (task.group === undefined) return;
    const { executor_id: executorId } = task.group.executor;
    if (this.#tasksOf(frameworkId, executorId).length === 0) this.#onExecutorEnd(frameworkId, executorId);
  }

  /** Ends all, or those of a framework, without a word. */
  endAll(frameworkId?: string): void {
    for (const [key, task] of this.#tasks) {
      if (frameworkId !== undefined && task.frameworkId !== frameworkId) continue;
      forgetPlans(task);
      this.#tasks.delete(key);
    }
  }

  #tasksOf(frameworkId: string, { value }: ExecutorId): readonly SimulatedTask[] {
    return [...this.#tasks.values()].filter(
      (task) => task.frameworkId === frameworkId && task.group?.executor.executor_id.value === value,
    );
  }

  #start(record: SimulatedTask, task: TaskInfo): void {
    const { tasks, timetable, random } = this.#around;
    record.next = undefined;
    this.#update(record, 'TASK_STARTING', nothing);
    this.#update(record, 'TASK_RUNNING', running);
    const check = parseHealthCheck(task);
    if (check !== undefined) {
      record.healthCheck = timetable.at(check.delayMs, () => {
        this.#update(record, 'TASK_RUNNING', healthy);
      });
    }
    if (random() < tasks.crashRate) {
      this.#endLater(record, drawn(tasks.crashAfter, random), 'TASK_FAILED', simulatedWords.crashed);
    } else if (tasks.endAfter !== undefined) {
      this.#endLater(record, drawn(tasks.endAfter, random), 'TASK_FINISHED', simulatedWords.finished);
    }
  }

  #endLater(record: SimulatedTask, ms: number, state: TaskState, message: string): void {
    record.next = this.#around.timetable.at(ms, () => {
      this.#end(record, state, { message });
    });
  }

  #end(record: SimulatedTask, state: TaskState, details: StatusDetails, drain?: DrainConfig): void {
    forgetPlans(record);
    this.#update(record, state, details);
    if (record.group === undefined || state === 'TASK_FINISHED') return;
    for (const other of [...this.#tasks.values()]) {
      if (other.group === record.group) this.kill(other.agentId, other.frameworkId, other.taskId, drain);
    }
  }

  #update(record: SimulatedTask, state: TaskState, details: StatusDetails): void {
    if (isOver(record)) return;
    this.#onStatus(record.frameworkId, nextStatus(record, this.#around.ip, state, details));
  }
}

const nothing: StatusDetails = {};
const running: StatusDetails = { message: simulatedWords.running };
const killed: StatusDetails = { message: simulatedWords.killed };
const killedDuringLaunch: StatusDetails = {
  source: 'SOURCE_AGENT',
  reason: 'REASON_TASK_KILLED_DURING_LAUNCH',
  message: 'Killed before it was launched',
};
const draining: StatusDetails = { reason: 'REASON_AGENT_DRAINING' };
const healthy: StatusDetails = {
  healthy: true,
  reason: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED',
  message: simulatedWords.healthy,
};

const keyOf = (frameworkId: string, taskId: string) => `${frameworkId}\0${taskId}`;

function forgetPlans(task: SimulatedTask): void {
  cancel(task.next);
  cancel(task.healthCheck);
  task.next = undefined;
  task.healthCheck = undefined;
}
