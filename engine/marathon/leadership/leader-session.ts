import { timerMs } from '../../timer-limit.ts';
import { AppRepository } from '../apps/app-repository.ts';
import { PacedRuns } from './paced-runs.ts';
import type { SharedParts } from './shared-parts.ts';
import { Counters } from '../counters.ts';
import { Deployments } from '../deployments/deployments.ts';
import { Reconciler } from '../deployments/reconciler.ts';
import { Releases } from '../residency/releases.ts';
import { ServedRoles } from '../scheduler-api/served-roles.ts';
import { Touched } from '../deployments/touched.ts';
import type { EventBus } from '../event-bus.ts';
import { HealthMonitor } from '../health/health-monitor.ts';
import { ask, probe } from '../health/probe.ts';
import type { MarathonSettings, MarathonWorld } from '../marathon-options.ts';
import { frameworkInfo } from '../scheduler-api/framework-info.ts';
import { Instances } from '../scheduling/instance-index.ts';
import { LaunchDelays } from '../scheduling/launch-delays.ts';
import { LaunchQueue } from '../scheduling/launch-queue.ts';
import { OfferHandler } from '../scheduling/offer-handler.ts';
import { reconcileCalls } from '../scheduler-api/reconcile-calls.ts';
import type { SchedulerEvent } from '../../framework/scheduler-api/scheduler-call.ts';
import { SchedulerConnection } from '../../framework/scheduler-api/scheduler-connection.ts';
import { announceInstance, announceMessage } from '../instance-events.ts';
import { StatusUpdates } from '../scheduling/status-updates.ts';
import { TaskKiller } from '../scheduling/task-killer.ts';
import { recordKey } from '../storage/record-key.ts';
import { recordsOf, type SavedState } from '../storage/saved-state.ts';
import { StateStore } from '../../framework/storage/state-store.ts';
import { newTimestamps } from '../timestamps.ts';

interface SessionOptions {
  readonly settings: MarathonSettings;
  readonly world: MarathonWorld;
  readonly events: EventBus;
  readonly webUrl: string;
  readonly saved: SavedState;
  /** Another Marathon has the state. */
  readonly onTakenOver: () => void;
}

/** How often is looked for what nobody announces: overdue tasks, kills without effect, times that are over. */
const tickMs = 500;

/** A leading Marathon from its election to its end: puts the parts together and hands events around. */
export class LeaderSession {
  readonly shared: SharedParts;
  readonly deployments: Deployments;
  readonly queue: LaunchQueue;
  readonly health: HealthMonitor;
  readonly killer: TaskKiller;
  readonly counters = new Counters();
  readonly #offers: OfferHandler;
  readonly #updates: StatusUpdates;
  readonly #reconciler: Reconciler;
  readonly #connection: SchedulerConnection;
  readonly #electedAt: number;
  readonly #reconciling = new PacedRuns(this.#bringOn.bind(this));
  #frameworkId: string | undefined;
  #reconciledAt: number;
  #backoffTimer: NodeJS.Timeout | undefined;
  #ticker: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor({ settings, world, events, webUrl, saved, onTakenOver }: SessionOptions) {
    const clock = world.clock ?? Date.now;
    const wake = this.#wake.bind(this);
    const touched = new Touched(wake);
    this.#frameworkId = saved.frameworkId;
    const introduction = () => frameworkInfo(settings, this.#frameworkId, webUrl, this.shared.roles.list());
    this.#reconciledAt = this.#electedAt = clock();
    this.shared = {
      settings,
      log: world.log,
      clock,
      timestamps: newTimestamps(clock),
      apps: new AppRepository(saved.apps, { ...saved, newGroupEnforceRole: settings.newGroupEnforceRole }, (key) => {
        this.shared.store.changed(key);
      }),
      instances: new Instances(saved.instances, (instance, before) => {
        const changed = instance ?? before;
        if (changed !== undefined) {
          touched.instance(changed);
          this.shared.store.changed(recordKey.instance(changed.taskId));
        }
        if (instance !== undefined) announceInstance(events, instance, before);
      }),
      delays: new LaunchDelays(clock),
      events,
      store: new StateStore({ store: world.store, records: recordsOf(this), log: world.log, onTakenOver }),
      failures: new Map(),
      releases: new Releases(clock),
      roles: new ServedRoles(settings.mesosRole, introduction, (call) => this.#connection.call(call)),
      call: this.counters.counting((call) => this.#connection.call(call)),
      touched,
      wake,
    };
    for (const version of this.shared.apps.newestVersions()) this.shared.timestamps.seen(version);
    this.killer = new TaskKiller(this.shared);
    this.deployments = new Deployments(this.shared, saved.deployments, this.counters.adder('deployments'));
    this.queue = new LaunchQueue(this.shared);
    this.health = new HealthMonitor(this.shared, this.killer, { probe, ask });
    this.#offers = new OfferHandler(this.shared, this.queue);
    this.#updates = new StatusUpdates(this.shared, this.killer);
    const { shared, deployments, queue, killer, health } = this;
    this.#reconciler = new Reconciler({ shared, deployments, queue, offers: this.#offers, killer, health });
    this.#connection = new SchedulerConnection({
      masters: settings.masters,
      frameworkInfo: introduction,
      log: world.log,
      listener: {
        onEvent: this.#handle.bind(this),
        onDisconnected: () => {
          this.#offers.reset();
          events.publish('scheduler_disconnected_event', {});
        },
        onRemoved: () => {
          this.#forgetFramework();
        },
      },
    });
  }

