import type { AgentEvent, ChannelEvent } from '../../../protocol/agent-api.ts';
import type { AgentRecord, EventStream } from '../records.ts';

interface Channel {
  readonly stream: EventStream<AgentEvent>;
  agent: AgentRecord | undefined;
}

/** The stream of several agents of one process (protocol/agent-api.ts): each has a channel, and takes it for its own. */
export class SharedStream {
  readonly #stream: EventStream<ChannelEvent>;
  readonly #channels = new Map<number, Channel>();
  /** Channels that are pinged in this turn of the event loop: one event for all of them. */
  #pinged: number[] = [];

  constructor(stream: EventStream<ChannelEvent>) {
    this.#stream = stream;
  }

  /**
   * Opens a channel; false when there is one.
   * @param subscribe makes the agent that has it
   */
  open(channel: number, subscribe: (stream: EventStream<AgentEvent>) => AgentRecord | undefined): boolean {
    if (this.#channels.has(channel)) return false;
    const opened: Channel = { stream: this.#streamOf(channel), agent: undefined };
    this.#channels.set(channel, opened);
    opened.agent = subscribe(opened.stream);
    return true;
  }

  /** Pings of these were answered. */
  answered(channels: readonly number[]): void {
    for (const channel of channels) {
      const { agent, stream } = this.#channels.get(channel) ?? {};
      if (agent?.stream === stream && agent !== undefined) agent.hasAnsweredPing = true;
    }
  }

  close(): void {
    this.#stream.close();
  }

  /** The client is gone; says which agents with it. */
  takeAll(): readonly { readonly agent: AgentRecord; readonly stream: EventStream<AgentEvent> }[] {
    const channels = [...this.#channels.values()];
    this.#channels.clear();
    return channels.flatMap(({ agent, stream }) => (agent === undefined ? [] : [{ agent, stream }]));
  }

  #streamOf(channel: number): EventStream<AgentEvent> {
    const whole = this.#stream;
    return {
      id: `${whole.id} ${channel}`,
      send: (event) => {
        if (event.type === 'PING') this.#ping(channel);
        else whole.send({ channels: [channel], event });
      },
      close: () => {
        if (this.#channels.delete(channel)) whole.send({ channels: [channel], event: { type: 'CLOSED' } });
      },
      get unreadBytes() {
        return whole.unreadBytes;
      },
      drained: whole.drained,
    };
  }

  #ping(channel: number): void {
    if (this.#pinged.push(channel) > 1) return;
    setImmediate(() => {
      const channels = this.#pinged;
      this.#pinged = [];
      this.#stream.send({ channels, event: { type: 'PING' } });
    });
  }
}
