import type { ChannelEvent } from '../../protocol/agent-api.ts';
import type { Candidate, Discovery } from '../discovery/discovery.ts';
import { LeaderStream } from '../agent/leader-stream.ts';
import { sharedClient, type SharedClient } from './shared-client.ts';

export interface SharedSessionOptions {
  readonly masters: Discovery;
  /** First pause, and the longest: it doubles, as registration_backoff_factor of Mesos. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  readonly silenceMs: number;
  readonly random: () => number;
  readonly log: (line: string) => void;
  /** There is a stream: agents can subscribe. */
  readonly onOpen: () => void;
  readonly onClosed: () => void;
  readonly onEvent: (event: ChannelEvent) => void;
}

/** A call that waits to be sent. */
export interface Outgoing {
  /** As JSON, made when it is sent: ten thousand registrations with their tasks need not be there at once. */
  readonly text: () => string;
  readonly onRefused?: (reason: string) => void;
  /** Goes before all that waits: a master that hears no answer to its pings takes all agents for lost. */
  readonly isUrgent?: boolean;
}

/** So that a master is not kept from others for long. */
const maxBatchChars = 128 * 1024;

/** Keeps a stream open to whichever master leads, and sends the calls of all agents: what gathers while one is answered goes together. */
export class SharedSession {
  readonly #options: SharedSessionOptions;
  #streamId: string | undefined;
  #outgoing: Outgoing[] = [];
  #isSending = false;
  readonly #stream: LeaderStream<SharedClient>;

  constructor(options: SharedSessionOptions) {
    this.#options = options;
    const { masters, backoffMs, maxBackoffMs, random, log } = options;
    this.#stream = new LeaderStream({
      ...{ masters, backoffMs, maxBackoffMs, random, log, connect: sharedClient },
      open: (client) => this.#open(client),
      onClosed: () => {
        this.#closed();
      },
    });
  }

  /** The master that the stream is open to. */
  get master(): Candidate | undefined {
    return this.#streamId === undefined ? undefined : this.#stream.leader;
  }

  /** Does nothing without a stream: whoever subscribes anew says everything anew. */
  send(call: Outgoing): void {
    if (this.#streamId === undefined) return;
    if (call.isUrgent === true) this.#outgoing.unshift(call);
    else this.#outgoing.push(call);
    if (this.#isSending) return;
    this.#isSending = true;
    setImmediate(() => void this.#sendAll());
  }

  stop(): void {
    this.#stream.stop();
  }

  #open(client: SharedClient) {
    return client.open({
      onOpen: (streamId) => {
        this.#stream.accepted();
        this.#streamId = streamId;
        this.#stream.expectWithin(this.#options.silenceMs);
        this.#options.onOpen();
      },
      onEvent: (event) => {
        this.#stream.heard();
        this.#options.onEvent(event);
      },
      onEnd: (reason) => {
        this.#stream.restart(reason);
      },
    });
  }

  async #sendAll(): Promise<void> {
    while (this.#outgoing.length > 0 && this.#streamId !== undefined) {
      const streamId = this.#streamId;
      const { calls, texts } = this.#nextBatch();
      try {
        const { refused } = (await this.#stream.client?.call(streamId, texts)) ?? { refused: [] };
        for (const { index, status, message } of refused) calls[index]?.onRefused?.(`HTTP ${status} ${message}`);
        const [first] = refused;
        if (first !== undefined) {
          this.#options.log(
            `${refused.length} calls were not taken, the first one: HTTP ${first.status} ${first.message}`,
          );
        }
      } catch (error) {
        if (streamId === this.#streamId) this.#stream.restart(error instanceof Error ? error.message : String(error));
      }
    }
    this.#isSending = false;
  }

  #nextBatch(): { readonly calls: readonly Outgoing[]; readonly texts: readonly string[] } {
    const texts: string[] = [];
    let length = 0;
    for (const { text } of this.#outgoing) {
      if (length >= maxBatchChars) break;
      const json = text();
      texts.push(json);
      length += json.length;
    }
    return { calls: this.#outgoing.splice(0, texts.length), texts };
  }

  #closed(): void {
    this.#outgoing = [];
    if (this.#streamId === undefined) return;
    this.#streamId = undefined;
    this.#options.onClosed();
  }
}