  get frameworkId(): string | undefined {
    return this.#frameworkId;
  }

  get leadsForMs(): number {
    return this.shared.clock() - this.#electedAt;
  }

  start(): void {
    this.#ticker = setInterval(() => {
      this.#tick();
    }, tickMs).unref();
    this.#connection.start();
    this.#wake();
  }

  /** @param isSaving whether what has changed is still saved: not when somebody else may lead by now */
  async stop(isSaving: boolean): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#ticker);
    clearTimeout(this.#backoffTimer);
    this.#reconciling.stop();
    this.#offers.stop();
    this.health.stop();
    this.#connection.stop();
    if (isSaving) await this.shared.store.flush();
    this.shared.store.abandon();
  }

  #wake(): void {
    if (!this.#isStopped) this.#reconciling.ask();
  }

  #bringOn(): void {
    this.#guard(() => {
      this.#reconciler.run();
    });
    clearTimeout(this.#backoffTimer);
    const wait = this.queue.nextReadyInMs();
    if (wait === undefined) return;
    this.#backoffTimer = setTimeout(this.#wake.bind(this), timerMs(wait + 1)).unref();
  }

  #tick(): void {
    this.#guard(() => {
      const { shared, killer } = this;
      killer.retry();
      if (shared.clock() - this.#reconciledAt >= shared.settings.reconciliationIntervalMs) this.#reconcile();
    });
    this.#wake();
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
      this.counters.noteEvent(event);
      if (event.type === 'SUBSCRIBED') this.#subscribed(event.subscribed);
      if (event.type === 'OFFERS') this.#offers.onOffers(event.offers.offers);
      if (event.type === 'RESCIND') this.#offers.onRescind(event.rescind.offer_id.value);
      if (event.type === 'UPDATE') this.#updates.handle(event.update.status);
      if (event.type === 'MESSAGE') announceMessage(this.shared.events, event.message);
    });
  }

  #subscribed({ framework_id, master_info }: Extract<SchedulerEvent, { type: 'SUBSCRIBED' }>['subscribed']): void {
    const { events, log, store } = this.shared;
    const id = framework_id.value;
    const master = master_info?.hostname ?? '';
    if (this.#frameworkId === id) events.publish('scheduler_reregistered_event', { master });
    else events.publish('scheduler_registered_event', { frameworkId: id, master });
    log(`registered with the master as ${id}`);
    this.#frameworkId = id;
    store.changed(recordKey.framework);
    this.#offers.reset();
    this.#reconcile();
    this.#wake();
  }

  #reconcile(): void {
    this.#reconciledAt = this.shared.clock();
    for (const call of reconcileCalls(this.shared.instances)) void this.shared.call(call);
  }

  #forgetFramework(): void {
    if (this.#frameworkId === undefined) return;
    this.shared.log(`the master has removed framework ${this.#frameworkId}: registering anew`);
    this.#frameworkId = undefined;
    this.shared.store.changed(recordKey.framework);
  }
}
