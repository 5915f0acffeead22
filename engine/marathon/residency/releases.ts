/** Offers are asked for so long to find what is to be given back; an agent that is away is looked for at the next chance. */
const patienceMs = 60_000;

/** Instances that are no more, and whose resources are still reserved. */
export class Releases {
  readonly #since = new Map<string, number>();
  readonly #clock: () => number;
  #isNew = false;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  add(instanceId: string): void {
    this.#since.set(instanceId, this.#clock());
    this.#isNew = true;
  }

  done(instanceId: string): void {
    this.#since.delete(instanceId);
  }

  /** Whether offers are wanted to find them. */
  isWaiting(): boolean {
    for (const [id, since] of this.#since) if (this.#clock() - since > patienceMs) this.#since.delete(id);
    return this.#since.size > 0;
  }

  /** Whether there are some for which offers have not been asked; that is noted as done. */
  takeNew(): boolean {
    const isNew = this.#isNew && this.isWaiting();
    this.#isNew = false;
    return isNew;
  }
}
