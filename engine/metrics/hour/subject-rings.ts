/** What was measured of one subject: its figures, one after the other, each a ring of samples. */
interface Ring {
  readonly values: Float32Array;
  /** In which sample it was seen last, milliseconds since 1970. */
  seenAt: number;
}

/** Subjects that are gone and new ones in their place: beyond so many times those that there ever were at once, the oldest go. */
const mostTimes = 2;
const alwaysKept = 50;

/** Subjects of one kind, by name: agents, or apps. They take place in proportion to how many there are at once. */
export class SubjectRings {
  readonly #names: readonly string[];
  readonly #samples: number;
  /** The ones seen longest ago first. */
  readonly #rings = new Map<string, Ring>();
  /** How many there were in each sample. */
  readonly #counts: Uint32Array;

  /** @param samples how many a ring has */
  constructor(names: readonly string[], samples: number) {
    this.#names = names;
    this.#samples = samples;
    this.#counts = new Uint32Array(samples);
  }

  get size(): number {
    return this.#rings.size;
  }

  /**
   * Takes a sample.
   * @param place in the rings; what was there before is void
   * @param oldest subjects that were not seen since then leave
   */
  record(
    subjects: ReadonlyMap<string, ReadonlyMap<string, number>>,
    { place, at, oldest }: { readonly place: number; readonly at: number; readonly oldest: number },
  ): void {
    for (const { values } of this.#rings.values()) {
      for (let index = place; index < values.length; index += this.#samples) values[index] = Number.NaN;
    }
    for (const [name, figures] of subjects) {
      const ring = this.#rings.get(name) ?? this.#newRing(at);
      for (const [index, figure] of this.#names.entries()) {
        ring.values[index * this.#samples + place] = figures.get(figure) ?? Number.NaN;
      }
      ring.seenAt = at;
      this.#rings.delete(name);
      this.#rings.set(name, ring);
    }
    this.#counts[place] = subjects.size;
    this.#forget(oldest);
  }

  /** The values of a figure at places in its ring; undefined: the subject is not known. */
  valuesOf(name: string, places: readonly number[]): Readonly<Record<string, readonly (number | null)[]>> | undefined {
    const ring = this.#rings.get(name);
    if (ring === undefined) return undefined;
    const valueAt = (index: number) => rounded(ring.values[index] ?? Number.NaN);
    const entries = this.#names.map((figure, index) => {
      const start = index * this.#samples;
      return [figure, places.map((place) => valueAt(start + place))] as const;
    });
    return Object.fromEntries(entries);
  }

  clear(): void {
    this.#rings.clear();
    this.#counts.fill(0);
  }

  #newRing(at: number): Ring {
    return { values: new Float32Array(this.#names.length * this.#samples).fill(Number.NaN), seenAt: at };
  }

  #forget(oldest: number): void {
    let most = 0;
    for (const count of this.#counts) most = Math.max(most, count);
    const kept = mostTimes * most + alwaysKept;
    for (const [name, { seenAt }] of this.#rings) {
      if (seenAt >= oldest && this.#rings.size <= kept) return;
      this.#rings.delete(name);
    }
  }
}

/** More digits nobody sees; and single precision has no more. */
const rounded = (value: number): number | null => (Number.isNaN(value) ? null : Number(value.toPrecision(6)));
