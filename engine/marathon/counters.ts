import { tasksIn, type SchedulerCall, type SchedulerEvent } from '../framework/scheduler-api/scheduler-call.ts';

/** What Marathon counts since it leads; the names are those of its metrics. */
const names = [
  'deployments',
  // Nothing bounds how many there are at once, so none is.
  'deployments.dismissed',
  'tasks.launched',
  'mesos.calls.revive',
  'mesos.calls.suppress',
  'mesos.offer-operations.launch',
  'mesos.offer-operations.launch-group',
  'mesos.offer-operations.reserve',
  'mesos.offers.incoming',
  'mesos.offers.used',
  'mesos.offers.declined',
] as const;

/** One for each state that was heard of: `mesos.task-updates.task-running`. */
type CounterName = (typeof names)[number] | `mesos.task-updates.${string}`;

/** Counters of a leading Marathon (docs/docs/metrics.md of Marathon). */
export class Counters {
  readonly #counts = new Map<CounterName, number>(names.map((name) => [name, 0]));

  add(name: CounterName, count = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
  }

  adder(name: CounterName): () => void {
    return () => {
      this.add(name);
    };
  }

  /** The same calls, counted. */
  counting<Answer>(call: (call: SchedulerCall) => Answer): (call: SchedulerCall) => Answer {
    return (each) => {
      this.#noteCall(each);
      return call(each);
    };
  }

  list(): readonly (readonly [name: string, count: number])[] {
    return [...this.#counts];
  }

  #noteCall(call: SchedulerCall): void {
    if (call.type === 'REVIVE') this.add('mesos.calls.revive');
    if (call.type === 'SUPPRESS') this.add('mesos.calls.suppress');
    if (call.type === 'DECLINE') this.add('mesos.offers.declined', call.decline.offer_ids.length);
    if (call.type !== 'ACCEPT') return;
    this.add('mesos.offers.used', call.accept.offer_ids.length);
    for (const operation of call.accept.operations) {
      const { length } = tasksIn(operation);
      if (operation.type === 'LAUNCH') this.add('mesos.offer-operations.launch', length);
      if (operation.type === 'LAUNCH_GROUP') this.add('mesos.offer-operations.launch-group');
      if (operation.type === 'RESERVE') this.add('mesos.offer-operations.reserve');
      this.add('tasks.launched', length);
    }
  }

  noteEvent(event: SchedulerEvent): void {
    if (event.type === 'OFFERS') this.add('mesos.offers.incoming', event.offers.offers.length);
    if (event.type !== 'UPDATE') return;
    const { state } = event.update.status;
    this.add(`mesos.task-updates.${state.toLowerCase().replaceAll('_', '-')}`);
  }
}
