import type { AgentEvent, AgentRegistration } from '../../protocol/agent-api.ts';
import { terminalStates, type TaskStatus } from '../../protocol/mesos.ts';
import { ipOf, type AgentOptions, type AgentWorld } from './agent-options.ts';
import type { AgentView } from './agent-view.ts';
import { MasterSession } from './master-session.ts';
import { StatusUpdates } from './status-updates.ts';
import type { TaskRecord } from './task-record.ts';
import { TaskRunner } from './task-runner.ts';

/** How long tasks may take to end by themselves when the agent stops: a lab is down within a second. */
const stopGraceMs = 300;

type Parts = Pick<AgentView, 'options' | 'world' | 'table' | 'resources' | 'attributes' | 'port'>;

/** The parts of an agent, connected: tasks, their updates, and the session with the master. */
export class RunningAgent {
  readonly view: AgentView;
  readonly #parts: Parts;
  readonly #updates: StatusUpdates;
  readonly #runner: TaskRunner;
  readonly #session: MasterSession;
  #id = '';
  #updateCount = 0;

  constructor(parts: Parts) {
    const { options, world, table, port } = parts;
    this.#parts = parts;
    this.#updates = new StatusUpdates({
      retryMs: options.statusRetryMs ?? 10_000,
      send: (frameworkId, status) => {
        this.#send(frameworkId, status);
      },
      onAcknowledged: (frameworkId, taskId, status) => {
        const record = table.find(frameworkId, taskId);
        if (record !== undefined && terminalStates.has(status.state)) table.complete(record);
      },
    });
    this.#runner = new TaskRunner({
      agent: options,
      world,
      table,
      address: { host: ipOf(options), port },
      onStatus: (frameworkId, status) => {
        this.#updateCount += 1;
        this.#updates.add(frameworkId, status);
      },
    });
    this.view = {
      ...parts,
      id: () => this.#id,
      master: () => this.#session.master,
      startTime: Date.now() / 1000,
      statusUpdates: () => this.#updateCount,
    };
    this.#session = this.#connect(options, world);
  }

  async stop(): Promise<void> {
    // First, so that the master hears of no task that ends only because of this.
    this.#session.stop();
    this.#updates.clear();
    await this.#runner.stop(stopGraceMs);
  }

  #connect(options: AgentOptions, { log }: AgentWorld): MasterSession {
    return new MasterSession({
      masters: options.masters,
      backoffMs: options.registrationBackoffMs ?? 1000,
      silenceMs: options.masterSilenceMs ?? 75_000,
      log,
      registration: () => this.#registration(),
      onSubscribed: (agentId) => {
        log(`Registered as agent ${agentId}`);
        this.#id = agentId;
        this.#updates.resume();
      },
      onDisconnected: () => {
        this.#updates.pause();
      },
      onEvent: (event) => {
        this.#take(event);
      },
    });
  }

  #registration(): AgentRegistration {
    const { options, table, resources, attributes, port } = this.#parts;
    const active = [...table.frameworks.values()].filter(({ tasks }) => tasks.size > 0);
    return {
      ...(this.#id !== '' && { agent_id: { value: this.#id } }),
      hostname: options.hostname,
      port,
      ip: ipOf(options),
      resources,
      attributes,
      version: options.version,
      tasks: [...table.active()]
        .filter((record) => !record.isSilent)
        .map((record) => ({
          framework_id: { value: record.frameworkId },
          task: record.task,
          status: record.statuses.at(-1) ?? stagingStatus(record),
        })),
      frameworks: active.map(({ id, info }) => ({ ...info, id: { value: id } })),
    };
  }

  #send(frameworkId: string, status: TaskStatus): void {
    void this.#session.send({
      type: 'UPDATE_STATUS',
      agent_id: { value: this.#id },
      update_status: { framework_id: { value: frameworkId }, status },
    });
  }

  #take(event: AgentEvent): void {
    switch (event.type) {
      case 'RUN_TASK': {
        const { framework, framework_id: frameworkId, task } = event.run_task;
        this.#runner.run(this.#id, frameworkId.value, framework, task);
        return;
      }
      case 'KILL_TASK': {
        const { framework_id: frameworkId, task_id: taskId, kill_policy: policy } = event.kill_task;
        const nanoseconds = policy?.grace_period?.nanoseconds;
        const graceMs = nanoseconds === undefined ? undefined : nanoseconds / 1e6;
        this.#runner.kill(this.#id, frameworkId.value, taskId.value, graceMs);
        return;
      }
      case 'ACKNOWLEDGE_STATUS': {
        const { framework_id: frameworkId, task_id: taskId, uuid } = event.acknowledge_status;
        this.#updates.acknowledge(frameworkId.value, taskId.value, uuid);
        return;
      }
      case 'SHUTDOWN_FRAMEWORK': {
        const { value } = event.shutdown_framework.framework_id;
        this.#updates.drop(value);
        this.#runner.shutdownFramework(value);
        return;
      }
      case 'SHUTDOWN':
        void this.#startOver(event.shutdown.message);
        return;
      case 'SUBSCRIBED':
      case 'PING':
        return;
    }
  }

  /** A real agent exits and is started again by its supervisor: this one ends its tasks and registers as a new one. */
  async #startOver(message: string): Promise<void> {
    this.#parts.world.log(`The master does not want this agent: ${message}`);
    this.#id = '';
    this.#updates.clear();
    await this.#runner.endAll(stopGraceMs);
    // Unless the master has closed the connection in the meantime.
    if (this.#session.master !== undefined) this.#session.restart('registering as a new agent');
  }
}

const stagingStatus = (record: TaskRecord): TaskStatus => ({
  task_id: record.task.task_id,
  state: 'TASK_STAGING',
  agent_id: { value: record.agentId },
  timestamp: Date.now() / 1000,
});
