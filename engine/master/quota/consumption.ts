import type { ClusterState } from '../cluster-state.ts';
import type { Resources } from '../resources.ts';
import { lineageOf } from './quota.ts';
import type { Quantities } from './quantities.ts';

/** What is allocated to each role and to those in it, used or offered. */
export class Consumption {
  readonly #byRole = new Map<string, Map<string, number>>();

  /** @param only what is used; default: what is offered, too */
  constructor({ frameworks }: ClusterState, only?: 'used') {
    for (const { allocations } of frameworks.values()) {
      for (const [role, { used, offered }] of allocations) {
        this.add(role, used);
        if (only === undefined) this.add(role, offered);
      }
    }
  }

  add(role: string, { scalars }: Resources): void {
    for (const each of lineageOf(role)) {
      const amounts = this.#byRole.get(each) ?? new Map<string, number>();
      this.#byRole.set(each, amounts);
      for (const [name, thousandths] of scalars) amounts.set(name, (amounts.get(name) ?? 0) + thousandths);
    }
  }

  /** In its own unit. */
  of(role: string, name: string): number {
    return (this.#byRole.get(role)?.get(name) ?? 0) / 1000;
  }

  all(role: string): Quantities {
    const amounts = [...(this.#byRole.get(role) ?? [])];
    return Object.fromEntries(amounts.map(([name, thousandths]) => [name, thousandths / 1000]));
  }
}
