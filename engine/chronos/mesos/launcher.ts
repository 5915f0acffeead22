import type { Offer, TaskInfo } from '../../../protocol/mesos.ts';
import type { Job } from '../jobs/job.ts';
import type { JobScheduler } from '../runs/job-scheduler.ts';
import type { Run } from '../runs/run.ts';
import type { SharedParts } from '../runs/shared-parts.ts';
import { amountIn, buildTask } from './build-task.ts';
import { meetsConstraints } from './meets-constraints.ts';

/** What is left of an offer, and what it is taken for. */
interface OpenOffer {
  readonly offer: Offer;
  cpus: number;
  mem: number;
  disk: number;
  readonly tasks: { readonly run: Run; readonly task: TaskInfo }[];
}

/** Offers are asked for again after this time while runs wait that none of them was for. */
const patienceMs = 5000;
/** Amounts of resources have three digits behind the point. */
const rounded = (amount: number) => Math.round(amount * 1000) / 1000;

/** Launches the runs that wait with the offers that come (MesosJobFramework.scala of Chronos); it keeps no offer. */
export class Launcher {
  readonly #parts: SharedParts;
  readonly #scheduler: JobScheduler;
  #revivedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #isAsking = false;

  constructor(parts: SharedParts, scheduler: JobScheduler) {
    this.#parts = parts;
    this.#scheduler = scheduler;
  }

  /** Asks for offers, if runs wait for any; not too often. */
  ask(): void {
    if (this.#scheduler.queue.isEmpty || this.#isAsking) return;
    const wait = this.#revivedAt + this.#parts.settings.minReviveMs - Date.now();
    this.#isAsking = true;
    this.#askIn(Math.max(0, wait));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  onOffers(offers: readonly Offer[]): void {
    const { settings } = this.#parts;
    const open = offers.map((offer): OpenOffer => ({
      ...{ offer, tasks: [] },
      cpus: amountIn(offer, 'cpus', settings.role),
      mem: amountIn(offer, 'mem', settings.role),
      disk: amountIn(offer, 'disk', settings.role),
    }));
    const isTaken = new Set<string>();
    for (const { run, job } of this.#scheduler.queue.next()) {
      if (isTaken.has(job.name)) continue;
      const fitting = open.find((each) => fits(each, job));
      if (fitting === undefined) continue;
      isTaken.add(job.name);
      take(fitting, run, job);
    }
    for (const each of open) if (each.tasks.length > 0) this.#accept(each);
    this.#decline(open.filter(({ tasks }) => tasks.length === 0).map(({ offer }) => offer));
  }

  #askIn(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#isAsking = false;
      if (this.#scheduler.queue.isEmpty) return;
      this.#revivedAt = Date.now();
      void this.#parts.call({ type: 'REVIVE' });
      this.#askIn(patienceMs);
    }, wait).unref();
  }

  #accept({ offer, tasks }: OpenOffer): void {
    const { call, log, runs } = this.#parts;
    for (const { run } of tasks) this.#scheduler.launched(run, offer.agent_id.value);
    const accepted = call({
      type: 'ACCEPT',
      accept: {
        offer_ids: [offer.id],
        operations: [{ type: 'LAUNCH', launch: { task_infos: tasks.map(({ task }) => task) } }],
        filters: { refuse_seconds: 0 },
      },
    });
    void accepted.then((isAccepted) => {
      if (isAccepted) return;
      log(`${tasks.length} tasks did not reach the master: they wait again`);
      for (const { run } of tasks) {
        const now = runs.get(run.taskId);
        if (now?.state === 'launched') this.#scheduler.queue.enqueue(now);
      }
    });
  }

  #decline(offers: readonly Offer[]): void {
    if (offers.length === 0) return;
    void this.#parts.call({
      type: 'DECLINE',
      decline: {
        offer_ids: offers.map(({ id }) => id),
        filters: { refuse_seconds: this.#parts.settings.declineOfferSeconds },
      },
    });
  }
}

function fits({ offer, cpus, mem, disk }: OpenOffer, job: Job): boolean {
  return cpus >= job.cpus && mem >= job.mem && disk >= job.disk && meetsConstraints(offer, job.constraints);
}

function take(open: OpenOffer, run: Run, job: Job): void {
  open.cpus = rounded(open.cpus - job.cpus);
  open.mem = rounded(open.mem - job.mem);
  open.disk = rounded(open.disk - job.disk);
  open.tasks.push({ run, task: buildTask(job, run, open.offer) });
}
