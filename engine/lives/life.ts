import { AsyncLocalStorage } from 'node:async_hooks';
import type { Server as HttpServer } from 'node:http';
import type { Server, Socket } from 'node:net';
import { HeldSocket } from './held-socket.ts';
import { watchProcess, type Destination, type TimerTurn } from './watch-process.ts';

/** What a life is in: it is `over` when its component has stopped or was killed. */
export type LifeState = 'running' | 'paused' | 'over';

const lives = new AsyncLocalStorage<Life>();

/** What a paused server must not do by itself: end connections because nobody answers. */
interface PausedServer {
  readonly headersTimeout: number;
  readonly requestTimeout: number;
}

/**
 * One run of a component that shares its process with others, as if it had a process of its own: everything that begins
 * within `run` (timers, connections, servers) belongs to it, and can be held or ended from outside without a word to the
 * component. What only comes through functions that were passed in (files, processes, elections) is held by
 * world-of-life.ts.
 */
export class Life {
  #state: LifeState = 'running';
  readonly #timers = new Set<NodeJS.Timeout>();
  /** Whose time came while everything stood still, in that order. */
  readonly #overdue = new Map<NodeJS.Timeout, () => void>();
  readonly #sockets = new Map<Socket, HeldSocket>();
  readonly #servers = new Map<Server, PausedServer | undefined>();
  readonly #waiting = new Set<() => void>();
  readonly #endings = new Set<() => void>();
  readonly #pauses = new Set<() => void>();
  #isCutOff: ((to: Destination) => boolean) | undefined;

  constructor() {
    watchProcess({
      onAccepted: (socket) => {
        lives.getStore()?.accepted(socket);
      },
      onConnect: (socket, to, connect) => {
        const life = lives.getStore();
        if (life === undefined) connect();
        else life.connects(socket, to, connect);
      },
      onTimer: (action, isOnce) => lives.getStore()?.timer(action, isOnce),
      onCleared: (timer) => {
        lives.getStore()?.forget(timer);
      },
    });
  }

  /** The life that the code runs in now. */
  static current(): Life | undefined {
    return lives.getStore();
  }

  /** What is started in there belongs to no life: a task's server that outlives its agent. */
  static outside<T>(action: () => T): T {
    return lives.exit(action);
  }

  get state(): LifeState {
    return this.#state;
  }

  get isCutOff(): boolean {
    return this.#isCutOff !== undefined;
  }

  /** Runs something as a part of this life. */
  run<T>(action: () => T): T {
    return lives.run(this, action);
  }

  /** Resolves when the component may go on: at once, when it is resumed, or never. */
  turn(): Promise<void> {
    if (this.#state === 'running') return Promise.resolve();
    return new Promise((resolve) => {
      if (this.#state === 'paused') this.#waiting.add(resolve);
    });
  }

  /** What is called when the life is over. */
  onOver(action: () => void): void {
    this.#endings.add(action);
  }

  /** What is called each time that the life is paused, from outside of it. */
  onPause(action: () => void): void {
    this.#pauses.add(action);
  }

  /** Everything stands still, as with SIGSTOP: connections stay open, and nothing is answered. */
  pause(): void {
    if (this.#state !== 'running') return;
    this.#state = 'paused';
    for (const held of this.#sockets.values()) held.hold('paused');
    for (const server of this.#servers.keys()) this.#servers.set(server, withoutTimeouts(server));
    for (const action of this.#pauses) Life.outside(action);
  }

  /** Goes on; what was due meanwhile is done at once, in its order. */
  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    for (const [server, timeouts] of this.#servers) if (timeouts !== undefined) Object.assign(server, timeouts);
    this.#releaseAll('paused');
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
    for (const [timer, action] of [...this.#overdue]) {
      // One of those before it may have cleared it.
      if (!this.#overdue.delete(timer)) continue;
      this.run(action);
    }
  }

  /** Nothing gets through from this life to these destinations, nor back, and nobody is told; undefined: all does again. */
  cutOff(isCutOff: ((to: Destination) => boolean) | undefined): void {
    this.#isCutOff = isCutOff;
    this.#releaseAll('cut');
    for (const held of this.#sockets.values()) {
      if (held.destination !== undefined && isCutOff?.(held.destination) === true) held.hold('cut');
    }
  }

  /** Ends everything at once, as with SIGKILL: nothing more is said, saved or answered. Resolves when its ports are free. */
  async kill(): Promise<void> {
    if (this.#state === 'over') return;
    this.#state = 'over';
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#overdue.clear();
    this.#waiting.clear();
    for (const action of this.#endings) action();
    const closed = [...this.#servers.keys()].map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => {
            resolve();
          });
        }),
    );
    for (const held of this.#sockets.values()) held.reset();
    this.#sockets.clear();
    await Promise.all(closed);
    this.#servers.clear();
  }

  #releaseAll(reason: 'paused' | 'cut'): void {
    for (const [socket, held] of this.#sockets) {
      // What comes of it, such as a connection that is made only now, belongs to this life.
      this.run(() => {
        held.release(reason);
      });
      // Its owner has closed it meanwhile.
      if (socket.destroyed && !held.isHeld) this.#sockets.delete(socket);
    }
  }

  /** A server of this life. */
  own(server: Server): void {
    this.#servers.set(server, undefined);
    server.once('close', () => this.#servers.delete(server));
  }

  /** For watch-process.ts, as all after it. */
  accepted(socket: Socket): void {
    const held = new HeldSocket(socket);
    if (this.#state === 'over') held.reset();
    else this.#adopt(socket, held);
  }

  connects(socket: Socket, to: Destination | undefined, connect: () => void): void {
    const held = new HeldSocket(socket, to);
    if (this.#state !== 'over') this.#adopt(socket, held);
    const hasNoWay = to !== undefined && (this.#state === 'over' || this.#isCutOff?.(to) === true);
    if (hasNoWay) held.connectLater(connect);
    else connect();
  }

  #adopt(socket: Socket, held: HeldSocket): void {
    this.#sockets.set(socket, held);
    socket.once('close', () => {
      if (!held.isHeld) this.#sockets.delete(socket);
    });
    if (this.#state === 'running') return;
    // Node.js begins to read after this turn.
    process.nextTick(() => {
      if (this.#state === 'paused') held.hold('paused');
    });
  }

  /** Its action waits while the life is paused, and is dropped once it is over. */
  timer(action: () => void, isOnce: boolean): TimerTurn {
    let timer: NodeJS.Timeout | undefined;
    return {
      started: (started) => {
        timer = started;
        if (this.#state === 'over') clearTimeout(started);
        else this.#timers.add(started);
      },
      turn: () => {
        if (timer === undefined || this.#state === 'over') return;
        if (this.#state === 'paused') {
          this.#overdue.set(timer, action);
          return;
        }
        if (isOnce) this.#timers.delete(timer);
        // Whoever runs timers in the system's place (a test's clock) need not know in which context they were started.
        this.run(action);
      },
    };
  }

  forget(timer: NodeJS.Timeout): void {
    this.#timers.delete(timer);
    this.#overdue.delete(timer);
  }
}

function withoutTimeouts(server: Server): PausedServer | undefined {
  if (!('headersTimeout' in server)) return undefined;
  const { headersTimeout, requestTimeout } = server as HttpServer;
  Object.assign(server, { headersTimeout: 0, requestTimeout: 0 });
  return { headersTimeout, requestTimeout };
}
