import { terminalStates, type TaskStatus } from '../../../protocol/mesos.ts';
import { taskFinished } from '../runs/completion.ts';
import type { JobScheduler } from '../runs/job-scheduler.ts';
import type { Run } from '../runs/run.ts';
import type { SharedParts } from '../runs/shared-parts.ts';
import { parseTaskId } from '../runs/task-id.ts';

const running: ReadonlySet<string> = new Set(['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING']);

/** Takes what Mesos says of tasks, and acknowledges it once it is saved (MesosJobFramework.statusUpdate of Chronos). */
export class StatusUpdates {
  readonly #parts: SharedParts;
  readonly #scheduler: JobScheduler;

  constructor(parts: SharedParts, scheduler: JobScheduler) {
    this.#parts = parts;
    this.#scheduler = scheduler;
  }

  handle(status: TaskStatus): void {
    const run = this.#runOf(status);
    // Of a task that has ended it is old, or comes because the master has forgotten it.
    if (run !== undefined && run.state !== 'unreported') this.#update(run, status);
    const { uuid, agent_id, task_id } = status;
    if (uuid === undefined || agent_id === undefined) return;
    // Unsaved, it would be lost if Chronos died now: then it will be sent again.
    void this.#parts.store.flush().then((isSaved) => {
      if (isSaved) void this.#parts.call({ type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id, uuid } });
    });
  }

  /** Of a task that runs and is not known, too: a leader that could not save it any more has launched it. */
  #runOf({ task_id, state, agent_id }: TaskStatus): Run | undefined {
    const { runs, book } = this.#parts;
    const known = runs.get(task_id.value);
    if (known !== undefined) {
      // It was launched after all, though nobody answered so.
      if (known.state === 'queued') this.#scheduler.queue.taken(known);
      return known;
    }
    const parts = parseTaskId(task_id.value);
    if (parts === undefined || book.get(parts.jobName) === undefined || !running.has(state)) return undefined;
    const agentId = agent_id === undefined ? {} : { agentId: agent_id.value };
    const found: Run = { taskId: task_id.value, ...parts, state: 'launched', ...agentId };
    runs.put(found);
    return found;
  }

  #update(run: Run, status: TaskStatus): void {
    const { state, message = '', reason = '' } = status;
    if (running.has(state)) this.#scheduler.started(run, status);
    else if (state === 'TASK_FINISHED') taskFinished(run, this.#parts, this.#scheduler);
    else if (state === 'TASK_KILLED') this.#scheduler.killed(run);
    else if (terminalStates.has(state) || state === 'TASK_UNKNOWN') {
      this.#scheduler.failed(run, [state, reason, message].filter((word) => word !== '').join(': '));
    }
  }
}
