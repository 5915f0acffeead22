import { AsyncResource } from 'node:async_hooks';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { randomFrom } from './random.ts';
import { TimerQueue, VirtualTimer } from './timer-queue.ts';

type Start = (action: (...words: unknown[]) => void, ms?: number, ...words: unknown[]) => VirtualTimer;

/** As AsyncResource.bind, which takes ten times as long. */
function inContext(action: () => void): () => void {
  const context = new AsyncResource('VirtualTimer');
  return () => {
    context.runInAsyncScope(action);
  };
}

function uuidsFrom(random: () => number): typeof crypto.randomUUID {
  const hex = (length: number) => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
  return () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
}

const startMs = Date.UTC(2026, 0, 1);

/**
 * A process in which time passes only when it is told to, and chance is a seed's: all that begins is finished before the
 * next timer's time comes. Nothing in it may wait for the system, such as for files or for sockets.
 */
export class VirtualTime {
  readonly random: () => number;
  #now = startMs;
  #order = 0;
  readonly #timers = new TimerQueue();
  readonly #immediates = new Set<NodeJS.Immediate>();
  readonly #turn: () => Promise<void>;
  readonly #restore: () => void;

  constructor(seed: number) {
    this.random = randomFrom(seed).next;
    const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate } = globalThis;
    const former = { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate };
    const [{ now }, { random }, { randomUUID }] = [Date, Math, crypto];
    const performanceNow = performance.now.bind(performance);
    this.#turn = () => new Promise((resolve) => former.setImmediate(resolve));
    this.#restore = () => {
      Object.assign(globalThis, former);
      Date.now = now;
      Math.random = random;
      performance.now = performanceNow;
      crypto.randomUUID = randomUUID;
      syncBuiltinESMExports();
    };
    const start =
      (isInterval: boolean): Start =>
      (action, ms = 0, ...words) =>
        this.#start(
          inContext(() => {
            action(...words);
          }),
          ms,
          isInterval,
        );
    const clear = (own: typeof clearTimeout) => (timer: unknown) => {
      if (timer instanceof VirtualTimer) this.cancel(timer);
      else own(timer as NodeJS.Timeout);
    };
    Object.assign(globalThis, {
      setTimeout: start(false),
      setInterval: start(true),
      clearTimeout: clear(clearTimeout),
      clearInterval: clear(clearInterval),
      setImmediate: (action: (...words: unknown[]) => void, ...words: unknown[]) => {
        const immediate = former.setImmediate(() => {
          this.#immediates.delete(immediate);
          action(...words);
        });
        this.#immediates.add(immediate);
        return immediate;
      },
      clearImmediate: (immediate: NodeJS.Immediate | undefined) => {
        if (immediate !== undefined) this.#immediates.delete(immediate);
        former.clearImmediate(immediate);
      },
    });
    Date.now = () => this.#now;
    Math.random = randomFrom(seed + 1).next;
    performance.now = () => this.#now - startMs;
    crypto.randomUUID = uuidsFrom(randomFrom(seed + 2).next);
    syncBuiltinESMExports();
  }

  /** Since the beginning. */
  get elapsedMs(): number {
    return this.#now - startMs;
  }

  /** Puts the real ones back in their places. */
  end(): void {
    this.#restore();
  }

  /** Like setTimeout, but of nobody: Life hears of those that are global, and they keep their asynchronous context. */
  after(ms: number, action: () => void): VirtualTimer {
    return this.#start(action, ms, false);
  }

  cancel(timer: VirtualTimer): void {
    this.#timers.remove(timer);
  }

  pass(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Lets time pass until a promise is settled. @throws what it rejects with, or Error when it is not within a limit */
  async until<T>(promise: Promise<T>, limitMs: number): Promise<T> {
    const outcome: { isSettled?: true } = {};
    const settled = promise.finally(() => (outcome.isSettled = true));
    settled.catch(() => undefined);
    const deadline = this.#now + limitMs;
    for (;;) {
      await this.#settle();
      if (outcome.isSettled) return settled;
      const next = this.#timers.next;
      if (next === undefined || next.at > deadline) throw new Error(`not done after ${limitMs} ms`);
      this.#run(next);
    }
  }

  /** What is under way comes to rest. */
  async #settle(): Promise<void> {
    do await this.#turn();
    while (this.#immediates.size > 0);
  }

  #run(timer: VirtualTimer): void {
    this.#timers.remove(timer);
    this.#now = Math.max(this.#now, timer.at);
    if (timer.everyMs !== undefined) {
      timer.at = this.#now + timer.everyMs;
      this.#timers.add(timer);
    }
    timer.action();
  }

  #start(action: () => void, ms: number, isInterval: boolean): VirtualTimer {
    const waitMs = Math.max(1, Math.trunc(ms) || 0);
    const timer = new VirtualTimer(this.#now + waitMs, this.#order++, action, isInterval ? waitMs : undefined);
    this.#timers.add(timer);
    return timer;
  }
}
