import type { ChannelEvent } from '../../protocol/agent-api.ts';
import type { Candidate, Discovery } from '../discovery/discovery.ts';
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
}

const openTimeoutMs = 10_000;
/** So that a master is not kept from others for long. */
const maxBatchChars = 128 * 1024;

/** Keeps a stream open to whichever master leads, and sends the calls of all agents: what gathers while one is answered goes together. */
export class SharedSession {
  readonly #options: SharedSessionOptions;
  readonly #unwatch: () => void;
  #leader: Candidate | undefined;
  #client: SharedClient | undefined;
  #stream: { readonly close: () => void } | undefined;
  #streamId: string | undefined;
  #outgoing: Outgoing[] = [];
  #isSending = false;
  /** For the next attempt, or for a master that says nothing. */
  #timer: NodeJS.Timeout | undefined;
  #attempts = 0;

  constructor(options: SharedSessionOptions) {
    this.#options = options;
    this.#unwatch = options.masters.watch((leader) => {
      this.#follow(leader);
    });
  }

  /** The master that the stream is open to. */
  get master(): Candidate | undefined {
    return this.#streamId === undefined ? undefined : this.#leader;
  }

  /** Does nothing without a stream: whoever subscribes anew says everything anew. */
  send(call: Outgoing): void {
    if (this.#streamId === undefined) return;
    this.#outgoing.push(call);
    if (this.#isSending) return;
    this.#isSending = true;
    setImmediate(() => void this.#sendAll());
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
    this.#client = leader === undefined ? undefined : sharedClient(leader.url);
    this.#leader = leader;
    this.#attempts = 0;
    this.#options.log(leader === undefined ? 'There is no leading master' : `New master detected at ${leader.url}`);
    this.#open();
  }

  #open(): void {
    this.#stream = this.#client?.open({
      onOpen: (streamId) => {
        this.#attempts = 0;
        this.#streamId = streamId;
        this.#expectWithin(this.#options.silenceMs);
        this.#options.onOpen();
      },
      onEvent: (event) => {
        this.#timer?.refresh();
        this.#options.onEvent(event);
      },
      onEnd: (reason) => {
        this.#restart(reason);
      },
    });
    if (this.#stream !== undefined) this.#expectWithin(openTimeoutMs);
  }

  async #sendAll(): Promise<void> {
    while (this.#outgoing.length > 0 && this.#streamId !== undefined) {
      const streamId = this.#streamId;
      const { calls, texts } = this.#nextBatch();
      try {
        const { refused } = (await this.#client?.call(streamId, texts)) ?? { refused: [] };
        for (const { index, status, message } of refused) calls[index]?.onRefused?.(`HTTP ${status} ${message}`);
        const [first] = refused;
        if (first !== undefined) {
          this.#options.log(
            `${refused.length} calls were not taken, the first one: HTTP ${first.status} ${first.message}`,
          );
        }
      } catch (error) {
        if (streamId === this.#streamId) this.#restart(error instanceof Error ? error.message : String(error));
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

  #expectWithin(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#restart(`Nothing was heard of the master within ${ms / 1000} s`);
    }, ms).unref();
  }

  /** Breaks the session off and opens another one, after a pause that is drawn: others may come back as well. */
  #restart(reason: string): void {
    this.#disconnect();
    if (this.#leader === undefined) return;
    const limit = Math.min(this.#options.backoffMs * 2 ** this.#attempts, this.#options.maxBackoffMs);
    this.#attempts = Math.min(this.#attempts + 1, 16);
    const pauseMs = limit * (0.5 + this.#options.random() / 2);
    const next = `next attempt in ${Math.round(pauseMs)} ms`;
    this.#options.log(`Not registered with ${this.#leader.url}: ${reason}; ${next}`);
    this.#timer = setTimeout(() => {
      this.#open();
    }, pauseMs).unref();
  }

  #disconnect(): void {
    clearTimeout(this.#timer);
    this.#stream?.close();
    this.#stream = undefined;
    this.#outgoing = [];
    if (this.#streamId === undefined) return;
    this.#streamId = undefined;
    this.#options.onClosed();
  }
}
