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

  add(kind: Kind, { scalars }: Resources): void {
    const sums = this.#sums[kind];
    for (const [name, value] of scalars) sums.set(name, (sums.get(name) ?? 0) + value);
  }

  subtract(kind: Kind, { scalars }: Resources): void {
    const sums = this.#sums[kind];
    for (const [name, value] of scalars) sums.set(name, (sums.get(name) ?? 0) - value);
  }

  /** All sums of a kind, in their own units. */
  all(kind: Kind): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#sums[kind]].map(([name, value]) => [name, value / 1000]));
  }

  /** A sum in its own unit. */
  of(kind: Kind, name: string): number {
    return (this.#sums[kind].get(name) ?? 0) / 1000;
  }
}
