import { AsyncResource } from 'node:async_hooks';
import { Duplex } from 'node:stream';
import type { VirtualTime } from './virtual-time.ts';

type Arrival = { readonly kind: 'data'; readonly bytes: Buffer } | { readonly kind: 'end' | 'reset' };

const systemError = (code: string) => Object.assign(new Error(code), { code });

/** One end of a TCP connection that is in memory, as far as Node's HTTP and the engine's HeldSocket look at one. */
export class MemorySocket extends Duplex {
  connecting = false;
  timeout = 0;
  readonly remoteAddress: string;
  /** As that of the system: what arrives while it does not read waits. */
  readonly _handle = {
    reading: true,
    getAsyncId: () => this.#context.asyncId(),
    readStop: () => undefined,
    readStart: () => {
      this.#takeAll();
    },
  };
  readonly #time: VirtualTime;
  /** Whoever made it: there its events come, as with the system's. */
  readonly #context = new AsyncResource('MemorySocket');
  #peer: MemorySocket | undefined;
  readonly #arrived: Arrival[] = [];
  /** On its way to the other end. */
  #underWay: Arrival[] = [];
  #timer: ReturnType<VirtualTime['after']> | undefined;
  #timerAt = 0;
  #activeAt = 0;
  #isReset = false;

  constructor(time: VirtualTime, remoteAddress: string, allowHalfOpen: boolean) {
    super({ allowHalfOpen, emitClose: false });
    this.#time = time;
    this.remoteAddress = remoteAddress;
  }

  get pending(): boolean {
    return this.#peer === undefined;
  }

  /** Both know each other from now on. */
  static connect(one: MemorySocket, other: MemorySocket): void {
    one.#peer = other;
    other.#peer = one;
  }

  setTimeout(ms: number, onTimeout?: () => void): this {
    this.timeout = ms;
    this.#activeAt = this.#time.elapsedMs;
    if (onTimeout !== undefined && ms > 0) this.once('timeout', onTimeout);
    this.#watchTimeout();
    return this;
  }

  readonly setNoDelay = () => this;
  readonly setKeepAlive = () => this;
  readonly ref = () => this;
  readonly unref = () => this;

  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  resetAndDestroy(): this {
    this.#isReset = true;
    return this.destroy();
  }

  override _read(): void {
    // What arrives is pushed.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#whenConnected(() => {
      this.#active();
      this.#send({ kind: 'data', bytes: chunk });
      callback();
    });
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], callback: (error?: Error | null) => void): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'utf8', callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#whenConnected(() => {
      this.#send({ kind: 'end' });
      callback();
    });
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    if (this.#timer !== undefined) this.#time.cancel(this.#timer);
    this.#send({ kind: this.#isReset ? 'reset' : 'end' });
    callback(error);
    // As that of the system, which tells whoever made the socket, not whoever destroyed it.
    this.#context.runInAsyncScope(() => {
      process.nextTick(() => this.emit('close', error !== null));
    });
  }

  #whenConnected(action: () => void): void {
    if (this.connecting) this.once('connect', action);
    else action();
  }

  #send(arrival: Arrival): void {
    const peer = this.#peer;
    if (peer === undefined) return;
    // What is written until the first of it arrives comes with it.
    if (this.#underWay.push(arrival) > 1) return;
    this.#time.after(1 + this.#time.random() * 4, () => {
      const arrived = this.#underWay;
      this.#underWay = [];
      peer.#context.runInAsyncScope(() => {
        peer.#arrive(arrived);
      });
    });
  }

  #arrive(arrived: readonly Arrival[]): void {
    if (this.destroyed) {
      // Who writes to one that is gone hears of it.
      if (this._handle.reading && arrived.some(({ kind }) => kind === 'data')) this.#send({ kind: 'reset' });
      return;
    }
    this.#arrived.push(...arrived);
    if (this._handle.reading) this.#takeAll();
  }

  #takeAll(): void {
    for (const arrival of this.#arrived.splice(0)) {
      if (this.destroyed) return;
      this.#active();
      if (arrival.kind === 'data') this.push(arrival.bytes);
      else if (arrival.kind === 'end') this.#ended();
      else this.destroy(systemError('ECONNRESET'));
    }
  }

  #ended(): void {
    if (!this.readableEnded) this.push(null);
  }

  #active(): void {
    this.#activeAt = this.#time.elapsedMs;
  }

  /** What happens meanwhile moves the time on, not the timer: most are never due. */
  #watchTimeout(): void {
    if (this.timeout === 0 || this.destroyed) return;
    const at = this.#activeAt + this.timeout;
    if (this.#timer !== undefined) {
      if (this.#timerAt <= at) return;
      this.#time.cancel(this.#timer);
    }
    this.#timerAt = at;
    this.#timer = this.#time.after(at - this.#time.elapsedMs, () => {
      this.#timer = undefined;
      if (this.timeout > 0 && this.#activeAt + this.timeout <= this.#time.elapsedMs) {
        this.#context.runInAsyncScope(() => this.emit('timeout'));
      } else this.#watchTimeout();
    });
  }
}
