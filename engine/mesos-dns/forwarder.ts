import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect, isIP } from 'node:net';
import type { MesosDnsConfig } from './mesos-dns-config.ts';
import type { Transport } from './answer-query.ts';

interface Resolver {
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1`, `127.0.0.1:53`, `::1`, `[::1]:53`. */
function parseResolver(text: string): Resolver {
  const [, inBrackets, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(text) ?? [];
  return port === undefined ? { host: text, port: 53 } : { host: inBrackets ?? plain ?? '', port: Number(port) };
}

/** Queries that wait for the servers of a zone at the same time; one more is answered that it failed. */
const mostWaiting = 512;

/** Whom names that end so are asked of. */
interface ForwardZone {
  readonly zone: string;
  readonly resolvers: readonly Resolver[];
  waiting: number;
}

/** `none`: nobody is to be asked. */
export type Forwarded = Buffer | 'failed' | 'none';

/** Asks other servers what is not of the domain. */
export class Forwarder {
  readonly #zones: readonly ForwardZone[];
  readonly #timeoutMs: number;
  readonly #closing = new Set<() => void>();
  #isClosed = false;

  constructor({ externalOn, resolvers, zoneResolvers, timeout }: MesosDnsConfig) {
    const zones = { ...zoneResolvers, '': resolvers };
    this.#zones = Object.entries(externalOn ? zones : {})
      .map(([zone, texts]) => ({ zone: zone.toLowerCase(), resolvers: texts.map(parseResolver), waiting: 0 }))
      .sort((a, b) => b.zone.length - a.zone.length);
    this.#timeoutMs = (timeout > 0 ? timeout : 5) * 1000;
  }

  /** Servers that do not answer hold up nobody who asks those of another zone. */
  async forward(bytes: Buffer, name: string, transport: Transport): Promise<Forwarded> {
    const found = this.#zones.find(({ zone }) => zone === '' || name === zone || name.endsWith(`.${zone}`));
    if (found === undefined || found.resolvers.length === 0) return 'none';
    if (found.waiting >= mostWaiting) return 'failed';
    found.waiting += 1;
    try {
      return await this.#askInTurn(bytes, found.resolvers, transport);
    } finally {
      found.waiting -= 1;
    }
  }

  /** One server after the other, until one answers. */
  async #askInTurn(bytes: Buffer, resolvers: readonly Resolver[], transport: Transport): Promise<Forwarded> {
    const query = Buffer.from(bytes);
    // Whoever would forge an answer must not know it, nor the port.
    query.writeUInt16BE(randomInt(0x10000), 0);
    for (const resolver of resolvers) {
      const answer = await this.#exchange(query, resolver, transport);
      if (answer === undefined) continue;
      answer.writeUInt16BE(bytes.readUInt16BE(0), 0);
      return answer;
    }
    return 'failed';
  }

  close(): void {
    this.#isClosed = true;
    for (const close of [...this.#closing]) close();
  }

  #exchange(query: Buffer, resolver: Resolver, transport: Transport): Promise<Buffer | undefined> {
    if (this.#isClosed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const end = (answer?: Buffer) => {
        if (!this.#closing.delete(giveUp)) return;
        clearTimeout(timer);
        stop();
        resolve(answer);
      };
      const giveUp = () => {
        end();
      };
      const timer = setTimeout(giveUp, this.#timeoutMs);
      this.#closing.add(giveUp);
      const take = (answer: Buffer) => {
        if (isAnswerTo(query, answer)) end(Buffer.from(answer));
      };
      const stop = (transport === 'udp' ? askByUdp : askByTcp)(query, resolver, take, giveUp);
    });
  }
}

type Ask = (query: Buffer, to: Resolver, take: (answer: Buffer) => void, giveUp: () => void) => () => void;

const askByUdp: Ask = (query, { host, port }, take, giveUp) => {
  const socket = createSocket(isIP(host) === 6 ? 'udp6' : 'udp4');
  socket.on('error', giveUp).on('message', take);
  socket.connect(port, host, () => {
    socket.send(query);
  });
  return () => {
    socket.close();
  };
};

const askByTcp: Ask = (query, { host, port }, take, giveUp) => {
  const socket = connect({ host, port });
  let received = Buffer.alloc(0);
  socket.on('error', giveUp).on('close', giveUp);
  socket.on('data', (bytes: Buffer) => {
    received = Buffer.concat([received, bytes]);
    if (received.length < 2) return;
    const length = received.readUInt16BE(0);
    if (received.length < length + 2) return;
    take(received.subarray(2, length + 2));
    // Something else than an answer: there is nothing that one would want to read behind it.
    giveUp();
  });
  socket.write(framed(query));
  return () => {
    socket.destroy();
  };
};

/** As it goes over TCP: after its length. */
export function framed(message: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(message.length + 2);
  bytes.writeUInt16BE(message.length, 0);
  bytes.set(message, 2);
  return bytes;
}

const headerBytes = 12;

const isAnswerTo = (query: Buffer, answer: Buffer): boolean =>
  answer.length >= headerBytes && answer.readUInt16BE(0) === query.readUInt16BE(0) && (answer[2] ?? 0) >= 0x80;
