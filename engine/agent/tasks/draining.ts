import type { AgentEvent } from '../../../protocol/agent-api.ts';
import type { TaskStatus } from '../../../protocol/mesos.ts';
import type { TaskTable } from './task-table.ts';

type DrainConfig = Extract<AgentEvent, { readonly type: 'DRAIN' }>['drain'];

/** What an agent does once it is told to drain (src/slave/slave.cpp, Slave::drain): all that runs is killed. */
export class Draining {
  readonly #table: TaskTable;
  #current: { readonly config: DrainConfig; readonly startedAt: number } | undefined;

  constructor(table: TaskTable) {
    this.#table = table;
  }

  /** Until the last update of each task is acknowledged. */
  get current() {
    return this.#current;
  }

  /** @param kill kills a task, no later than after the grace period if one is given */
  begin(config: DrainConfig, kill: (frameworkId: string, taskId: string, graceMs: number | undefined) => void): void {
    this.#current = { config, startedAt: this.#current?.startedAt ?? Date.now() };
    const { max_grace_period: max } = config;
    for (const { frameworkId, task } of [...this.#table.active()]) {
      const own = task.kill_policy?.grace_period?.nanoseconds ?? Infinity;
      kill(frameworkId, task.task_id.value, max && Math.max(0, Math.min(own, max.nanoseconds)) / 1e6);
    }
    this.endIfIdle();
  }

  /** A task may have been the last one. */
  endIfIdle(): void {
    for (const _ of this.#table.active()) return;
    this.#current = undefined;
  }

  /** What a status says of a task that ends because of this. */
  mark(frameworkId: string, status: TaskStatus): TaskStatus {
    const { state } = status;
    if (this.#current === undefined || (state !== 'TASK_KILLING' && state !== 'TASK_KILLED')) return status;
    const isGone = this.#current.config.mark_gone && state === 'TASK_KILLED';
    const marked: TaskStatus = {
      ...status,
      state: isGone ? 'TASK_GONE_BY_OPERATOR' : state,
      reason: 'REASON_AGENT_DRAINING',
    };
    const statuses = this.#table.find(frameworkId, status.task_id.value)?.statuses;
    if (statuses?.at(-1) === status) statuses[statuses.length - 1] = marked;
    return marked;
  }
}
