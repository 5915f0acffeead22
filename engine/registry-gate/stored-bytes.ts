export interface StoredWorld {
  /** What the registry takes of its disk, in bytes: it looks at every file. */
  readonly measure: () => Promise<number>;
  /** Milliseconds of any beginning. */
  readonly clock: () => number;
}

/** Before that nothing is measured again, however many pushes are refused. */
const leastIntervalMs = 2000;

/**
 * How much a registry stores, and whether more may come. It is measured once, and then what comes in is added; what was
 * removed meanwhile only counts when it would matter: before anything is refused it is measured again.
 */
export class StoredBytes {
  readonly #world: StoredWorld;
  readonly #limit: number;
  #measured = 0;
  #measuredAt: number | undefined;
  /** Whether something went of which it is not known how much it was. */
  #isStale = false;
  /** Since the last measurement began. */
  #added = 0;
  #measuring: Promise<void> | undefined;

  /** @param limit in bytes; `Infinity`: none, and nothing is measured */
  constructor(limit: number, world: StoredWorld) {
    this.#limit = limit;
    this.#world = world;
  }

  get bytes(): number {
    return this.#measured + this.#added;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Something was removed. */
  forget(): void {
    this.#isStale = true;
  }

  /** Adds bytes that come in, if there is room for them: at once, unless that has to be measured. */
  takes(bytes: number): boolean | Promise<boolean> {
    if (this.#add(bytes)) return true;
    // Several may have waited for the same measurement, and there may be room for some of them only.
    return this.hasRoom(bytes).then((has) => has && this.#add(bytes));
  }

  #fits(bytes: number): boolean {
    return this.#limit === Infinity || (this.#measuredAt !== undefined && this.bytes + bytes <= this.#limit);
  }

  #add(bytes: number): boolean {
    const fits = this.#fits(bytes);
    if (fits) this.#added += bytes;
    return fits;
  }

  /** Whether so many may come. */
  async hasRoom(bytes: number): Promise<boolean> {
    if (this.#fits(bytes)) return true;
    const age = this.#world.clock() - (this.#measuredAt ?? -Infinity);
    if (this.#isStale || age >= leastIntervalMs) await (this.#measuring ??= this.#measure());
    return this.#fits(bytes);
  }

  async #measure(): Promise<void> {
    const before = this.#added;
    this.#isStale = false;
    try {
      this.#measured = await this.#world.measure();
      // What came in meanwhile may be counted twice, until it matters again.
      this.#added -= before;
      this.#measuredAt = this.#world.clock();
    } finally {
      this.#measuring = undefined;
    }
  }
}

/** `10240 MB`, as `docker images` counts. */
export const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;
