import { subscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';

/** Who is told of what begins in this process. */
export interface ProcessWatcher {
  /** A connection that was accepted. */
  readonly onAccepted: (socket: Socket) => void;
  /** A connection that is about to be made, by `connect`. */
  readonly onConnect: (socket: Socket, to: Destination | undefined, connect: () => void) => void;
  /** A timer that is to be started: the function that is run in place of `action` when its time comes. */
  readonly onTimer: (action: () => void, isOnce: boolean) => TimerTurn | undefined;
  readonly onCleared: (timer: NodeJS.Timeout) => void;
}

/** Where a connection goes. */
export interface Destination {
  readonly host: string;
  readonly port: number;
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
 * Watches what begins in this process, each in the context of who begins it. Connections that are accepted are told by
 * Node.js itself (net.server.socket). Timers and connections that are made it tells nobody of in time (in Node 22.23 and 24
 * net.client.socket comes when it is too late), so their functions are replaced by ones that ask first: code that must
 * stand still with its component need not know of it, and cannot forget to.
 */
export function watchProcess(given: ProcessWatcher): void {
  if (watcher === undefined) watchSockets();
  watcher = given;
  // Whoever put others in their place since (a test's clock) gets them wrapped as well.
  if (globalThis.setTimeout !== ownSetTimeout) replaceTimers();
}

function watchSockets(): void {
  subscribe('net.server.socket', (message) => watcher?.onAccepted((message as SocketMessage).socket));
  const sockets = Socket.prototype as { connect: (this: Socket, ...words: unknown[]) => Socket };
  const { connect } = sockets;
  sockets.connect = function (...words) {
    const go = () => {
      connect.apply(this, words);
    };
    if (watcher === undefined) go();
    else watcher.onConnect(this, destinationIn(words), go);
    return this;
  };
}

/** As net.connect passes it on: `[[options, callback]]`, or options. */
function destinationIn(words: readonly unknown[]): Destination | undefined {
  const [first] = words.flat() as readonly (Partial<Destination> | undefined)[];
  const port = Number(first?.port);
  return Number.isInteger(port) ? { host: first?.host ?? '127.0.0.1', port } : undefined;
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
