import { tasksIn, type SchedulerCall } from './scheduler-call.ts';

type Send = () => Promise<boolean>;

interface Waiting {
  readonly send: Send;
  readonly resolve: (isTaken: boolean) => void;
}

/** Calls that may be under way at once, those after them wait. */
class Lane {
  readonly #width: number;
  #underWay = 0;
  #waiting: Waiting[] = [];
  #first = 0;

  constructor(width: number) {
    this.#width = width;
  }

  run(send: Send): Promise<boolean> {
    return new Promise((resolve) => {
      this.#waiting.push({ send, resolve });
      this.#next();
    });
  }

  #next(): void {
    const next = this.#underWay < this.#width ? this.#waiting[this.#first] : undefined;
    if (next === undefined) return;
    this.#first += 1;
    // Half of the list is over: taking the first off every time would move all the others.
    if (this.#first * 2 >= this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
    this.#underWay += 1;
    void next.send().then((isTaken) => {
      this.#underWay -= 1;
      next.resolve(isTaken);
      this.#next();
    });
  }
}

/**
 * Acknowledgements share a connection, and calls about offers another one, on which they do not wait for each other's
 * answers; the others have one each.
 */
const widths = { offers: 64, tasks: 4, acknowledgements: 256 };

export const connectionCount = widths.tasks;

/** Most calls that are ever under way at once. */
export const laneCount = widths.offers + widths.tasks + widths.acknowledgements;

/**
 * Sends calls so that none waits for others without need. Those about offers arrive in the order in which they were
 * made: a REVIVE undoes the filters of a DECLINE. A KILL or RECONCILE arrives after the ACCEPT that launches its tasks:
 * before it, the master would say that there is no such task. Nothing else has an order.
 */
export class CallLanes {
  readonly #offers = new Lane(widths.offers);
  readonly #tasks = new Lane(widths.tasks);
  readonly #acknowledgements = new Lane(widths.acknowledgements);
  /** ACCEPTs that are not answered yet, by the tasks that they launch. */
  readonly #launching = new Map<string, Promise<boolean>>();

  /**
   * @param send begins to send the call, when it is its turn; never rejects
   * @returns what `send` resolves to
   */
  run(call: SchedulerCall, send: Send): Promise<boolean> {
    switch (call.type) {
      case 'ACKNOWLEDGE':
        return this.#acknowledgements.run(send);
      case 'KILL':
        return this.#after([call.kill.task_id.value], () => this.#tasks.run(send));
      case 'RECONCILE':
        return this.#after(
          call.reconcile.tasks.map(({ task_id }) => task_id.value),
          () => this.#tasks.run(send),
        );
      case 'ACCEPT':
        return this.#launch(call, send);
      default:
        return this.#offers.run(send);
    }
  }

  #after(taskIds: readonly string[], run: Send): Promise<boolean> {
    const launches = new Set(taskIds.flatMap((taskId) => this.#launching.get(taskId) ?? []));
    return launches.size === 0 ? run() : Promise.all(launches).then(run);
  }

  #launch(call: Extract<SchedulerCall, { readonly type: 'ACCEPT' }>, send: Send): Promise<boolean> {
    const taskIds = call.accept.operations.flatMap(tasksIn).map((task) => task.task_id.value);
    const launch = this.#offers.run(send);
    for (const taskId of taskIds) this.#launching.set(taskId, launch);
    void launch.then(() => {
      for (const taskId of taskIds) this.#launching.delete(taskId);
    });
    return launch;
  }
}
