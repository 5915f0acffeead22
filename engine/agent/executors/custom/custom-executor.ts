import { formatDuration } from '../../../../protocol/duration-units.ts';
import type { TaskInfo, TaskStatus } from '../../../../protocol/mesos.ts';
import type { EventStream } from '../../../master/records.ts';
import type { Limitation } from '../../tasks/limitation.ts';
import { isTerminal, type TaskRecord, type ExecutorRecord } from '../../tasks/task-record.ts';
import type { ProgramVolumes } from '../../volumes/program-volumes.ts';
import type { RunningTask, TaskEnd } from '../executor.ts';
import { limitedWords, terminated, type AgentWords } from './agent-words.ts';
import type { ExecutorEvent, Subscribe } from './executor-messages.ts';

export interface CustomExecutorOptions {
  readonly record: ExecutorRecord;
  readonly volumes: Pick<ProgramVolumes, 'update'>;
  readonly shutdownGraceMs: number;
  readonly subscribed: () => ExecutorEvent;
  /** TASK_DROPPED, or TASK_LOST for a framework that does not know it. */
  readonly droppedState: () => 'TASK_DROPPED' | 'TASK_LOST';
  /** Takes an update of a task that the executor has; resolves when it is kept. */
  readonly onStatus: (task: TaskRecord, status: TaskStatus) => Promise<void>;
  /** Passes on an update of a task that it was never given. */
  readonly onStrayStatus: (status: TaskStatus) => void;
  /** The agent says what became of a task. */
  readonly onWords: (task: TaskRecord, words: AgentWords) => void;
}

/** A program that runs tasks of its framework, and what it is told and says (src/slave/slave.cpp). */
export class CustomExecutor {
  readonly #options: CustomExecutorOptions;
  /** What it is to be given as soon as it subscribes; several together are a group. */
  #queue: (readonly TaskRecord[])[] = [];
  #stream: EventStream<ExecutorEvent> | undefined;
  /** Until it subscribes, or ends after it was asked to. */
  #timer: NodeJS.Timeout | undefined;
  #why = terminated;
  #isShuttingDown = false;
  /** Of the queue, those whose volumes are not there yet. */
  readonly #waiting = new Set<readonly TaskRecord[]>();
  #hasFailed = false;

  constructor(options: CustomExecutorOptions) {
    this.#options = options;
  }

  get isSubscribed(): boolean {
    return this.#stream !== undefined;
  }

  get process(): RunningTask | undefined {
    return this.#options.record.running;
  }

  /** Its process runs: now it has so long to subscribe. */
  started(process: RunningTask, registrationMs: number): void {
    const message = `Executor did not register within ${formatDuration(registrationMs)}`;
    const why: AgentWords = { state: 'TASK_FAILED', reason: 'REASON_EXECUTOR_REGISTRATION_TIMEOUT', message };
    this.#awaitSubscription(process, registrationMs, why);
  }

  /** It runs since before its agent restarted: so long it has to subscribe again. */
  recovered(process: RunningTask, reregistrationMs: number): void {
    const message = `Executor did not reregister within ${formatDuration(reregistrationMs)}`;
    const reason = 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT';
    this.#awaitSubscription(process, reregistrationMs, { state: this.#goneState(), reason, message });
  }

