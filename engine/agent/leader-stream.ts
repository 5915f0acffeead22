import type { Candidate, Discovery } from '../discovery/discovery.ts';

export interface LeaderStreamOptions<Client> {
  readonly masters: Discovery;
  /** First pause, and the longest: it doubles, as registration_backoff_factor of Mesos. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** Spreads the pauses, so that a thousand agents do not come back at once. */
  readonly random: () => number;
  readonly log: (line: string) => void;
  /** @param url of the master that leads now */
  readonly connect: (url: string) => Client;
  /** Opens a stream; when that ends by itself, `restart` is called with the reason. */
  readonly open: (client: Client) => { readonly close: () => void };
  /** The stream has been closed, or there never was one. */
  readonly onClosed: () => void;
}

/** Of the first word on a stream. */
const openTimeoutMs = 10_000;

/** Keeps a stream open to whichever master leads. */
export class LeaderStream<Client extends { readonly close: () => void }> {
  readonly #options: LeaderStreamOptions<Client>;
  readonly #unwatch: () => void;
  #leader: Candidate | undefined;
  #client: Client | undefined;
  #stream: { readonly close: () => void } | undefined;
  /** For the next attempt, or for a master that says nothing. */
  #timer: NodeJS.Timeout | undefined;
  #attempts = 0;

  constructor(options: LeaderStreamOptions<Client>) {
    this.#options = options;
    this.#unwatch = options.masters.watch((leader) => {
      this.#follow(leader);
    });
  }

  get leader(): Candidate | undefined {
    return this.#leader;
  }

  get client(): Client | undefined {
    return this.#client;
  }

  /** The master has taken us: the next pause is a short one again. */
  accepted(): void {
    this.#attempts = 0;
  }

  /** Restarts when nothing more is heard for so long. */
  expectWithin(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.restart(`Nothing was heard of the master within ${ms / 1000} s`);
    }, ms).unref();
  }

  /** Something was heard: the time that was given last begins anew. */
  heard(): void {
    this.#timer?.refresh();
  }

  /** Breaks the stream off and opens another one, after a pause. */
  restart(reason: string): void {
    this.#close();
    if (this.#leader === undefined) return;
    const { backoffMs, maxBackoffMs, random, log } = this.#options;
    const limit = Math.min(backoffMs * 2 ** this.#attempts, maxBackoffMs);
    this.#attempts = Math.min(this.#attempts + 1, 16);
    const pauseMs = limit * (0.5 + random() / 2);
    log(`Not registered with ${this.#leader.url}: ${reason}; next attempt in ${Math.round(pauseMs)} ms`);
    this.#timer = setTimeout(() => {
      this.#open();
    }, pauseMs).unref();
  }

  stop(): void {
    this.#unwatch();
    this.#close();
    this.#leader = undefined;
    this.#client?.close();
  }

  #follow(leader: Candidate | undefined): void {
    if (leader?.id === this.#leader?.id && leader?.url === this.#leader?.url) return;
    this.#close();
    this.#client?.close();
    this.#client = leader === undefined ? undefined : this.#options.connect(leader.url);
    this.#leader = leader;
    this.#attempts = 0;
    this.#options.log(leader === undefined ? 'There is no leading master' : `New master detected at ${leader.url}`);
    this.#open();
  }

  #open(): void {
    if (this.#client === undefined) return;
    this.#stream = this.#options.open(this.#client);
    this.expectWithin(openTimeoutMs);
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#stream?.close();
    this.#stream = undefined;
    this.#options.onClosed();
  }
}
