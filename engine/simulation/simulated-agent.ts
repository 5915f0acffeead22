import type { AppliedOperation, ChannelCall, ChannelEvent } from '../../protocol/agent-api.ts';
import { terminalStates, type TaskStatus } from '../../protocol/mesos.ts';
import type { DrainConfig, DrainView } from '../agent/tasks/draining.ts';
import { pauseAfter } from '../agent/leader-stream.ts';
import { checkpointedOf } from '../master/reservations/checkpointed.ts';
import { minus, noResources, plus, toResourceList, toResources } from '../master/resources.ts';
import { StatusUpdates } from '../agent/tasks/status-updates.ts';
import { registrationText, type AgentText } from './registration-text.ts';
import type { Outgoing } from './shared-session.ts';
import type { SimulatedTask } from './simulated-task.ts';
import { SimulatedTasks, type TaskSurroundings } from './simulated-tasks.ts';

/** What all agents of a simulation have in common. */
export interface Surroundings extends TaskSurroundings {
  readonly statusRetryMs: number;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** Updates that wait to be sent, by their uuids: no use to send one again that was not sent yet. */
  readonly waiting: Set<string>;
  readonly log: (line: string) => void;
  readonly send: (call: Outgoing) => void;
  /** Opens a channel for an agent: what is said on it, the agent takes. */
  readonly openChannel: (agent: SimulatedAgent) => number;
}

/** An agent whose tasks are simulated: what the master sees of it is what it sees of a real one (running-agent.ts). */
export class SimulatedAgent {
  readonly text: AgentText;
  readonly tasks: SimulatedTasks;
  readonly #around: Surroundings;
  readonly #updates: StatusUpdates;
  /** What operations have reserved, or made volumes of. */
  #checkpointed = noResources;
  #id = '';
  #channel: number | undefined;
  #attempts = 0;
  #drain: (DrainView & { readonly tasks: readonly SimulatedTask[] }) | undefined;

