import type { ClusterState } from '../cluster-state.ts';
import type { MasterSettings } from '../master-options.ts';
import { QuotaRun } from '../quota/quota-run.ts';
import { isActive, type AgentRecord, type EventStream, type FrameworkRecord, type OfferRecord } from '../records.ts';
import type { Registry } from '../registry/registry.ts';
import { isAllocatable } from '../reservations/resource-kind.ts';
import { filterResources, isEmpty, minus, plus, scalarOf, type Resources } from '../resources.ts';
import { Timer } from '../../observability/timer.ts';
import { FairOrder, type Candidate } from './fair-order.ts';
import { Filters } from './filters.ts';
import type { SchedulerEvent } from './scheduler-event.ts';

/** Less than both of these is not worth an offer (`--min_allocatable_resources`, `cpus:0.01|mem:32`). */
const minCpus = 0.01;
const minMemMb = 32;

/** Made at a time, in one event: then others have their turn, and the framework's connection. */
const maxOffersPerRun = 1000;
/** A framework that has so much of its stream still to read is offered no more until it has. */
const maxUnreadBytes = 1024 * 1024;

/**
 * Offers all that is free on an agent to one framework, for one of its roles: of the role with the least dominant share
 * to the framework with the least that may have it (src/master/allocator/mesos/hierarchical.cpp, much reduced). As there, a run looks only at the agents of which something has changed: `unoffered` of the cluster.
 */
export class Allocator {
  /** Sends new offers; set once by the owner. */
  onOffers: (framework: FrameworkRecord, offers: readonly OfferRecord[]) => void = () => undefined;
  /** Is told of agents that a run has looked at and that will be away; set once by the owner. */
  onLookedAt: (agents: readonly AgentRecord[]) => void = () => undefined;
  /** How long runs took, and how long they were waited for. */
  readonly runs = new Timer();
  readonly latencies = new Timer();
  readonly #cluster: ClusterState;
  readonly #settings: MasterSettings;
  readonly #registry: () => Registry;
  readonly #filters: Filters;
  /** Streams that must be read first. */
  readonly #awaited = new Set<EventStream<SchedulerEvent>>();
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;
  #offerCount = 0;
  #isStopped = false;

