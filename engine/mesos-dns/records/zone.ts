const recordKinds = ['A', 'AAAA', 'SRV'] as const;
export type RecordKind = (typeof recordKinds)[number];

/** `host` is an address, or of SRV `name.:port`. */
export interface DnsRecord {
  readonly kind: RecordKind;
  /** With a final dot. */
  readonly name: string;
  readonly host: string;
}

/** What a name has of a kind. */
export interface Target {
  readonly host: string;
  /** How it stands in answers; made when it is asked for first. `false`: it cannot stand in one. */
  body?: Buffer | false;
}

class RecordSet {
  /** How many have said it, by what they said. */
  readonly #counts = new Map<string, number>();
  readonly #targets = new Map<string, Target>();
  #list: Target[] | undefined;

  add(host: string): void {
    const count = this.#counts.get(host) ?? 0;
    this.#counts.set(host, count + 1);
    if (count > 0) return;
    this.#targets.set(host, { host });
    this.#list = undefined;
  }

  /** @returns whether anything is left */
  remove(host: string): boolean {
    const count = this.#counts.get(host) ?? 0;
    if (count > 1) this.#counts.set(host, count - 1);
    else if (this.#counts.delete(host)) {
      this.#targets.delete(host);
      this.#list = undefined;
    }
    return this.#counts.size > 0;
  }

  /** Its order is whoever's who asks: it may be shuffled. */
  get targets(): Target[] {
    return (this.#list ??= [...this.#targets.values()]);
  }
}

const nothing: Target[] = [];

/** All records there are, each as often as it was added. */
export class Zone {
  readonly #sets: Readonly<Record<RecordKind, Map<string, RecordSet>>> = {
    A: new Map(),
    AAAA: new Map(),
    SRV: new Map(),
  };

  add({ kind, name, host }: DnsRecord): void {
    const sets = this.#sets[kind];
    let set = sets.get(name);
    if (set === undefined) sets.set(name, (set = new RecordSet()));
    set.add(host);
  }

  remove({ kind, name, host }: DnsRecord): void {
    if (this.#sets[kind].get(name)?.remove(host) === false) this.#sets[kind].delete(name);
  }

  /** Empty when there is none. Only its order may be changed. */
  find(kind: RecordKind, name: string): Target[] {
    return this.#sets[kind].get(name)?.targets ?? nothing;
  }

  has(name: string): boolean {
    return recordKinds.some((kind) => this.#sets[kind].has(name));
  }

  /** Hosts by name. */
  all(kind: RecordKind): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries([...this.#sets[kind]].map(([name, set]) => [name, set.targets.map(({ host }) => host)]));
  }
}
