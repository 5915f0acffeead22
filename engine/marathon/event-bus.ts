import type { Json } from '../../protocol/mesos.ts';

/** An event as /v2/events sends it. */
export interface MarathonEvent {
  readonly eventType: string;
  /** Complete, with `eventType` and `timestamp`. */
  readonly data: Readonly<Record<string, Json>>;
}

/** Tells whoever listens what happens in Marathon (core/event/Events.scala of Marathon has all the events). */
export class EventBus {
  readonly #listeners = new Set<(event: MarathonEvent) => void>();
  readonly #now: () => string;

  constructor(now: () => string) {
    this.#now = now;
  }

  /** @param fields those that are undefined are left out */
  publish(eventType: string, fields: object): void {
    if (this.#listeners.size === 0) return;
    const data = { ...fields, eventType, timestamp: this.#now() } as unknown as Readonly<Record<string, Json>>;
    for (const listener of [...this.#listeners]) listener({ eventType, data });
  }

  listenerCount(): number {
    return this.#listeners.size;
  }

  subscribe(listener: (event: MarathonEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
