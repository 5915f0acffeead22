import type { ExecutorRecord } from './tasks/task-record.ts';
import { agentDefaults, silenceMs } from '../../protocol/mesos-defaults.ts';
import { terminalStates } from '../../protocol/mesos.ts';
import { exitedCall, messageCall, operationCall, statusCall } from './agent-calls.ts';
import { ipOf, type AgentOptions, type AgentWorld } from './agent-options.ts';
import type { AgentParts } from './agent-parts.ts';
import { LogLevel } from '../observability/log-level.ts';
import type { AgentView } from './views/agent-view.ts';
import { Fetcher } from './fetch/fetcher.ts';
import { takeEvent } from './master-events.ts';
import { MasterSession } from './master-session.ts';
import { watchDisk } from './disk/watch-disk.ts';
import { Draining } from './tasks/draining.ts';
import { StatusUpdates } from './tasks/status-updates.ts';
import { heldBy, type HeldResources } from './volumes/held-resources.ts';
import { showVolumes } from './volumes/show-volumes.ts';
import { registrationOf } from './registration-of.ts';
import { restoreTasks } from './recovery/restore-tasks.ts';
import { TaskSaves } from './recovery/task-saves.ts';
import { describeAgent } from './views/describe-agent.ts';
import { stopGraceMs, TaskRunner } from './tasks/task-runner.ts';

/** The parts of an agent, connected: tasks, their updates, and the session with the master. */
export class RunningAgent {
  readonly view: AgentView;
  readonly #parts: AgentParts;
  readonly #updates: StatusUpdates;
  readonly #runner: TaskRunner;
  readonly #session: MasterSession;
  readonly #saves: TaskSaves;
  readonly #held: HeldResources;
  readonly #draining: Draining;
  #id = '';
  #updateCount = 0;

