import { timerMs } from '../../timer-limit.ts';
import type { ClusterState } from '../cluster-state.ts';
import type { MasterSettings } from '../master-options.ts';
import type { AgentRecord, FrameworkRecord, OfferFilter } from '../records.ts';
import { contains, type Resources } from '../resources.ts';
import type { Candidate } from './fair-order.ts';

/** What frameworks have refused, and for how long (RefusedOfferFilter in src/master/allocator/mesos/hierarchical.cpp). */
export class Filters {
  /** Is told of agents that may be offered again. */
  onExpired: (agents: readonly AgentRecord[]) => void = () => undefined;
  readonly #cluster: ClusterState;
  readonly #settings: MasterSettings;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;
  #lookedAt = -Infinity;

  constructor(cluster: ClusterState, settings: MasterSettings) {
    this.#cluster = cluster;
    this.#settings = settings;
  }

  /** The framework does not want these resources of the agent, or less, for a role and a while. */
  add({ framework, role }: Candidate, agentId: string, resources: Resources, seconds: number): void {
    if (seconds <= 0) return;
    const filters = framework.filters.get(agentId) ?? [];
    const now = this.#settings.now();
    const until = now + timerMs(seconds * 1000);
    const isCovered = (old: OfferFilter) => old.role === role && contains(resources, old.resources);
    const current = filters.filter((old) => old.until > now && !isCovered(old));
    framework.filters.set(agentId, [...current, { role, resources, until }]);
    this.#wakeAt(until + 1);
  }

  refuses({ framework, role }: Candidate, agentId: string, free: Resources): boolean {
    const filters = framework.filters.get(agentId);
    if (filters === undefined) return false;
    const now = this.#settings.now();
    return filters.some((filter) => filter.until > now && filter.role === role && contains(filter.resources, free));
  }

  /** The framework wants offers again for these roles. */
  forget({ filters }: FrameworkRecord, roles: readonly string[]): void {
    for (const [agentId, list] of filters) {
      const others = list.filter(({ role }) => !roles.includes(role));
      if (others.length === 0) filters.delete(agentId);
      else filters.set(agentId, others);
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** No oftener than batches are, for each look is at all filters. */
  #wakeAt(time: number): void {
    if (time >= this.#dueAt) return;
    this.#dueAt = time;
    const dueAt = Math.max(time, this.#lookedAt + this.#settings.allocationIntervalMs);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        this.#expire();
      },
      timerMs(dueAt - this.#settings.now()),
    );
    this.#timer.unref();
  }

  #expire(): void {
    const now = this.#settings.now();
    this.#lookedAt = now;
    this.#dueAt = Infinity;
    let next = Infinity;
    const expired = new Set<AgentRecord>();
    for (const { filters } of this.#cluster.frameworks.values()) {
      for (const [agentId, list] of filters) {
        const current = list.filter(({ until }) => until > now);
        for (const { until } of current) next = Math.min(next, until);
        if (current.length === list.length) continue;
        if (current.length === 0) filters.delete(agentId);
        else filters.set(agentId, current);
        const agent = this.#cluster.agents.get(agentId);
        if (agent !== undefined) expired.add(agent);
      }
    }
    if (next !== Infinity) this.#wakeAt(next + 1);
    if (expired.size > 0) this.onExpired([...expired]);
  }
}
