import type { AgentEvent } from '../../../protocol/agent-api.ts';
import type { TaskStatus } from '../../../protocol/mesos.ts';
import type { TaskRecord } from './task-record.ts';
import type { TaskTable } from './task-table.ts';

export type DrainConfig = Extract<AgentEvent, { readonly type: 'DRAIN' }>['drain'];

/** What is told of it. */
export interface DrainView {
  readonly config: DrainConfig;
  readonly startedAt: number;
}

interface Drain extends DrainView {
  /** What ran when it began. */
  readonly tasks: readonly TaskRecord[];
}

/** What an agent does once it is told to drain (src/slave/slave.cpp, Slave::drain): all that runs is killed. */
export class Draining {
  readonly #table: TaskTable;
  #last: Drain | undefined;

  constructor(table: TaskTable) {
    this.#table = table;
  }

  /** Until each task is completed: its last update is acknowledged, or nobody waits for it. */
  get current(): Drain | undefined {
    const isThere = ({ frameworkId, task }: TaskRecord) => this.#table.find(frameworkId, task.task_id.value);
    if (this.#last?.tasks.some((record) => isThere(record) === record) !== true) this.#last = undefined;
    return this.#last;
  }

  /** @param kill kills a task, no later than after the grace period if one is given */
  begin(config: DrainConfig, kill: (frameworkId: string, taskId: string, graceMs: number | undefined) => void): void {
    const tasks = [...this.#table.active()];
    this.#last = { config, startedAt: this.current?.startedAt ?? Date.now(), tasks };
    const { max_grace_period: max } = config;
    for (const { frameworkId, task } of tasks) {
      const own = task.kill_policy?.grace_period?.nanoseconds ?? Infinity;
      kill(frameworkId, task.task_id.value, max && Math.max(0, Math.min(own, max.nanoseconds)) / 1e6);
    }
  }

  /** What a status says of a task that ends because of this. */
  mark(frameworkId: string, status: TaskStatus): TaskStatus {
    const { state } = status;
    const { config } = (state === 'TASK_KILLING' || state === 'TASK_KILLED' ? this.current : undefined) ?? {};
    if (config === undefined) return status;
    const marked: TaskStatus = {
      ...status,
      state: config.mark_gone && state === 'TASK_KILLED' ? 'TASK_GONE_BY_OPERATOR' : state,
      reason: 'REASON_AGENT_DRAINING',
    };
    const record = this.#table.find(frameworkId, status.task_id.value);
    if (record?.statuses.at(-1) === status) {
      record.statuses[record.statuses.length - 1] = marked;
      record.state = marked.state;
    }
    return marked;
  }
}
