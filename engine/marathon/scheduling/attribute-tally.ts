type Attributes = Readonly<Record<string, string>>;

/** How often each value of one attribute is taken. */
interface FieldTally {
  readonly counts: Map<string, number>;
  /** How many values are taken so often. */
  readonly sizes: Map<number, number>;
  smallest: number;
}

const none: FieldTally = { counts: new Map(), sizes: new Map(), smallest: 0 };

/** What constraints ask of the agents on which an app's instances are: counted once, not looked for in each offer. */
export class AttributeTally {
  readonly #fields: ReadonlyMap<string, FieldTally>;

  /** @param fields attributes that are asked for */
  constructor(fields: Iterable<string>, agents: Iterable<Attributes> = []) {
    this.#fields = new Map(
      [...fields].map((field) => [field, { counts: new Map(), sizes: new Map(), smallest: 0 }] as const),
    );
    if (this.#fields.size > 0) for (const agent of agents) this.add(agent);
  }

  /** One more instance, on an agent with these attributes. */
  add(agent: Attributes): void {
    for (const [field, tally] of this.#fields) {
      if (!Object.hasOwn(agent, field)) continue;
      const before = tally.counts.get(agent[field] ?? '') ?? 0;
      tally.counts.set(agent[field] ?? '', before + 1);
      const left = (tally.sizes.get(before) ?? 0) - 1;
      tally.sizes.set(before, left);
      tally.sizes.set(before + 1, (tally.sizes.get(before + 1) ?? 0) + 1);
      if (before === 0) tally.smallest = 1;
      else if (before === tally.smallest && left === 0) tally.smallest = before + 1;
    }
  }

  /** Instances whose agents have this value. */
  count(field: string, value: string): number {
    return this.#of(field).counts.get(value) ?? 0;
  }

  /** How many different values there are. */
  valueCount(field: string): number {
    return this.#of(field).counts.size;
  }

  /** Instances of the value that has fewest; 0 when there are none. */
  smallest(field: string): number {
    return this.#of(field).smallest;
  }

  #of(field: string): FieldTally {
    return this.#fields.get(field) ?? none;
  }
}
