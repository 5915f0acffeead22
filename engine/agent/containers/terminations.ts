import type { Termination } from './container.ts';

/** A real agent keeps any number of them, on its disk. */
const most = 1000;

/** How nested containers ended, until they are removed or their outermost container is gone; and who waits for others. */
export class Terminations {
  readonly #byId = new Map<string, Termination>();
  readonly #waiting = new Map<string, ((termination: Termination) => void)[]>();
  readonly #onForgotten: (key: string) => void;

  constructor(onForgotten: (key: string) => void) {
    this.#onForgotten = onForgotten;
  }

  get(key: string): Termination | undefined {
    return this.#byId.get(key);
  }

  note(key: string, termination: Termination): void {
    this.#byId.set(key, termination);
    const [oldest] = this.#byId.keys();
    if (this.#byId.size > most && oldest !== undefined) this.forget(oldest);
  }

  forget(key: string): void {
    if (this.#byId.delete(key)) this.#onForgotten(key);
  }

  forgetBelow(key: string): void {
    for (const each of this.#byId.keys()) if (each.startsWith(`${key}.`)) this.forget(each);
  }

  /** Resolves when `tell` says how it ended. */
  wait(key: string): Promise<Termination> {
    return new Promise((resolve) => {
      this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), resolve]);
    });
  }

  tell(key: string, termination: Termination): void {
    for (const resolve of this.#waiting.get(key) ?? []) resolve(termination);
    this.#waiting.delete(key);
  }
}
