import { timerMs } from '../../timer-limit.ts';
import type { AgentRecord, FrameworkRecord } from '../records.ts';
import type { Unavailability } from '../registry/registry.ts';
import type { Filters } from '../scheduler/scheduler-call.ts';
import { refuseSeconds } from '../scheduler/refuse-seconds.ts';
import type { SchedulerEvent } from '../scheduler/scheduler-event.ts';
import { describeUrl } from '../views/agent-url.ts';

/** What a framework said last to the maintenance of an agent (allocator.proto, InverseOfferStatus). */
export interface InverseOfferStatus {
  readonly status: 'ACCEPT' | 'DECLINE';
  readonly framework_id: { readonly value: string };
  readonly timestamp: { readonly nanoseconds: number };
}

interface InverseOffer {
  readonly id: string;
  readonly framework: FrameworkRecord;
  readonly agent: AgentRecord;
}

/** An agent that will be away. */
interface Departure {
  readonly unavailability: Unavailability;
  /** By framework id. */
  readonly offers: Map<string, InverseOffer>;
  readonly statuses: Map<string, InverseOfferStatus>;
  /** Of frameworks that are not asked again for a while. */
  readonly pauses: Map<string, NodeJS.Timeout>;
}

interface Around {
  readonly now: () => number;
  readonly nextId: () => string;
  readonly send: (framework: FrameworkRecord, event: SchedulerEvent) => void;
  /** Frameworks may be asked again about the agent. */
  readonly onPauseOver: (agent: AgentRecord) => void;
}

/**
 * Asks frameworks to leave agents that are scheduled for maintenance, and remembers what they say
 * (HierarchicalAllocatorProcess::generateInverseOffers, and Master::inverseOffer).
 */
export class InverseOffers {
  readonly #around: Around;
  readonly #departures = new Map<AgentRecord, Departure>();
  readonly #offers = new Map<string, InverseOffer>();

  constructor(around: Around) {
    this.#around = around;
  }

  /** The agent will be away, or will not: who was asked before is not any more. */
  schedule(agent: AgentRecord, unavailability: Unavailability | undefined): void {
    this.forgetAgent(agent);
    agent.unavailability = unavailability;
    if (unavailability === undefined) return;
    this.#departures.set(agent, { unavailability, offers: new Map(), statuses: new Map(), pauses: new Map() });
  }

  /** Asks each framework that has something of one of the agents, unless it is asked already or has just answered. */
  ask(agents: readonly AgentRecord[]): void {
    const asked = new Map<FrameworkRecord, unknown[]>();
    for (const agent of agents) {
      const departure = this.#departures.get(agent);
      if (departure === undefined || agent.stream === undefined) continue;
      for (const framework of frameworksOn(agent)) {
        if (departure.offers.has(framework.id) || departure.pauses.has(framework.id)) continue;
        const offer = { id: this.#around.nextId(), framework, agent };
        departure.offers.set(framework.id, offer);
        this.#offers.set(offer.id, offer);
        const events = asked.get(framework) ?? [];
        asked.set(framework, events);
        events.push(describe(offer, departure));
      }
    }
    for (const [framework, offers] of asked) {
      this.#around.send(framework, { type: 'INVERSE_OFFERS', inverse_offers: { inverse_offers: offers } });
    }
  }

  /** ACCEPT_INVERSE_OFFERS or DECLINE_INVERSE_OFFERS; what is no inverse offer of the framework is left alone. */
  answer(
    framework: FrameworkRecord,
    status: InverseOfferStatus['status'],
    ids: readonly string[],
    filters: Filters | undefined,
  ): void {
    const timestamp = { nanoseconds: this.#around.now() * 1e6 };
    for (const id of ids) {
      const offer = this.#offers.get(id);
      if (offer?.framework !== framework) continue;
      const { agent } = offer;
      this.#remove(offer);
      const departure = this.#departures.get(agent);
      departure?.statuses.set(framework.id, { status, framework_id: { value: framework.id }, timestamp });
      const pause = setTimeout(
        () => {
          departure?.pauses.delete(framework.id);
          this.#around.onPauseOver(agent);
        },
        timerMs(refuseSeconds(filters) * 1000),
      ).unref();
      departure?.pauses.set(framework.id, pause);
    }
  }

  statusesOf(agent: AgentRecord): readonly InverseOfferStatus[] {
    return [...(this.#departures.get(agent)?.statuses.values() ?? [])];
  }

  /** The agent is away, or will not be. */
  forgetAgent(agent: AgentRecord): void {
    this.rescindFor(agent);
    for (const pause of this.#departures.get(agent)?.pauses.values() ?? []) clearTimeout(pause);
    this.#departures.delete(agent);
  }

  /** Takes back what is asked about an agent. */
  rescindFor(agent: AgentRecord): void {
    for (const offer of [...(this.#departures.get(agent)?.offers.values() ?? [])]) {
      this.#remove(offer);
      const rescind = { inverse_offer_id: { value: offer.id } };
      this.#around.send(offer.framework, { type: 'RESCIND_INVERSE_OFFER', rescind_inverse_offer: rescind });
    }
  }

  /** The framework can no longer answer. */
  forgetFramework(framework: FrameworkRecord): void {
    for (const offer of [...this.#offers.values()]) if (offer.framework === framework) this.#remove(offer);
  }

  stop(): void {
    for (const { pauses } of this.#departures.values()) for (const pause of pauses.values()) clearTimeout(pause);
  }

  #remove({ id, framework, agent }: InverseOffer): void {
    this.#offers.delete(id);
    this.#departures.get(agent)?.offers.delete(framework.id);
  }
}

/** Connected ones that run something on the agent, or are offered something of it. */
function frameworksOn({ tasks, offers }: AgentRecord): ReadonlySet<FrameworkRecord> {
  const all = [...tasks, ...offers.values()].map(({ framework }) => framework);
  return new Set(all.filter(({ stream }) => stream !== undefined));
}

const describe = ({ id, framework, agent }: InverseOffer, { unavailability }: Departure) => ({
  id: { value: id },
  url: describeUrl(agent),
  framework_id: { value: framework.id },
  agent_id: { value: agent.id },
  unavailability,
});