  constructor(parts: AgentParts) {
    const { options, world, table, port, docker, checkpoints, containerRecords } = parts;
    this.#parts = parts;
    this.#id = parts.former?.agentId ?? '';
    this.#draining = new Draining(table);
    this.#updates = new StatusUpdates({
      retryMs: options.statusRetryMs ?? 10_000,
      send: (frameworkId, status) => {
        void this.#session.send(statusCall(this.#id, frameworkId, status));
      },
      onAcknowledged: (frameworkId, taskId, status) => {
        const record = table.find(frameworkId, taskId);
        if (record === undefined) return;
        if (terminalStates.has(status.state)) table.complete(record);
        this.#saves.saveLater(record);
      },
    });
    this.#saves = new TaskSaves({
      ...{ table, checkpoints, log: world.log },
      pendingOf: this.#updates.pendingOf.bind(this.#updates),
    });
    this.#held = heldBy(parts, (update) => {
      void this.#session.send(operationCall(this.#id, update));
    });
    const fetcher = new Fetcher(options, world);
    this.#runner = new TaskRunner({
      agent: options,
      ...{ world, table, fetcher, containerRecords },
      address: { host: ipOf(options), port },
      onStatus: (frameworkId, status) => {
        this.#updateCount += 1;
        this.#updates.add(frameworkId, this.#draining.mark(frameworkId, status));
      },
      ...(docker !== undefined && { docker: docker.executor }),
      save: (record) => this.#saves.save(record),
      showVolumes: (launch) => showVolumes(launch, docker !== undefined, this.#held, world.sandboxes),
      saveExecutor: (executor) => this.#saves.saveExecutor(executor),
      onExecutorEnd: this.#executorEnded.bind(this),
      agentInfo: () => describeAgent(this.view),
    });
    const disk = watchDisk(parts, this.#runner.limit.bind(this.#runner));
    table.onIdle = (executor) => {
      this.#executorEnded(executor, 0);
    };
    this.view = {
      ...parts,
      id: () => this.#id,
      master: () => this.#session.master,
      total: () => this.#held.total,
      startTime: Date.now() / 1000,
      logLevel: new LogLevel(world.log),
      draining: () => this.#draining.current,
      statusUpdates: () => this.#updateCount,
      fetches: () => fetcher.metrics,
      containers: this.#runner.containers,
      disk,
      executorApi: {
        table,
        executors: this.#runner.programs,
        onMessage: (frameworkId, executorId, data) => {
          void this.#session.send(messageCall(this.#id, frameworkId, executorId, data));
        },
      },
    };
    const { tasks = [], executors = [] } = parts.former ?? {};
    restoreTasks(tasks, executors, { table, updates: this.#updates, runner: this.#runner, log: world.log });
    this.#runner.containers.recover(parts.formerContainers ?? []);
    this.#session = this.#connect(options, world);
  }

  /** Ends what ends with the agent. What outlives it stays as it is, and its records say so. */
  async stop(): Promise<void> {
    const { options, docker, checkpoints } = this.#parts;
    // First, so that the master hears of no task that ends only because of this.
    this.#session.stop();
    this.view.disk?.stop();
    this.#saves.flush();
    await Promise.all([checkpoints.close(), this.#held.close()]);
    this.#updates.clear();
    if (options.recovery === 'reconnect') {
      await this.#runner.letGo(stopGraceMs);
    } else {
      await this.#runner.stop(stopGraceMs);
      await docker?.removeEnded();
    }
    docker?.stop();
  }

  /**
   * Unregisters, and ends with all tasks: whoever starts in this folder is a new agent (src/slave/slave.cpp, shutdown
   * without a sender, and finalize, which removes the link to what is remembered).
   */
  async leave(): Promise<void> {
    const { docker, checkpoints, containerRecords, world } = this.#parts;
    const also = this.#session.master === undefined ? '' : 'unregistering and ';
    world.log(`Received SIGUSR1 signal; ${also}shutting down`);
    await this.#session.send({ type: 'UNREGISTER', agent_id: { value: this.#id } });
    this.#session.stop();
    this.view.disk?.stop();
    this.#updates.clear();
    await checkpoints.startOver();
    await this.#runner.stop(stopGraceMs);
    await Promise.all([docker?.removeEnded(), checkpoints.close(), containerRecords.close(), this.#held.close()]);
    docker?.stop();
  }

  #connect(options: AgentOptions, { log }: AgentWorld): MasterSession {
    return new MasterSession({
      masters: options.masters,
      backoffMs: options.registrationBackoffMs ?? agentDefaults.registrationBackoffMs,
      maxBackoffMs: options.maxRegistrationBackoffMs ?? agentDefaults.maxRegistrationBackoffMs,
      silenceMs: options.masterSilenceMs ?? silenceMs,
      log,
      registration: () => registrationOf(this.view, this.#id, this.#held),
      onSubscribed: (agentId) => {
        log(`Registered as agent ${agentId}`);
        if (agentId !== this.#id) this.#saveId(agentId);
        this.#id = agentId;
        this.#updates.resume();
        this.#held.updates.resume();
      },
      onDisconnected: () => {
        this.#updates.pause();
        this.#held.updates.pause();
      },
      onEvent: (event) => {
        takeEvent(
          event,
          this.#id,
          {
            ...this.#parts,
            ...{ runner: this.#runner, updates: this.#updates, draining: this.#draining, held: this.#held },
          },
          (message) => {
            void this.#startOver(message);
          },
        );
      },
    });
  }

  #saveId(agentId: string): void {
    const { options, resources, attributes, port, checkpoints, world } = this.#parts;
    const info = { hostname: options.hostname, port, resources, attributes };
    checkpoints.saveAgent(agentId, info).catch((error: unknown) => {
      world.log(`The agent was not checkpointed: ${String(error)}`);
    });
  }

  /** @param status as wait(2) has it */
  #executorEnded(executor: ExecutorRecord, status: number | undefined): void {
    const { table, world } = this.#parts;
    table.completeExecutor(executor);
    this.#runner.containers.ownerEnded(executor.containerId, status);
    this.#saves.saveExecutor(executor).catch((error: unknown) => {
      world.log(`The end of executor ${executor.info.executor_id.value} was not checkpointed: ${String(error)}`);
    });
    void this.#session.send(exitedCall(this.#id, executor, status));
  }

  /** A real agent exits and is started again by its supervisor: this one ends its tasks and registers as a new one. */
  async #startOver(message: string): Promise<void> {
    this.#parts.world.log(`The master does not want this agent: ${message}`);
    this.#id = '';
    this.#updates.clear();
    await this.#parts.checkpoints.startOver();
    await this.#runner.endAll(stopGraceMs);
    // Unless the master has closed the connection in the meantime.
    if (this.#session.master !== undefined) this.#session.restart('registering as a new agent');
  }
}
