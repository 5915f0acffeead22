import { connect, type Socket } from 'node:net';
import type { ZkServer } from '../../protocol/zk-url.ts';
import { JuteReader, JuteWriter } from './jute.ts';
import {
  auth,
  connectRequest,
  readConnectAnswer,
  readWatchEvent,
  type Handshake,
  type WatchEvent,
} from './connection-messages.ts';
import type { Request } from './messages.ts';
import { PacketDecoder, toPacket } from './packets.ts';
import { PendingRequests } from './pending-requests.ts';
import { Pulse } from './pulse.ts';
import { ZookeeperError } from './zookeeper-error.ts';

export interface ConnectionOptions {
  readonly server: ZkServer;
  readonly handshake: Handshake;
  readonly auth: string | undefined;
  /** For TCP and the handshake together. */
  readonly connectTimeoutMs: number;
  /** A request without an answer for so long means that the server is stuck. */
  readonly requestTimeoutMs: number;
  /** The session is there. */
  readonly onReady: (granted: Omit<Handshake, 'lastZxid'>) => void;
  readonly onWatchEvent: (event: WatchEvent) => void;
  /** Called once, whatever the end was. */
  readonly onClosed: (reason: string, isExpired: boolean) => void;
}

/** Larger than any znode, and than the names in any folder of ours. */
const maxMessageBytes = 16 * 1024 * 1024;
const special = { watchEvent: -1, ping: -2, auth: -4 } as const;
const opCodes = { ping: 11, auth: 100, close: -11 } as const;

const header = (xid: number, opCode: number) => new JuteWriter().int(xid).int(opCode).finish();

/** One TCP connection to one server, from its handshake to its end. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #socket: Socket;
  readonly #decoder = new PacketDecoder(maxMessageBytes);
  readonly #pending = new PendingRequests();
  readonly #handshakeTimer: NodeJS.Timeout;
  /** Beats once the session is there. */
  #pulse: Pulse | undefined;
  #isClosed = false;
  #isExpired = false;
  #handshakeSentAt = 0;
  #lastZxid: bigint;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#lastZxid = options.handshake.lastZxid;
    this.#socket = connect({ host: options.server.host, port: options.server.port, noDelay: true });
    this.#socket.on('connect', () => {
      this.#handshakeSentAt = Date.now();
      this.#socket.write(toPacket(connectRequest(options.handshake)));
    });
    this.#socket.on('data', (chunk) => {
      this.#receive(chunk);
    });
    this.#socket.on('error', (error) => {
      this.end(error.message);
    });
    this.#socket.on('close', () => {
      this.end('the server closed the connection');
    });
    this.#handshakeTimer = setTimeout(() => {
      this.end(`no session within ${options.connectTimeoutMs} ms`);
    }, options.connectTimeoutMs);
  }

  /** Of the last transaction that this client knows of. */
  get lastZxid(): bigint {
    return this.#lastZxid;
  }

  /** When the last message that has been answered was sent, in milliseconds since 1970. */
  get confirmedAt(): number {
    return this.#pulse?.confirmedAt ?? 0;
  }

  /** Requests are carried out and answered in this order. @throws ZookeeperError */
  send<Answer>(request: Request<Answer>, onAnswer: (error: number) => void = () => undefined): Promise<Answer> {
    const { xid, answer } = this.#pending.add(request, onAnswer);
    this.#socket.write(toPacket(header(xid, request.opCode), request.payload));
    return answer;
  }

  /** Ends the session; resolves when the server knows, or does not answer in time. */
  async closeSession(patienceMs: number): Promise<void> {
    if (this.#pulse === undefined || this.#isClosed) return;
    const closing = this.send({
      opCode: opCodes.close,
      payload: Buffer.alloc(0),
      what: 'close',
      read: () => undefined,
    });
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, patienceMs)));
    await Promise.race([closing.catch(() => undefined), patience]);
    clearTimeout(timer);
  }

  /** Breaks the connection off. */
  end(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#handshakeTimer);
    this.#pulse?.stop();
    this.#socket.destroy();
    const lost = new ZookeeperError('ConnectionLoss', `Lost the connection to ZooKeeper: ${reason}`);
    this.#pending.failAll(lost);
    this.#options.onClosed(reason, this.#isExpired);
  }

  #receive(chunk: Buffer): void {
    if (this.#isClosed) return;
    this.#pulse?.heard();
    try {
      for (const message of this.#decoder.push(chunk)) {
        if (this.#pulse !== undefined) this.#take(message, this.#pulse);
        else this.#finishHandshake(message);
      }
    } catch (error) {
      this.end(`not understood: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #finishHandshake(message: Buffer): void {
    const granted = readConnectAnswer(message);
    clearTimeout(this.#handshakeTimer);
    if (granted.timeoutMs <= 0) {
      this.#isExpired = true;
      this.end('the session has expired');
      return;
    }
    this.#pulse = this.#startPulse(granted.timeoutMs);
    if (this.#options.auth !== undefined) {
      this.#socket.write(toPacket(header(special.auth, opCodes.auth), auth(this.#options.auth)));
    }
    this.#options.onReady(granted);
  }

  #take(message: Buffer, pulse: Pulse): void {
    if (this.#isClosed) return;
    const reader = new JuteReader(message);
    const xid = reader.int();
    const zxid = reader.long();
    const error = reader.int();
    if (xid === special.watchEvent) {
      this.#options.onWatchEvent(readWatchEvent(reader));
    } else if (xid === special.ping) {
      pulse.pingAnswered();
    } else if (xid === special.auth) {
      if (error !== 0) this.end('ZooKeeper does not take the password');
    } else {
      if (zxid > this.#lastZxid) this.#lastZxid = zxid;
      pulse.answered(this.#pending.take(xid, error, reader));
    }
  }

  #startPulse(sessionTimeoutMs: number): Pulse {
    return new Pulse(
      {
        sessionTimeoutMs,
        requestTimeoutMs: this.#options.requestTimeoutMs,
        oldestRequestAt: () => this.#pending.oldestAt,
        sendPing: () => {
          this.#socket.write(toPacket(header(special.ping, opCodes.ping)));
        },
        onDead: (reason) => {
          this.end(reason);
        },
      },
      this.#handshakeSentAt,
    );
  }
}
