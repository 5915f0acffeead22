import type { Socket } from 'node:net';
import type { Destination } from './watch-process.ts';

/** Why a connection stands still: its component does, or there is no way to the other end. */
type Reason = 'paused' | 'cut';

/** The methods by which a stream of Node.js does what its owner asked for; an own property goes before its class's. */
type Doing = Pick<Socket, '_write' | '_writev' | '_final' | '_destroy'>;

/** The system's end of a socket (lib/net.js): what it reads while its stream is destroyed ends the process. */
interface Handle {
  reading: boolean;
  onread: () => void;
  readonly readStart: () => void;
  readonly readStop: () => void;
}

/** What Node.js lets us set, though its types do not. */
interface Settable extends Partial<Doing> {
  connecting: boolean;
  readableFlowing: boolean | null;
}

/** A connection that can be made to stand still in both directions without its owner, or the other end, being told. */
export class HeldSocket {
  readonly #socket: Socket;
  readonly #reasons = new Set<Reason>();
  /** What the owner asked for since it stands still. */
  readonly #waiting: (() => void)[] = [];
  /** Whether it was read, as `readableFlowing`; `untouched`: there was nothing to read yet. */
  #flowing: boolean | null | 'untouched' = 'untouched';
  /** Of which nothing is read now, but was before. */
  #handle: Handle | undefined;
  /** The owner's, while it is paused. */
  #timeoutMs = 0;

  /** @param destination where it connects to; undefined: it was accepted, or goes to no port */
  constructor(
    socket: Socket,
    readonly destination?: Destination,
  ) {
    this.#socket = socket;
  }

  /** Has it connect only when it is released from a cut: as when nobody answers to SYN, what is written is kept. */
  connectLater(connect: () => void): void {
    const settable: Settable = this.#socket;
    settable.connecting = true;
    this.#reasons.add('cut');
    this.#waiting.push(() => {
      if (!this.#socket.destroyed) connect();
    });
  }

  get isHeld(): boolean {
    return this.#reasons.size > 0;
  }

  hold(reason: Reason): void {
    if (this.#socket.destroyed || this.#reasons.has(reason)) return;
    if (this.#reasons.size === 0) this.#shut();
    this.#reasons.add(reason);
    if (reason === 'cut') return;
    this.#timeoutMs = this.#socket.timeout ?? 0;
    this.#socket.setTimeout(0);
  }

  /** What waits goes on its way, unless it is held for another reason. */
  release(reason: Reason): void {
    if (!this.#reasons.delete(reason)) return;
    if (reason === 'paused' && this.#timeoutMs > 0) this.#socket.setTimeout(this.#timeoutMs);
    if (this.#reasons.size === 0) this.#open();
  }

  /** Ends it at once; the other end gets a reset. */
  reset(): void {
    const socket = this.#socket;
    // Nobody is there any more to hear of errors.
    socket.removeAllListeners('error').on('error', () => undefined);
    // What waits on one that its owner has closed is that it be closed.
    if (!socket.destroyed) this.#waiting.length = 0;
    if (this.#reasons.size > 0) this.#open();
    this.#reasons.clear();
    if (socket.connecting || socket.pending) socket.destroy();
    else socket.resetAndDestroy();
  }

  #shut(): void {
    const waiting = this.#waiting;
    const socket: Partial<Doing> & Socket = this.#socket;
    const { _write, _writev, _final, _destroy } = socket as Doing;
    this.#flowing = socket.readableFlowing;
    const handle = handleOf(socket);
    if (handle?.reading === true) {
      this.#handle = handle;
      handle.reading = false;
      handle.readStop();
    }
    socket.pause();
    socket._write = (chunk, encoding, callback) => {
      waiting.push(() => {
        _write.call(socket, chunk, encoding, callback);
      });
    };
    socket._writev = (chunks, callback) => {
      waiting.push(() => {
        _writev?.call(socket, chunks, callback);
      });
    };
    socket._final = (callback) => {
      waiting.push(() => {
        _final.call(socket, callback);
      });
    };
    // To its owner it is closed (net.Socket itself says so); to the other end it is as before.
    socket._destroy = (error, callback) => {
      waiting.length = 0;
      // It may have begun to read since, or be read by somebody else (a parser of HTTP): nobody takes that any more.
      const left = handleOf(socket);
      if (left) left.onread = () => undefined;
      waiting.push(() => {
        socket.removeAllListeners();
        _destroy.call(socket, error, () => undefined);
      });
      callback(error);
      process.nextTick(() => socket.emit('close', error !== null));
    };
  }

  #open(): void {
    const socket = this.#socket;
    const settable: Settable = socket;
    delete settable._write;
    delete settable._writev;
    delete settable._final;
    delete settable._destroy;
    for (const action of this.#waiting.splice(0)) action();
    const handle = this.#handle;
    this.#handle = undefined;
    if (handle?.reading === false && !socket.destroyed) {
      handle.reading = true;
      handle.readStart();
    }
    if (this.#flowing === 'untouched' || socket.destroyed) return;
    // Nobody read it yet: who begins to is let.
    if (this.#flowing === null) settable.readableFlowing = null;
    if (this.#flowing === true || (this.#flowing === null && socket.listenerCount('data') > 0)) socket.resume();
    this.#flowing = 'untouched';
  }
}

const handleOf = (socket: object) => (socket as { readonly _handle?: Handle | null })._handle;
