import type { ClusterState } from '../cluster-state.ts';
import { isActive } from '../records.ts';
import type { Registry } from '../registry/registry.ts';
import { minus, noResources, plus, type Resources } from '../resources.ts';
import { Consumption } from './consumption.ts';
import { guaranteedRoles, lineageOf, quotaOf } from './quota.ts';
import { unreservedOf } from './unreserved.ts';

/**
 * What quota leaves of what is free, in one run of the allocator (HierarchicalAllocatorProcess::__allocate): a role is
 * offered no more than its limit, and nothing that others are guaranteed and do not have yet.
 */
export class QuotaRun {
  readonly #registry: Registry;
  readonly #consumption: Consumption;
  /** What is free of all agents, by resource; in thousandths. */
  readonly #free = new Map<string, number>();
  readonly #guaranteed: readonly string[];

  private constructor(cluster: ClusterState, registry: Registry) {
    this.#registry = registry;
    this.#consumption = new Consumption(cluster);
    this.#guaranteed = guaranteedRoles(registry.quotas);
    if (this.#guaranteed.length === 0) return;
    for (const agent of cluster.agents.values()) {
      if (!isActive(agent)) continue;
      const { total, used, offered } = agent;
      for (const { name, value } of unreservedOf(minus(total, plus(used, offered)))) {
        this.#free.set(name, (this.#free.get(name) ?? 0) + value);
      }
    }
  }

  /** Undefined when no role has a quota: then nothing is looked at. */
  static of(cluster: ClusterState, registry: Registry): QuotaRun | undefined {
    for (const _ in registry.quotas) return new QuotaRun(cluster, registry);
    return undefined;
  }

  /** Whether some of what a role could be offered is owed to it: such roles are served first, the others as ever. */
  isOwed(role: string, share: Resources): boolean {
    return unreservedOf(share).some(({ name }) => this.#owedWith(role, name) > 0);
  }

  get hasGuarantees(): boolean {
    return this.#guaranteed.length > 0;
  }

  /** What of some free resources a role may be offered: all that is reserved, for it counts as consumed already. */
  shareOf(role: string, free: Resources): Resources {
    const kept = new Map<string, number>();
    const given = new Map<string, number>();
    for (const { key, name, value, isWhole } of unreservedOf(free)) {
      const before = given.get(name) ?? 0;
      // Its own guarantee it may have even where more is guaranteed than there is.
      const spare = Math.max(this.#owedWith(role, name), this.#surplusFor(role, name));
      const room = Math.max(0, Math.min(this.#limitOf(role, name), spare) - before);
      const share = isWhole && room < value ? 0 : Math.min(value, room);
      given.set(name, before + share);
      if (share < value) kept.set(key, value - share);
    }
    return kept.size === 0 ? free : minus(free, { ...noResources, scalars: kept });
  }

  /** A role was offered something. */
  took(role: string, offered: Resources): void {
    for (const { name, value } of unreservedOf(offered)) {
      this.#consumption.add(role, name, value);
      this.#free.set(name, (this.#free.get(name) ?? 0) - value);
    }
  }

  #limitOf(role: string, name: string): number {
    return Math.min(
      ...lineageOf(role).map((each) => {
        const { limits } = quotaOf(this.#registry, each);
        if (!Object.hasOwn(limits, name)) return Infinity;
        return Math.max(0, Math.round(((limits[name] ?? 0) - this.#consumption.of(each, name)) * 1000));
      }),
    );
  }

  /** What is free, without what is owed to other roles. */
  #surplusFor(role: string, name: string): number {
    if (this.#guaranteed.length === 0) return Infinity;
    const own = new Set(lineageOf(role));
    let owed = 0;
    for (const each of this.#guaranteed) if (!own.has(each)) owed += this.#owedTo(each, name);
    return owed === 0 ? Infinity : Math.max(0, (this.#free.get(name) ?? 0) - owed);
  }

  /** What is owed to a role, or to one that it is in; in thousandths. */
  #owedWith(role: string, name: string): number {
    return Math.max(...lineageOf(role).map((each) => this.#owedTo(each, name)));
  }

  /** In thousandths. */
  #owedTo(role: string, name: string): number {
    const { guarantees } = quotaOf(this.#registry, role);
    if (!Object.hasOwn(guarantees, name)) return 0;
    return Math.max(0, Math.round(((guarantees[name] ?? 0) - this.#consumption.of(role, name)) * 1000));
  }
}
