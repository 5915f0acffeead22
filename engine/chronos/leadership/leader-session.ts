import { timerMs } from '../../timer-limit.ts';
import type { SchedulerCall, SchedulerEvent } from '../../framework/scheduler-api/scheduler-call.ts';
import { SchedulerConnection } from '../../framework/scheduler-api/scheduler-connection.ts';
import { StateStore } from '../../framework/storage/state-store.ts';
import type { ChronosSettings, ChronosWorld } from '../chronos-options.ts';
import { JobBook } from '../jobs/job-book.ts';
import { frameworkInfo } from '../mesos/framework-info.ts';
import { Launcher } from '../mesos/launcher.ts';
import { History } from '../runs/history.ts';
import { JobScheduler } from '../runs/job-scheduler.ts';
import { hasTask } from '../runs/run.ts';
import { Runs } from '../runs/runs.ts';
import type { SharedParts } from '../runs/shared-parts.ts';
import { loadState, recordKey, recordsOf, type SavedState } from '../storage/saved-state.ts';
import { StatusUpdates } from './status-updates.ts';

interface SessionOptions {
  readonly settings: ChronosSettings;
  readonly world: ChronosWorld;
  /** Of this Chronos. */
  readonly url: string;
  /** Another Chronos has the state. */
  readonly onTakenOver: () => void;
}

/** A clock may be set, and a machine may sleep: no longer than this is waited without a look at the time. */
const longestWaitMs = 1000;

/** A leading Chronos from its election to its end: puts the parts together and hands events around. */
export class LeaderSession {
  readonly shared: SharedParts;
  readonly scheduler: JobScheduler;
  readonly #launcher: Launcher;
  readonly #updates: StatusUpdates;
  readonly #connection: SchedulerConnection;
  #frameworkId: string | undefined;
  #reconciledAt: number;
  #isDue: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor({ settings, world, url, onTakenOver }: SessionOptions, saved: SavedState) {
    const clock = world.clock ?? Date.now;
    this.#frameworkId = saved.frameworkId;
    this.#reconciledAt = clock();
    const changed = (key: string) => {
      this.shared.store.changed(key);
    };
    const onJob = (name: string) => {
      changed(recordKey.job(name));
    };
    const onRun = (taskId: string) => {
      changed(recordKey.run(taskId));
    };
    const onHistory = (name: string) => {
      changed(recordKey.history(name));
    };
    this.shared = {
      ...{ settings, log: world.log, clock },
      book: new JobBook(saved.jobs, onJob),
      runs: new Runs(saved.runs, onRun),
      history: new History(saved.histories, settings.jobHistoryLimit, onHistory),
      store: new StateStore({ store: world.store, records: recordsOf(this), log: world.log, onTakenOver }),
      call: (call: SchedulerCall) => this.#connection.call(call),
      wake: this.#wake.bind(this),
    };
    this.scheduler = new JobScheduler(this.shared);
    this.#launcher = new Launcher(this.shared, this.scheduler);
    this.#updates = new StatusUpdates(this.shared, this.scheduler);
    this.#connection = new SchedulerConnection({
      masters: settings.masters,
      frameworkInfo: () => frameworkInfo(settings, this.#frameworkId, url),
      log: world.log,
      listener: {
        onEvent: this.#handle.bind(this),
        onDisconnected: () => undefined,
        onRemoved: () => {
          this.#forgetFramework();
        },
      },
    });
  }

  get frameworkId(): string | undefined {
    return this.#frameworkId;
  }

  start(): void {
    this.#connection.start();
    this.#wake();
  }

  /** @param isSaving whether what has changed is still saved: not when somebody else may lead by now */
  async stop(isSaving: boolean): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    if (this.#isDue !== undefined) clearImmediate(this.#isDue);
    this.#launcher.stop();
    this.#connection.stop();
    if (isSaving) await this.shared.store.flush();
    this.shared.store.abandon();
  }

  /** Looks what is due, after this turn of the event loop, and again when the next one is. */
  #wake(): void {
    if (this.#isStopped) return;
    this.#isDue ??= setImmediate(() => {
      this.#isDue = undefined;
      this.#guard(() => {
        this.scheduler.tick();
        this.#launcher.ask();
        if (this.shared.clock() - this.#reconciledAt >= this.shared.settings.reconciliationIntervalMs)
          this.#reconcile();
      });
      clearTimeout(this.#timer);
      const wait = (this.scheduler.nextAt() ?? Infinity) - this.shared.clock();
      this.#timer = setTimeout(
        () => {
          this.#wake();
        },
        timerMs(Math.min(longestWaitMs, Math.max(1, wait))),
      ).unref();
    });
  }

  /** A bug of ours must not end the process: it is said, and the next turn may do better. */
  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.shared.log(`bug, please report: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }

  #handle(event: SchedulerEvent): void {
    if (this.#isStopped) return;
    this.#guard(() => {
      if (event.type === 'SUBSCRIBED') this.#subscribed(event.subscribed.framework_id.value);
      if (event.type === 'OFFERS') this.#launcher.onOffers(event.offers.offers);
      if (event.type === 'UPDATE') this.#updates.handle(event.update.status);
    });
  }

  #subscribed(id: string): void {
    this.shared.log(`registered with the master as ${id}`);
    this.#frameworkId = id;
    this.shared.store.changed(recordKey.framework);
    this.#reconcile();
    this.#wake();
  }

  /** Asks for the state of every task that is known, then for those that are not. */
  #reconcile(): void {
    this.#reconciledAt = this.shared.clock();
    const tasks = [...this.shared.runs.all()].filter(hasTask).map(({ taskId, agentId }) => ({
      task_id: { value: taskId },
      ...(agentId === undefined ? {} : { agent_id: { value: agentId } }),
    }));
    if (tasks.length > 0) void this.shared.call({ type: 'RECONCILE', reconcile: { tasks } });
    void this.shared.call({ type: 'RECONCILE', reconcile: { tasks: [] } });
  }

  #forgetFramework(): void {
    if (this.#frameworkId === undefined) return;
    this.shared.log(`the master has removed framework ${this.#frameworkId}: registering anew`);
    this.#frameworkId = undefined;
    this.shared.store.changed(recordKey.framework);
  }
}

/** Takes over what was saved. @throws when it cannot be read */
export async function startLeader(options: SessionOptions): Promise<LeaderSession> {
  const session = new LeaderSession(options, await loadState(options.world.store));
  session.start();
  return session;
}
