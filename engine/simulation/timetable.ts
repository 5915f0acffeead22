import { timerMs } from '../timer-limit.ts';
import { MinHeap } from '../framework/min-heap.ts';

/** Whatever is due within so long is done together. */
const slotMs = 10;

/** What will be done at some time; cancelled, it is not. */
export interface Appointment {
  action: (() => void) | undefined;
}

/** One timer for any number of things to be done later: each is late by a hundredth of a second at most. */
export class Timetable {
  readonly #slots = new Map<number, Appointment[]>();
  readonly #times = new MinHeap();
  #timer: NodeJS.Timeout | undefined;
  /** The slot that the timer is set for. */
  #next = Infinity;

  at(delayMs: number, action: () => void): Appointment {
    const appointment: Appointment = { action };
    const slot = Math.ceil((performance.now() + Math.max(delayMs, 0)) / slotMs);
    const there = this.#slots.get(slot);
    if (there !== undefined) there.push(appointment);
    else {
      this.#slots.set(slot, [appointment]);
      this.#times.push(slot);
      if (slot < this.#next) this.#arm();
    }
    return appointment;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#slots.clear();
    this.#next = -Infinity;
  }

  #arm(): void {
    const slot = this.#times.peek();
    clearTimeout(this.#timer);
    this.#next = slot ?? Infinity;
    if (slot === undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#run();
      },
      timerMs(Math.max(slot * slotMs - performance.now(), 0)),
    ).unref();
  }

  #run(): void {
    const now = performance.now() / slotMs;
    for (let slot = this.#times.peek(); slot !== undefined && slot <= now; slot = this.#times.peek()) {
      this.#times.pop();
      const due = this.#slots.get(slot) ?? [];
      this.#slots.delete(slot);
      for (const { action } of due) action?.();
    }
    if (this.#next !== -Infinity) this.#arm();
  }
}

export function cancel(appointment: Appointment | undefined): void {
  if (appointment !== undefined) appointment.action = undefined;
}