  constructor(cluster: ClusterState, settings: MasterSettings, registry: () => Registry) {
    this.#cluster = cluster;
    this.#registry = registry;
    this.#settings = settings;
    this.#filters = new Filters(cluster, settings);
    this.#filters.onExpired = (agents) => {
      this.#offer(agents);
    };
  }

  /** Of an offer or an inverse offer. */
  readonly nextOfferId = (): string => `${this.#settings.masterId}-O${this.#offerCount++}`;

  /** Resources became free: offers them with the next batch. */
  request(): void {
    this.#schedule(this.#settings.allocationIntervalMs);
  }

  /** An agent came: offers it at the next turn of the event loop, with others that come until then. */
  requestSoon(): void {
    this.#schedule(0);
  }

  /** A framework came, or wants offers that it refused: looks at all agents, as soon. */
  offerAll(): void {
    this.#offer(this.#cluster.agents.values());
  }

  /** What is left of an offer is not wanted for its role, nor less, for a while. */
  refuse(offer: Candidate & Pick<OfferRecord, 'agent'>, resources: Resources, seconds: number): void {
    this.#filters.add(offer, offer.agent.id, resources, seconds);
  }

  /** The framework wants what it refused for these roles, and suppressed. */
  revive(framework: FrameworkRecord, roles: readonly string[]): void {
    framework.suppressedRoles = new Set([...framework.suppressedRoles].filter((role) => !roles.includes(role)));
    this.#filters.forget(framework, roles);
    this.offerAll();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#filters.stop();
  }

  #offer(agents: Iterable<AgentRecord>): void {
    for (const agent of agents) this.#cluster.unoffered.add(agent);
    this.requestSoon();
  }

  #schedule(delayMs: number): void {
    const requestedAt = performance.now();
    const dueAt = this.#settings.now() + delayMs;
    if (this.#isStopped || dueAt >= this.#dueAt) return;
    this.#dueAt = dueAt;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#dueAt = Infinity;
      const startedAt = performance.now();
      this.latencies.record(startedAt - requestedAt);
      const count = this.#cluster.unoffered.size;
      this.#allocate();
      const took = performance.now() - startedAt;
      this.runs.record(took);
      this.#settings.logLevel.verbose(1, () => `Performed allocation for ${count} agents in ${took.toFixed(3)}ms`);
    }, delayMs);
    this.#timer.unref();
  }

  #allocate(): void {
    const { unoffered } = this.#cluster;
    this.#cluster.count('allocation_runs');
    const candidates = [...this.#cluster.frameworks.values()].flatMap(candidatesOf);
    const reading = candidates.filter(({ framework }) => (framework.stream?.unreadBytes ?? 0) <= maxUnreadBytes);
    const registry = this.#registry();
    const order = new FairOrder(reading, this.#cluster, registry);
    const quota = QuotaRun.of(this.#cluster, registry);
    const made = new Map<FrameworkRecord, OfferRecord[]>();
    const kept: AgentRecord[] = [];
    const leaving: AgentRecord[] = [];
    let count = 0;
    for (const agent of unoffered) {
      if (count >= maxOffersPerRun) break;
      unoffered.delete(agent);
      if (agent.unavailability !== undefined) leaving.push(agent);
      let free = freeOf(agent);
      // One offer takes all, unless something is reserved for others, or quota keeps it from that role.
      while (free !== undefined && !isEmpty(free)) {
        const all: Resources = free;
        const shareOf = (each: Candidate) => {
          const own = offerable(all, each);
          return quota === undefined ? own : quota.shareOf(each.role, own);
        };
        const mayHave = (each: Candidate) => this.#mayHave(each, agent, shareOf(each));
        const isFirst = (each: Candidate) => quota?.isOwed(each.role, shareOf(each)) === true && mayHave(each);
        const owed = quota?.hasGuarantees === true && order.find(isFirst);
        const candidate = owed || order.find(mayHave);
        if (candidate === undefined) {
          kept.push(agent);
          break;
        }
        const { framework, role } = candidate;
        const resources = shareOf(candidate);
        const id = this.nextOfferId();
        const offer: OfferRecord = { id, ...candidate, agent, resources, timer: undefined };
        this.#cluster.addOffer(offer);
        order.update(candidate, resources);
        quota?.took(role, resources);
        count += 1;
        const offers = made.get(framework);
        if (offers === undefined) made.set(framework, [offer]);
        else offers.push(offer);
        free = minus(all, resources);
      }
    }
    for (const [framework, offers] of made) this.onOffers(framework, offers);
    if (leaving.length > 0) this.onLookedAt(leaving);
    if (unoffered.size > 0) this.requestSoon();
    // What quota forbids now it may allow when something else ends.
    if (quota !== undefined) for (const agent of kept) unoffered.add(agent);
    if (reading.length === candidates.length) return;
    // Whoever has to read first may want what the others did not.
    for (const agent of kept) unoffered.add(agent);
    for (const { stream } of new Set(candidates.map(({ framework }) => framework))) {
      if (stream !== undefined && stream.unreadBytes > maxUnreadBytes) void this.#resumeAfter(stream);
    }
  }

  async #resumeAfter(stream: EventStream<SchedulerEvent>): Promise<void> {
    if (this.#awaited.has(stream)) return;
    this.#awaited.add(stream);
    await stream.drained();
    this.#awaited.delete(stream);
    this.requestSoon();
  }

  #mayHave(candidate: Candidate, agent: AgentRecord, free: Resources): boolean {
    if (candidate.framework.agentFilter?.excludes(candidate.role, agent.registration) === true) return false;
    // What is reserved for others may be all of it, or quota leave nothing.
    return (
      isWorthwhile(free) && !hasOfferOf(candidate, agent, free) && !this.#filters.refuses(candidate, agent.id, free)
    );
  }
}

function candidatesOf(framework: FrameworkRecord): readonly Candidate[] {
  const { stream, roles, suppressedRoles } = framework;
  if (stream === undefined) return [];
  return roles.filter((role) => !suppressedRoles.has(role)).map((role) => ({ framework, role }));
}

/** What could be offered of an agent; undefined when that is too little, or it is not active. */
function freeOf(agent: AgentRecord): Resources | undefined {
  if (!isActive(agent)) return undefined;
  const { total, used, offered } = agent;
  const left = (name: string) => scalarOf(total, name) - scalarOf(used, name) - scalarOf(offered, name);
  // A look that costs little: most agents have nothing to offer. The sums are in thousandths, these differences nearly.
  if (left('cpus') < minCpus / 2 && left('mem') < minMemMb / 2) return undefined;
  const free = minus(total, plus(used, offered));
  return isWorthwhile(free) ? free : undefined;
}

const isWorthwhile = (resources: Resources) =>
  scalarOf(resources, 'cpus') >= minCpus || scalarOf(resources, 'mem') >= minMemMb;

/** What of free resources may be offered to a framework for a role. */
function offerable(free: Resources, { framework, role }: Candidate): Resources {
  if (free.kinds.size === 0) return free;
  return filterResources(
    free,
    (kind) =>
      kind === undefined || (isAllocatable(kind, role) && (framework.knowsRefinement || kind.reservations.length <= 1)),
  );
}

/** Of another role, when something is reserved for this one: that cannot wait for the answer to the other offer. */
function hasOfferOf({ framework, role }: Candidate, agent: AgentRecord, { kinds }: Resources): boolean {
  for (const offer of agent.offers.values()) {
    if (offer.framework === framework && (kinds.size === 0 || offer.role === role)) return true;
  }
  return false;
}
