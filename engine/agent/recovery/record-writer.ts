import type { Sandboxes } from '../../../platform/files/sandboxes.ts';

/** Writes records one after the other for each file; of several that wait only the latest is written. */
export class RecordWriter {
  readonly #sandboxes: Sandboxes;
  /** What is to be written next, and when it will be. */
  readonly #waiting = new Map<string, { text: string | undefined; readonly done: Promise<void> }>();
  readonly #busy = new Map<string, Promise<void>>();
  #isClosed = false;

  constructor(sandboxes: Sandboxes) {
    this.#sandboxes = sandboxes;
  }

  /** @param text undefined: removes the file. @throws the system's error */
  write(file: string, text: string | undefined): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    const waiting = this.#waiting.get(file);
    if (waiting !== undefined) {
      waiting.text = text;
      return waiting.done;
    }
    const former = this.#busy.get(file) ?? Promise.resolve();
    const next = { text, done: former.catch(() => undefined).then(() => this.#writeNext(file)) };
    this.#waiting.set(file, next);
    this.#busy.set(file, next.done);
    const forget = () => {
      if (this.#busy.get(file) === next.done) this.#busy.delete(file);
    };
    next.done.then(forget, forget);
    return next.done;
  }

  /** Resolves when all is written; after that nothing is. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#busy.values());
  }

  #writeNext(file: string): Promise<void> {
    const text = this.#waiting.get(file)?.text;
    this.#waiting.delete(file);
    return text === undefined ? this.#sandboxes.remove(file) : this.#sandboxes.writeRecord(file, text);
  }
}
