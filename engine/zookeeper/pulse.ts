interface PulseOptions {
  /** As granted. */
  readonly sessionTimeoutMs: number;
  /** A request without an answer for so long means that the server is stuck. */
  readonly requestTimeoutMs: number;
  /** When the oldest request without an answer was sent. */
  readonly oldestRequestAt: () => number | undefined;
  readonly sendPing: () => void;
  readonly onDead: (reason: string) => void;
}

const minIntervalMs = 50;

/**
 * Keeps the session of a connection alive, and finds out when nobody is there any more: after two thirds of its time,
 * as all clients do, so that the last third is left for another server. Times are milliseconds since 1970.
 */
export class Pulse {
  readonly #options: PulseOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #intervalMs: number;
  #heardAt: number;
  #lastBeat: number;
  #beats = 0;
  #pingSentAt: number | undefined;
  #confirmedAt: number;

  /** @param handshakeSentAt the first message that the server has answered */
  constructor(options: PulseOptions, handshakeSentAt: number) {
    this.#options = options;
    this.#confirmedAt = handshakeSentAt;
    this.#heardAt = Date.now();
    this.#lastBeat = this.#heardAt;
    this.#intervalMs = Math.max(minIntervalMs, options.sessionTimeoutMs / 6);
    this.#timer = setInterval(() => {
      this.#beat(Date.now());
    }, this.#intervalMs);
  }

  /** When the last message that has been answered was sent: the server heard of the session then or later. */
  get confirmedAt(): number {
    return this.#confirmedAt;
  }

  /** Something has come from the server. */
  heard(): void {
    this.#heardAt = Date.now();
  }

  answered(sentAt: number): void {
    this.#confirmedAt = Math.max(this.#confirmedAt, sentAt);
  }

  pingAnswered(): void {
    this.answered(this.#pingSentAt ?? 0);
    this.#pingSentAt = undefined;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #beat(now: number): void {
    const { sessionTimeoutMs, requestTimeoutMs, oldestRequestAt, sendPing, onDead } = this.#options;
    // This process itself stood still: what the server said in the meantime has not been read yet.
    const isLate = now - this.#lastBeat > this.#intervalMs * 2;
    this.#lastBeat = now;
    this.#beats += 1;
    if (!isLate && now - this.#heardAt > (sessionTimeoutMs * 2) / 3) {
      onDead('the server has gone silent');
    } else if (!isLate && now - (oldestRequestAt() ?? now) > requestTimeoutMs) {
      onDead('the server does not answer');
    } else if (this.#beats % 2 === 0 && this.#pingSentAt === undefined) {
      this.#pingSentAt = now;
      sendPing();
    }
  }
}
