import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** Who is told of what begins in this process. */
export interface ProcessWatcher {
  /** A connection that is about to be made, or was accepted. */
  readonly onSocket: (socket: Socket, isClient: boolean) => void;
  /** A timer that is to be started: the function that is run in place of `action` when its time comes. */
  readonly onTimer: (action: () => void, isOnce: boolean) => TimerTurn | undefined;
  readonly onCleared: (timer: NodeJS.Timeout) => void;
}

export interface TimerTurn {
  readonly turn: () => void;
  readonly started: (timer: NodeJS.Timeout) => void;
}

interface SocketMessage {
  readonly socket: Socket;
}

let watcher: ProcessWatcher | undefined;
let ownSetTimeout: typeof setTimeout | undefined;

/**
 * Watches what begins in this process, each in the context of who begins it. Connections are told by Node.js itself
 * (net.client.socket and net.server.socket). Timers it tells nobody of in time, so the global functions are replaced by
 * ones that ask first: code that must stand still with its component need not know of it, and cannot forget to.
 */
export function watchProcess(given: ProcessWatcher): void {
  if (watcher === undefined) watchSockets();
  watcher = given;
  // Whoever put others in their place since (a test's clock) gets them wrapped as well.
  if (globalThis.setTimeout !== ownSetTimeout) replaceTimers();
}

function watchSockets(): void {
  for (const [channel, isClient] of [
    ['net.client.socket', true],
    ['net.server.socket', false],
  ] as const) {
    subscribe(channel, (message) => watcher?.onSocket((message as SocketMessage).socket, isClient));
  }
}

type Action = (...words: readonly unknown[]) => void;
type Start = (action: Action, ms?: number, ...words: readonly unknown[]) => NodeJS.Timeout;

function replaceTimers(): void {
  const { clearTimeout, clearInterval } = globalThis;
  const asking =
    (start: Start, isOnce: boolean): Start =>
    (action, ms, ...words) => {
      const told = watcher?.onTimer(() => {
        action(...words);
      }, isOnce);
      if (told === undefined) return start(action, ms, ...words);
      const timer = start(told.turn, ms);
      told.started(timer);
      return timer;
    };
  const telling = (clear: typeof clearTimeout): typeof clearTimeout => {
    return (timer) => {
      if (typeof timer === 'object') watcher?.onCleared(timer);
      clear(timer);
    };
  };
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const former = globalThis[name];
    const next = asking(former, name === 'setTimeout');
    // util.promisify(setTimeout) goes on as before.
    Object.assign(globalThis, { [name]: Object.defineProperties(next, Object.getOwnPropertyDescriptors(former)) });
  }
  globalThis.clearTimeout = telling(clearTimeout);
  globalThis.clearInterval = telling(clearInterval);
  ownSetTimeout = globalThis.setTimeout;
}
