import type { ClusterState } from '../cluster-state.ts';
import { splitByRole } from '../reservations/checkpointed.ts';
import { minus, plainAmounts, plus, type Resources } from '../resources.ts';
import { lineageOf } from './quota.ts';
import type { Quantities } from './quantities.ts';

/**
 * What is allocated to each role and to those in it, used or offered, and what is reserved for them, used or not
 * (docs/quota.md of Mesos).
 */
export class Consumption {
  readonly #byRole = new Map<string, Map<string, number>>();

  /** @param only what is used; default: what is offered, too */
  constructor({ frameworks, agents }: ClusterState, only?: 'used') {
    for (const { allocations } of frameworks.values()) {
      for (const [role, { used, offered }] of allocations) {
        this.#addAll(role, used);
        if (only === undefined) this.#addAll(role, offered);
      }
    }
    for (const { total, used, offered } of agents.values()) {
      if (total.kinds.size === 0) continue;
      const { reserved } = splitByRole(minus(total, only === undefined ? plus(used, offered) : used));
      for (const [role, each] of reserved) this.#addAll(role, plainAmounts(each));
    }
  }

  /** @param thousandths of a scalar */
  add(role: string, name: string, thousandths: number): void {
    for (const each of lineageOf(role)) {
      const amounts = this.#byRole.get(each) ?? new Map<string, number>();
      this.#byRole.set(each, amounts.set(name, (amounts.get(name) ?? 0) + thousandths));
    }
  }

  #addAll(role: string, { scalars }: Resources): void {
    for (const [name, thousandths] of scalars) this.add(role, name, thousandths);
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
