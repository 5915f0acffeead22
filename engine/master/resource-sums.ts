import type { Resources } from './resources.ts';

type Kind = 'total' | 'used' | 'offered';

/** Scalars of all agents together, kept up to date so that nobody has to add them up. */
export class ResourceSums {
  /** In thousandths, as in Resources. */
  readonly #sums: Readonly<Record<Kind, Map<string, number>>> = {
    total: new Map(),
    used: new Map(),
    offered: new Map(),
  };

  add(kind: Kind, resources: Resources): void {
    this.#change(kind, resources, 1);
  }

  subtract(kind: Kind, resources: Resources): void {
    this.#change(kind, resources, -1);
  }

  /** All sums of a kind, in their own units. */
  all(kind: Kind): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#sums[kind]].map(([name, value]) => [name, value / 1000]));
  }

  /** A sum in its own unit. */
  of(kind: Kind, name: string): number {
    return (this.#sums[kind].get(name) ?? 0) / 1000;
  }

  #change(kind: Kind, { scalars, kinds }: Resources, sign: 1 | -1): void {
    const sums = this.#sums[kind];
    for (const [key, value] of scalars) {
      const name = kinds.get(key)?.name ?? key;
      sums.set(name, (sums.get(name) ?? 0) + sign * value);
    }
  }
}
