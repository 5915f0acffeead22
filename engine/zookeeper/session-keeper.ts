import type { ZkServer } from '../../protocol/zk-url.ts';
import { Connection } from './connection.ts';
import type { Handshake, WatchEvent } from './connection-messages.ts';
import type { Request } from './messages.ts';
import { RequestQueue } from './request-queue.ts';
import { ZookeeperError } from './zookeeper-error.ts';

/** What happens to a session, in this order, again and again. */
export type SessionEvent =
  /** A server answers: in the same session as before, or in a new one. */
  | { readonly kind: 'connected'; readonly isNewSession: boolean }
  /** No server answers; the session may still be there. */
  | { readonly kind: 'suspended' }
  /** The session is over, and its ephemeral znodes are gone or will be soon: by the server's word, or by the clock. */
  | { readonly kind: 'expired'; readonly reason: string };

interface KeeperOptions {
  readonly servers: readonly ZkServer[];
  readonly sessionTimeoutMs: number;
  readonly auth?: string;
  readonly log: (line: string) => void;
  readonly onWatchEvent: (event: WatchEvent) => void;
  readonly onEvent: (event: SessionEvent) => void;
}

/** Pause after all servers have been tried in vain: doubles from the first to the second. */
const pauses = { firstMs: 100, longestMs: 2000 };
const closePatienceMs = 1000;
/** `jute.maxbuffer` of the server, less what surrounds a request: a larger one would end the connection. */
const maxRequestBytes = 1024 * 1024 - 64;
const minConnectTimeoutMs = 1000;

const nobody = { sessionId: 0n, password: Buffer.alloc(16) };

