/** What fetching for one task may take of the disk. */
export interface FetchLimits {
  readonly maxBytes: number;
  readonly maxEntries: number;
  /** Must stay free on the disk of the sandbox. */
  readonly reserveBytes: number;
}

/** After so many bytes the disk is looked at again: other tasks write on it, too. */
const lookBytes = 16 * 1024 ** 2;

const megabytes = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MB`;

/** Counts what is written for one task, downloads and what is unpacked of them, so that no bomb fills the disk. */
export class FetchBudget {
  readonly #limits: FetchLimits;
  readonly #freeBytes: () => number | undefined;
  readonly #signal: AbortSignal;
  #bytes = 0;
  #entries = 0;
  #nextLook = 0;

  constructor(limits: FetchLimits, freeBytes: () => number | undefined, signal: AbortSignal) {
    this.#limits = limits;
    this.#freeBytes = freeBytes;
    this.#signal = signal;
  }

  /** Passes content on. @throws Error when it is too much, and the signal's reason */
  async *counted(content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const bytes of content) {
      this.#signal.throwIfAborted();
      this.#take(bytes.length);
      yield bytes;
    }
  }

  /** Counts an entry of an archive. @throws Error when there are too many, and the signal's reason */
  entry(): void {
    this.#signal.throwIfAborted();
    this.#entries += 1;
    const { maxEntries } = this.#limits;
    if (this.#entries > maxEntries)
      throw new Error(`The archives have more than ${maxEntries} entries, the limit of a task`);
  }

  #take(length: number): void {
    this.#bytes += length;
    const { maxBytes, reserveBytes } = this.#limits;
    if (this.#bytes > maxBytes) throw new Error(`Maximum file size exceeded: a task may fetch ${megabytes(maxBytes)}`);
    if (this.#bytes < this.#nextLook) return;
    this.#nextLook = this.#bytes + lookBytes;
    const free = this.#freeBytes();
    if (free === undefined || free >= reserveBytes + lookBytes) return;
    throw new Error(`No space left on device: fetching leaves ${megabytes(reserveBytes)} of it free`);
  }
}
