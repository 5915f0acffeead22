import type { Offer } from '../../../protocol/mesos.ts';
import { timerMs } from '../../timer-limit.ts';
import type { ClusterState } from '../cluster-state.ts';
import type { MasterSettings } from '../master-options.ts';
import type { AgentRecord, FrameworkRecord, OfferRecord } from '../records.ts';
import { contains, minus, plus, scalarOf, toResourceList, type Resources } from '../resources.ts';

/** Less than both of these is not worth an offer (`--min_allocatable_resources`, `cpus:0.01|mem:32`). */
const minCpus = 0.01;
const minMemMb = 32;

/**
 * Offers all that is free on an agent to one framework: to that with the least dominant share which may have it
 * (src/master/allocator/mesos/hierarchical.cpp, much reduced: one role a framework, no quota, no reservations).
 */
export class Allocator {
  /** Sends new offers; set once by the owner. */
  onOffers: (framework: FrameworkRecord, offers: readonly OfferRecord[]) => void = () => undefined;
  readonly #cluster: ClusterState;
  readonly #settings: MasterSettings;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;
  #offerCount = 0;
  #isStopped = false;

  constructor(cluster: ClusterState, settings: MasterSettings) {
    this.#cluster = cluster;
    this.#settings = settings;
  }

  /** Resources became free: offers them with the next batch. */
  request(): void {
    this.#schedule(this.#settings.allocationIntervalMs);
  }

  /** An agent or a framework came, or wants offers: offers at the next turn of the event loop. */
  requestSoon(): void {
    this.#schedule(0);
  }

  /** The framework does not want these resources of the agent, or less, for a while. */
  refuse(framework: FrameworkRecord, agentId: string, resources: Resources, seconds: number): void {
    if (seconds <= 0) return;
    const delayMs = timerMs(seconds * 1000);
    const filters = framework.filters.get(agentId) ?? [];
    const now = this.#settings.now();
    const current = filters.filter(({ until, resources: old }) => until > now && !contains(resources, old));
    framework.filters.set(agentId, [...current, { resources, until: now + delayMs }]);
    this.#schedule(delayMs + 1);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(delayMs: number): void {
    const dueAt = this.#settings.now() + delayMs;
    if (this.#isStopped || dueAt >= this.#dueAt) return;
    this.#dueAt = dueAt;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#dueAt = Infinity;
      this.#allocate();
    }, delayMs);
    this.#timer.unref();
  }

  #allocate(): void {
    this.#cluster.count('allocation_runs');
    const candidates = [...this.#cluster.frameworks.values()].filter(
      ({ stream, isSuppressed }) => stream !== undefined && !isSuppressed,
    );
    if (candidates.length === 0) return;
    const total = { cpus: 0, mem: 0 };
    for (const agent of this.#cluster.agents.values()) {
      total.cpus += scalarOf(agent.total, 'cpus');
      total.mem += scalarOf(agent.total, 'mem');
    }
    const made = new Map<FrameworkRecord, OfferRecord[]>();
    for (const agent of this.#cluster.agents.values()) {
      if (agent.stream === undefined) continue;
      const free = minus(agent.total, plus(agent.used, agent.offered));
      if (scalarOf(free, 'cpus') < minCpus && scalarOf(free, 'mem') < minMemMb) continue;
      const framework = this.#choose(candidates, agent, free, total);
      if (framework === undefined) continue;
      const id = `${this.#settings.masterId}-O${this.#offerCount++}`;
      const offer: OfferRecord = { id, framework, agent, resources: free, timer: undefined };
      this.#cluster.addOffer(offer);
      const offers = made.get(framework);
      if (offers === undefined) made.set(framework, [offer]);
      else offers.push(offer);
    }
    for (const [framework, offers] of made) this.onOffers(framework, offers);
    this.#wakeForFilters();
  }

  #choose(
    candidates: readonly FrameworkRecord[],
    agent: AgentRecord,
    free: Resources,
    total: { readonly cpus: number; readonly mem: number },
  ): FrameworkRecord | undefined {
    let best: { readonly framework: FrameworkRecord; readonly share: number } | undefined;
    for (const framework of candidates) {
      const share = dominantShare(framework, total);
      if (best !== undefined && share >= best.share) continue;
      if (this.#isFiltered(framework, agent.id, free) || hasOfferOf(framework, agent)) continue;
      best = { framework, share };
    }
    return best?.framework;
  }

  #isFiltered(framework: FrameworkRecord, agentId: string, free: Resources): boolean {
    const filters = framework.filters.get(agentId);
    if (filters === undefined) return false;
    const now = this.#settings.now();
    return filters.some(({ until, resources }) => until > now && contains(resources, free));
  }

  /** A request that came sooner has replaced the timer of a filter: sets it again, and forgets those that are over. */
  #wakeForFilters(): void {
    const now = this.#settings.now();
    let next = Infinity;
    for (const { filters } of this.#cluster.frameworks.values()) {
      for (const [agentId, list] of filters) {
        const current = list.filter(({ until }) => until > now);
        if (current.length === 0) filters.delete(agentId);
        else if (current.length < list.length) filters.set(agentId, current);
        for (const { until } of current) next = Math.min(next, until);
      }
    }
    if (next !== Infinity) this.#schedule(next - now + 1);
  }
}

function hasOfferOf(framework: FrameworkRecord, agent: AgentRecord): boolean {
  for (const offer of agent.offers.values()) if (offer.framework === framework) return true;
  return false;
}

function dominantShare(
  { used, offered }: FrameworkRecord,
  total: { readonly cpus: number; readonly mem: number },
): number {
  const share = (name: 'cpus' | 'mem') =>
    total[name] === 0 ? 0 : (scalarOf(used, name) + scalarOf(offered, name)) / total[name];
  return Math.max(share('cpus'), share('mem'));
}

/** An offer as the scheduler API shows it. */
export function toOffer({ id, framework, agent, resources }: OfferRecord): Offer {
  const { hostname, ip, port, attributes } = agent.registration;
  const allocation = { role: framework.role };
  return {
    id: { value: id },
    framework_id: { value: framework.id },
    agent_id: { value: agent.id },
    hostname,
    url: { scheme: 'http', address: { hostname, ip, port }, path: '/slave(1)' },
    resources: toResourceList(resources, { role: '*', allocation_info: allocation }),
    ...(attributes.length === 0 ? {} : { attributes }),
    allocation_info: allocation,
  };
}