/** Holds on to a session over connections to one server after the other. */
export class SessionKeeper {
  readonly #options: KeeperOptions;
  readonly #servers: readonly ZkServer[];
  readonly #queue: RequestQueue;
  #identity: Pick<Handshake, 'sessionId' | 'password'> = nobody;
  /** As granted. */
  #timeoutMs: number;
  #lastZxid = 0n;
  #connection: Connection | undefined;
  #isConnected = false;
  #attempts = 0;
  #retryTimer: NodeJS.Timeout | undefined;
  #expiryTimer: NodeJS.Timeout | undefined;
  #lastComplaint = '';
  #closing: Promise<void> | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#servers = shuffled(options.servers);
    this.#timeoutMs = options.sessionTimeoutMs;
    this.#queue = new RequestQueue(options.sessionTimeoutMs);
    // Not before the caller has what it needs to be told.
    this.#retryTimer = setTimeout(() => {
      this.#connect();
    });
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  get sessionId(): bigint {
    return this.#identity.sessionId;
  }

  /** @param onAnswer with the error or 0, as soon as the answer is there and before anything else is heard */
  send<Answer>(request: Request<Answer>, onAnswer?: (error: number) => void): Promise<Answer> {
    if (this.#closing !== undefined) {
      return Promise.reject(new ZookeeperError('SessionClosed', `${request.what}: the session was closed`));
    }
    if (request.payload.byteLength > maxRequestBytes) {
      const message = `${request.what}: ${request.payload.byteLength} bytes, and ZooKeeper takes ${maxRequestBytes}`;
      return Promise.reject(new ZookeeperError('BadArguments', message));
    }
    if (this.#isConnected && this.#connection !== undefined) return this.#connection.send(request, onAnswer);
    return this.#queue.add(request, onAnswer);
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#expiryTimer);
    this.#queue.failAll('SessionClosed', 'the session was closed');
    const connection = this.#connection;
    await connection?.closeSession(closePatienceMs);
    connection?.end('closed');
  }

  #connect(): void {
    const server = this.#servers[this.#attempts % this.#servers.length];
    if (server === undefined) throw new Error('No ZooKeeper servers');
    this.#attempts += 1;
    const { sessionTimeoutMs } = this.#options;
    const connection: Connection = new Connection({
      server,
      handshake: { ...this.#identity, lastZxid: this.#lastZxid, timeoutMs: sessionTimeoutMs },
      auth: this.#options.auth,
      connectTimeoutMs: Math.max(minConnectTimeoutMs, this.#timeLeftMs / this.#servers.length),
      requestTimeoutMs: this.#timeoutMs,
      onReady: (granted) => {
        this.#ready(connection, granted, server);
      },
      onWatchEvent: this.#options.onWatchEvent,
      onClosed: (reason, isExpired) => {
        this.#lost(connection, reason, isExpired, server);
      },
    });
    this.#connection = connection;
  }

  /** Of a session that is silent a third is left, and every server should have its turn. */
  get #timeLeftMs(): number {
    return this.#identity === nobody ? this.#timeoutMs / 2 : this.#timeoutMs / 3;
  }

  #ready(connection: Connection, granted: Omit<Handshake, 'lastZxid'>, { host, port }: ZkServer): void {
    const isNewSession = granted.sessionId !== this.#identity.sessionId;
    clearTimeout(this.#expiryTimer);
    this.#identity = granted;
    this.#timeoutMs = granted.timeoutMs;
    this.#isConnected = true;
    this.#attempts = 0;
    this.#lastComplaint = '';
    const id = granted.sessionId.toString(16);
    this.#options.log(
      `ZooKeeper ${host}:${port}: session ${isNewSession ? 'established' : 'continued'}, ` +
        `id 0x${id}, timeout ${granted.timeoutMs} ms`,
    );
    this.#options.onEvent({ kind: 'connected', isNewSession });
    this.#queue.sendAll(connection);
  }

  #lost(connection: Connection, reason: string, isExpired: boolean, { host, port }: ZkServer): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    if (connection.lastZxid > this.#lastZxid) this.#lastZxid = connection.lastZxid;
    if (this.#closing !== undefined) return;
    this.#complain(`ZooKeeper ${host}:${port}: ${reason}`);
    if (this.#isConnected) {
      this.#isConnected = false;
      this.#expireAt(connection.confirmedAt + this.#timeoutMs);
      this.#options.onEvent({ kind: 'suspended' });
    }
    if (isExpired) this.#expire('ZooKeeper says that the session has expired');
    this.#retry();
  }

  #retry(): void {
    const rounds = Math.floor(this.#attempts / this.#servers.length);
    const isRoundOver = this.#attempts % this.#servers.length === 0;
    const longest = Math.min(pauses.firstMs * 2 ** Math.max(0, rounds - 1), pauses.longestMs);
    // Spread, so that not all clients of a server that is gone fall upon the next one together.
    const pauseMs = isRoundOver && rounds > 0 ? longest * (0.5 + Math.random() / 2) : Math.random() * 50;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => {
      this.#connect();
    }, pauseMs);
  }

  /**
   * A server says that a session has expired only when it is asked, which may be much later. So the client decides
   * by its own clock, as Mesos does (src/zookeeper/group.cpp, timedout), and counts from the time of the last message
   * that was answered, so that it never believes in its session longer than the servers do.
   */
  #expireAt(time: number): void {
    clearTimeout(this.#expiryTimer);
    this.#expiryTimer = setTimeout(
      () => {
        this.#expire(`no answer of ZooKeeper within the session timeout of ${this.#timeoutMs} ms`);
        // The attempt that is under way asks for the old session.
        const attempt = this.#connection;
        this.#connection = undefined;
        attempt?.end('the session has expired');
        this.#retry();
      },
      Math.max(0, time - Date.now()),
    );
  }

  #expire(reason: string): void {
    clearTimeout(this.#expiryTimer);
    if (this.#identity.sessionId === nobody.sessionId) return;
    this.#identity = nobody;
    // The next session may be with an ensemble that was made anew, whose transactions count from the beginning.
    this.#lastZxid = 0n;
    this.#options.log(`ZooKeeper session expired: ${reason}`);
    this.#queue.failAll('SessionExpired', 'the session has expired');
    this.#options.onEvent({ kind: 'expired', reason });
  }

  /** Once, not at each attempt. */
  #complain(line: string): void {
    if (line === this.#lastComplaint) return;
    this.#lastComplaint = line;
    this.#options.log(line);
  }
}

/** In random order, so that not all clients of an ensemble meet at its first server. */
function shuffled<Item>(items: readonly Item[]): readonly Item[] {
  return items
    .map((item) => ({ item, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
