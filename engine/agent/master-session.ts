import type { AgentCall, AgentEvent, AgentRegistration } from '../../protocol/agent-api.ts';
import type { Candidate, Discovery } from '../discovery/discovery.ts';
import { LeaderStream } from './leader-stream.ts';
import { masterClient, type MasterClient } from './master-client.ts';

export interface MasterSessionOptions {
  readonly masters: Discovery;
  /** First pause, and the longest: it doubles, as registration_backoff_factor of Mesos. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  readonly silenceMs: number;
  readonly log: (line: string) => void;
  /** What the agent says of itself now. */
  readonly registration: () => AgentRegistration;
  readonly onSubscribed: (agentId: string) => void;
  readonly onDisconnected: () => void;
  /** All events but SUBSCRIBED and PING. */
  readonly onEvent: (event: AgentEvent) => void;
}

/** Keeps the agent registered with whichever master leads. */
export class MasterSession {
  readonly #options: MasterSessionOptions;
  #agentId: string | undefined;
  readonly #stream: LeaderStream<MasterClient>;

  constructor(options: MasterSessionOptions) {
    this.#options = options;
    const { masters, backoffMs, maxBackoffMs, log } = options;
    this.#stream = new LeaderStream({
      ...{ masters, backoffMs, maxBackoffMs, log, connect: masterClient },
      random: () => Math.random(),
      open: (client) => this.#subscribe(client),
      onClosed: () => {
        this.#closed();
      },
    });
  }

  /** The master that the agent is registered with. */
  get master(): Candidate | undefined {
    return this.#agentId === undefined ? undefined : this.#stream.leader;
  }

  /** Does nothing when the agent is not registered. Never rejects: a lost call is made good for by its own retry. */
  async send(call: AgentCall): Promise<void> {
    if (this.#agentId === undefined) return;
    await this.#stream.client?.call(call).catch((error: unknown) => {
      this.#options.log(`${call.type} was not taken: ${error instanceof Error ? error.message : String(error)}`);
    });
  }

  /** Breaks the session off and registers again, after a pause. */
  restart(reason: string): void {
    this.#stream.restart(reason);
  }

  stop(): void {
    this.#stream.stop();
  }

  #subscribe(client: MasterClient) {
    const call: AgentCall = { type: 'SUBSCRIBE', subscribe: this.#options.registration() };
    return client.subscribe(call, {
      onEvent: (event) => {
        this.#take(event);
      },
      onEnd: (reason) => {
        this.restart(reason);
      },
    });
  }

  #take(event: AgentEvent): void {
    this.#stream.expectWithin(this.#options.silenceMs);
    if (event.type === 'SUBSCRIBED') {
      this.#stream.accepted();
      this.#agentId = event.subscribed.agent_id.value;
      this.#options.onSubscribed(this.#agentId);
    } else if (event.type === 'PING') {
      if (this.#agentId !== undefined) void this.send({ type: 'PONG', agent_id: { value: this.#agentId } });
    } else {
      this.#options.onEvent(event);
    }
  }

  #closed(): void {
    if (this.#agentId === undefined) return;
    this.#agentId = undefined;
    this.#options.onDisconnected();
  }
}
