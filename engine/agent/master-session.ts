import type { AgentCall, AgentEvent, AgentRegistration } from '../../protocol/agent-api.ts';
import type { Candidate, Discovery } from '../discovery/discovery.ts';
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

const subscribeTimeoutMs = 10_000;

/** Keeps the agent registered with whichever master leads. */
export class MasterSession {
  readonly #options: MasterSessionOptions;
  readonly #unwatch: () => void;
  #leader: Candidate | undefined;
  #client: MasterClient | undefined;
  #stream: { readonly close: () => void } | undefined;
  /** For the next attempt, or for a master that says nothing. */
  #timer: NodeJS.Timeout | undefined;
  #attempts = 0;
  #agentId: string | undefined;

  constructor(options: MasterSessionOptions) {
    this.#options = options;
    this.#unwatch = options.masters.watch((leader) => {
      this.#follow(leader);
    });
  }

  /** The master that the agent is registered with. */
  get master(): Candidate | undefined {
    return this.#agentId === undefined ? undefined : this.#leader;
  }

  /** Does nothing when the agent is not registered. Never rejects: a lost call is made good for by its own retry. */
  async send(call: AgentCall): Promise<void> {
    if (this.#agentId === undefined) return;
    await this.#client?.call(call).catch((error: unknown) => {
      this.#options.log(`${call.type} was not taken: ${error instanceof Error ? error.message : String(error)}`);
    });
  }

  /** Breaks the session off and registers again, after a pause. */
  restart(reason: string): void {
    this.#disconnect();
    this.#retry(reason);
  }

  stop(): void {
    this.#unwatch();
    this.#disconnect();
    this.#leader = undefined;
    this.#client?.close();
  }

  #follow(leader: Candidate | undefined): void {
    if (leader?.id === this.#leader?.id && leader?.url === this.#leader?.url) return;
    this.#disconnect();
    this.#client?.close();
    this.#client = leader === undefined ? undefined : masterClient(leader.url);
    this.#leader = leader;
    this.#attempts = 0;
    this.#options.log(leader === undefined ? 'There is no leading master' : `New master detected at ${leader.url}`);
    this.#subscribe();
  }

  #subscribe(): void {
    const call: AgentCall = { type: 'SUBSCRIBE', subscribe: this.#options.registration() };
    this.#stream = this.#client?.subscribe(call, {
      onEvent: (event) => {
        this.#take(event);
      },
      onEnd: (reason) => {
        this.restart(reason);
      },
    });
    if (this.#stream !== undefined) this.#expectWithin(subscribeTimeoutMs);
  }

  #take(event: AgentEvent): void {
    this.#expectWithin(this.#options.silenceMs);
    if (event.type === 'SUBSCRIBED') {
      this.#attempts = 0;
      this.#agentId = event.subscribed.agent_id.value;
      this.#options.onSubscribed(this.#agentId);
    } else if (event.type === 'PING') {
      if (this.#agentId !== undefined) void this.send({ type: 'PONG', agent_id: { value: this.#agentId } });
    } else {
      this.#options.onEvent(event);
    }
  }

  #expectWithin(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.restart(`Nothing was heard of the master within ${ms / 1000} s`);
    }, ms).unref();
  }

  #retry(reason: string): void {
    if (this.#leader === undefined) return;
    const limit = Math.min(this.#options.backoffMs * 2 ** this.#attempts, this.#options.maxBackoffMs);
    this.#attempts = Math.min(this.#attempts + 1, 16);
    // Spread, so that a thousand agents do not come back at once.
    const pauseMs = limit * (0.5 + Math.random() / 2);
    this.#options.log(`Not registered with ${this.#leader.url}: ${reason}; next attempt in ${Math.round(pauseMs)} ms`);
    this.#timer = setTimeout(() => {
      this.#subscribe();
    }, pauseMs).unref();
  }

  #disconnect(): void {
    clearTimeout(this.#timer);
    this.#stream?.close();
    this.#stream = undefined;
    if (this.#agentId === undefined) return;
    this.#agentId = undefined;
    this.#options.onDisconnected();
  }
}