  #awaitSubscription(process: RunningTask, waitMs: number, why: AgentWords): void {
    this.#options.record.running = process;
    const isOver = this.#isShuttingDown || this.#hasFailed;
    if (isOver) process.kill(0);
    if (this.#stream !== undefined || isOver) return;
    this.#timer = setTimeout(() => {
      this.#why = why;
      process.kill(0);
    }, waitMs).unref();
  }

  launch(tasks: readonly TaskRecord[]): void {
    this.#queue.push(tasks);
    const shown = this.volumesChanged();
    if (shown !== undefined) {
      this.#waiting.add(tasks);
      void shown.then((problem) => {
        if (problem === undefined) this.#waiting.delete(tasks);
        this.#deliver();
      });
    }
    this.#deliver();
  }

  /** A task came or went: resolves when its sandbox has the volumes of all, or with why it cannot, and then it ends. */
  volumesChanged(): Promise<string | undefined> | undefined {
    return this.#options.volumes.update()?.then(
      () => undefined,
      (error: unknown) => {
        const problem = error instanceof Error ? error.message : String(error);
        this.#fail(problem);
        return problem;
      },
    );
  }

  subscribe(stream: EventStream<ExecutorEvent>, { unacknowledged_tasks: given = [], ...rest }: Subscribe): void {
    this.#stream?.close();
    this.#stream = stream;
    if (!this.#isShuttingDown) clearTimeout(this.#timer);
    this.#send(this.#options.subscribed());
    for (const { status } of rest.unacknowledged_updates ?? []) this.update(status);
    this.#dropUndelivered(new Set(given.map(({ task_id: id }) => id.value)));
    this.#deliver();
    for (const task of this.#options.record.tasks) {
      if (task.killGraceMs !== undefined && !isTerminal(task)) this.#sendKill(task);
    }
    if (this.#isShuttingDown) this.#send({ type: 'SHUTDOWN' });
  }

  /** A client is gone. */
  unsubscribed(stream: EventStream<ExecutorEvent>): void {
    if (this.#stream === stream) this.#stream = undefined;
  }

  update(given: TaskStatus): void {
    // As createStatusUpdate of src/common/protobuf_utils.cpp: its scheduler is always told when.
    const status = { ...given, timestamp: given.timestamp ?? Date.now() / 1000 };
    const { record, onStatus, onStrayStatus } = this.#options;
    const task = [...record.tasks].find((each) => each.task.task_id.value === status.task_id.value);
    if (task === undefined) {
      onStrayStatus(status);
      return;
    }
    const acknowledged = { task_id: status.task_id, uuid: status.uuid ?? '' };
    const isKnown = isTerminal(task) || task.statuses.some(({ uuid }) => uuid === status.uuid);
    void (isKnown ? Promise.resolve() : onStatus(task, status)).then(() => {
      this.#send({ type: 'ACKNOWLEDGED', acknowledged });
    });
  }

  /** @param graceMs of the KILL call; default: the executor's own */
  kill(task: TaskRecord, graceMs: number | undefined): void {
    const { record, onWords } = this.#options;
    // All of a group, or none.
    const killed = this.#queue.find((tasks) => tasks.includes(task));
    if (killed === undefined) {
      task.killGraceMs = graceMs ?? 0;
      this.#sendKill(task, graceMs);
      return;
    }
    this.#queue = this.#queue.filter((tasks) => tasks !== killed);
    const reason = 'REASON_TASK_KILLED_DURING_LAUNCH';
    const message = 'Killed before delivered to the executor';
    for (const each of killed) onWords(each, { state: 'TASK_KILLED', reason, message });
    if ([...record.tasks].every(isTerminal)) this.shutDown();
  }

  message(data: string): void {
    this.#send({ type: 'MESSAGE', message: { data } });
  }

  /** Asks it to end, and makes it after a time. */
  shutDown(): void {
    if (this.#isShuttingDown) return;
    this.#isShuttingDown = true;
    this.#send({ type: 'SHUTDOWN' });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.process?.kill(0), this.#options.shutdownGraceMs).unref();
  }

  /** It has used something up, and ends at once. */
  limit(limitation: Limitation): void {
    this.#why = limitedWords(limitation);
    this.process?.kill(0);
  }

  /** Its process has ended, or never was: so have its tasks. */
  ended(end: TaskEnd | undefined): void {
    const { record, onWords } = this.#options;
    clearTimeout(this.#timer);
    this.#stream?.close();
    this.#stream = undefined;
    const { reason, message } = end ?? {};
    const why = reason === undefined ? this.#why : { state: this.#why.state, reason, message: message ?? '' };
    for (const task of [...record.tasks]) if (!isTerminal(task)) onWords(task, why);
  }

  letGo(): void {
    clearTimeout(this.#timer);
    this.#stream?.close();
    this.#stream = undefined;
  }

  /** Gives it what it can have now. */
  #deliver(): void {
    if (this.#stream === undefined) return;
    const ready = this.#queue.filter((tasks) => !this.#waiting.has(tasks));
    this.#queue = this.#queue.filter((tasks) => this.#waiting.has(tasks));
    for (const tasks of ready) this.#send(toLaunch(tasks));
  }

  #goneState(): 'TASK_LOST' | 'TASK_GONE' {
    return this.#options.droppedState() === 'TASK_LOST' ? 'TASK_LOST' : 'TASK_GONE';
  }

  /** Its container cannot have what it must have: it ends with all its tasks (Slave::___run). */
  #fail(message: string): void {
    this.#hasFailed = true;
    const isLaunched = this.process !== undefined;
    this.#why = isLaunched
      ? {
          state: this.#goneState(),
          reason: 'REASON_CONTAINER_UPDATE_FAILED',
          message: `Failed to update resources for container: ${message}`,
        }
      : { state: 'TASK_FAILED', reason: 'REASON_CONTAINER_LAUNCH_FAILED', message };
    this.process?.kill(0);
  }

  /** What it was given while its stream broke, and does not know of, or while there was no agent. */
  #dropUndelivered(known: ReadonlySet<string>): void {
    const { record, onWords, droppedState } = this.#options;
    for (const task of [...record.tasks]) {
      const isThere = known.has(task.task.task_id.value) || this.#queue.some((tasks) => tasks.includes(task));
      if (task.state !== 'TASK_STAGING' || isThere) continue;
      const message = 'Task launched during agent restart';
      onWords(task, { state: droppedState(), reason: 'REASON_AGENT_RESTARTED', message });
    }
  }

  #sendKill(task: TaskRecord, graceMs?: number): void {
    const policy = graceMs === undefined ? {} : { kill_policy: { grace_period: { nanoseconds: graceMs * 1e6 } } };
    this.#send({ type: 'KILL', kill: { task_id: task.task.task_id, ...policy } });
  }

  #send(event: ExecutorEvent): void {
    this.#stream?.send(event);
  }
}

function toLaunch(tasks: readonly TaskRecord[]): ExecutorEvent {
  const infos: readonly TaskInfo[] = tasks.map(({ task }) => task);
  const [first] = tasks;
  return first !== undefined && first.groupId === undefined
    ? { type: 'LAUNCH', launch: { task: first.task } }
    : { type: 'LAUNCH_GROUP', launch_group: { task_group: { tasks: infos } } };
}