  constructor(text: AgentText, around: Surroundings) {
    this.text = text;
    this.#around = around;
    this.#updates = new StatusUpdates({
      retryMs: around.statusRetryMs,
      send: (frameworkId, status) => {
        this.#send(frameworkId, status);
      },
      onAcknowledged: (frameworkId, taskId, { state }) => {
        if (terminalStates.has(state)) this.tasks.forget(frameworkId, taskId);
      },
    });
    this.tasks = new SimulatedTasks(
      around,
      (frameworkId, status) => {
        this.#updates.add(frameworkId, status);
      },
      (frameworkId, executorId) => {
        const exited = { framework_id: { value: frameworkId }, executor_id: executorId, status: 0 };
        const call: ChannelCall = { type: 'EXITED_EXECUTOR', agent_id: { value: this.#id }, exited_executor: exited };
        around.send({ text: () => JSON.stringify(call) });
      },
    );
  }

  /** Empty before the first registration. */
  get id(): string {
    return this.#id;
  }

  /** Registers, or again, with the master that the stream is open to. */
  subscribe(): void {
    const { openChannel, send, ip, frameworks } = this.#around;
    const channel = openChannel(this);
    this.#channel = channel;
    send({
      text: () => {
        const checkpointed = toResourceList(this.#checkpointed);
        const tasks = this.tasks.list();
        return registrationText(this.text, { channel, id: this.#id, tasks, checkpointed, ip, frameworks });
      },
      onRefused: () => {
        if (this.#channel === channel) this.#subscribeLater();
      },
    });
  }

  /** The stream is closed, or the master has closed this channel of it. */
  disconnected(): void {
    this.#channel = undefined;
    this.#updates.pause();
  }

  take(channel: number, event: ChannelEvent['event']): void {
    if (channel !== this.#channel) return;
    switch (event.type) {
      case 'SUBSCRIBED':
        this.#id = event.subscribed.agent_id.value;
        this.#attempts = 0;
        this.#updates.resume();
        return;
      case 'CLOSED':
        this.disconnected();
        this.#subscribeLater();
        return;
      case 'RUN_TASK':
        this.tasks.run(this.#id, event.run_task);
        return;
      case 'RUN_TASK_GROUP':
        this.tasks.runGroup(this.#id, event.run_task_group);
        return;
      case 'SHUTDOWN_EXECUTOR':
        this.tasks.shutdownExecutor(event.shutdown_executor);
        return;
      case 'MESSAGE':
        // There is nobody to hear it.
        return;
      case 'KILL_TASK': {
        const { framework_id: frameworkId, task_id: taskId } = event.kill_task;
        this.tasks.kill(this.#id, frameworkId.value, taskId.value);
        return;
      }
      case 'APPLY_OPERATION':
        this.#apply(event.apply_operation);
        return;
      case 'ACKNOWLEDGE_STATUS': {
        const { framework_id: frameworkId, task_id: taskId, uuid } = event.acknowledge_status;
        this.#updates.acknowledge(frameworkId.value, taskId.value, uuid);
        return;
      }
      case 'SHUTDOWN_FRAMEWORK': {
        const { value } = event.shutdown_framework.framework_id;
        this.#updates.drop(value);
        this.tasks.endAll(value);
        return;
      }
      case 'DRAIN':
        this.#drainAll(event.drain);
        return;
      case 'SHUTDOWN':
        this.#around.log(`The master does not want ${this.text.hostname}: ${event.shutdown.message}`);
        this.stop();
        this.#id = '';
        this.#subscribeLater();
        return;
      case 'ACKNOWLEDGE_OPERATION':
        return;
      case 'PING':
        // Answered for all agents of the stream at once.
        return;
    }
  }

  /** What it drains for, until the last update of each task that ran is acknowledged (draining.ts). */
  get draining(): DrainView | undefined {
    if (this.#drain?.tasks.some((task) => this.tasks.has(task)) !== true) this.#drain = undefined;
    return this.#drain;
  }

  #drainAll(config: DrainConfig): void {
    const tasks = [...this.tasks.list()];
    this.#drain = { config, startedAt: this.draining?.startedAt ?? Date.now(), tasks };
    for (const { frameworkId, taskId } of tasks) this.tasks.kill(this.#id, frameworkId, taskId, config);
  }

  /** There is no data to keep, and nothing that could be lost on the way: the master hears of it once. */
  #apply({ consumed, converted, feedback }: AppliedOperation): void {
    const made = checkpointedOf(toResources(converted));
    this.#checkpointed = plus(minus(this.#checkpointed, toResources(consumed)), made);
    if (feedback === undefined) return;
    const { uuid, operation_id, framework_id } = feedback;
    const status = { operation_id, state: 'OPERATION_FINISHED', uuid: { value: uuid } } as const;
    const call: ChannelCall = {
      type: 'UPDATE_OPERATION_STATUS',
      agent_id: { value: this.#id },
      update_operation_status: { framework_id, status },
    };
    this.#around.send({ text: () => JSON.stringify(call) });
  }

  /** Ends its tasks without a word. */
  stop(): void {
    this.disconnected();
    this.#updates.clear();
    this.tasks.endAll();
  }

  #subscribeLater(): void {
    const pauseMs = pauseAfter(this.#attempts, this.#around);
    this.#attempts += 1;
    this.#channel = undefined;
    this.#around.timetable.at(pauseMs, () => {
      // The stream may have been closed and opened since.
      if (this.#channel === undefined) this.subscribe();
    });
  }

  #send(frameworkId: string, status: TaskStatus): void {
    const { waiting, send } = this.#around;
    const { uuid = '' } = status;
    if (waiting.has(uuid)) return;
    waiting.add(uuid);
    const call: ChannelCall = {
      type: 'UPDATE_STATUS',
      agent_id: { value: this.#id },
      update_status: { framework_id: { value: frameworkId }, status },
    };
    send({
      text: () => {
        waiting.delete(uuid);
        return JSON.stringify(call);
      },
    });
  }
}
