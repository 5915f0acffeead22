import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { decode, encode, RECURSION_DESIRED, type Answer, type DecodedPacket, type RecordType } from 'dns-packet';

export interface AskOptions {
  readonly host?: string;
  readonly edns?: number;
  readonly tcp?: boolean;
}

/** A query as a client makes it. */
export function queryOf(name: string, type: string, { edns }: AskOptions = {}): Buffer {
  const opt: Answer = {
    ...{ type: 'OPT', name: '.', udpPayloadSize: edns ?? 0, extendedRcode: 0, ednsVersion: 0 },
    ...{ flags: 0, flag_do: false, options: [] },
  };
  return encode({
    ...{ type: 'query', id: 4711, flags: RECURSION_DESIRED },
    questions: [{ type: type as RecordType, name }],
    additionals: edns === undefined ? [] : [opt],
  });
}

const patienceMs = 20_000;

/** Sends bytes and waits for what comes back. */
export async function exchange(port: number, bytes: Buffer, options: AskOptions = {}): Promise<Buffer> {
  const { host = '127.0.0.1', tcp = false } = options;
  return tcp ? byTcp(port, host, bytes) : byUdp(port, host, bytes);
}

/** What the header has beside its counts, for expectations. */
export interface Answered {
  readonly rcode: string;
  readonly bytes: number;
  readonly isTruncated: boolean;
  readonly isAuthoritative: boolean;
  readonly canRecurse: boolean;
  readonly answers: readonly string[];
  readonly authorities: readonly string[];
  readonly additionals: readonly string[];
}

export async function ask(port: number, name: string, type = 'A', options: AskOptions = {}): Promise<Answered> {
  return described(await exchange(port, queryOf(name, type, options), options));
}

export function described(bytes: Buffer): Answered {
  const packet = decode(bytes) as DecodedPacket & { readonly rcode: string };
  return {
    rcode: packet.rcode,
    bytes: bytes.length,
    isTruncated: packet.flag_tc,
    isAuthoritative: packet.flag_aa,
    canRecurse: packet.flag_ra,
    answers: (packet.answers ?? []).map(textOf),
    authorities: (packet.authorities ?? []).map(textOf),
    additionals: (packet.additionals ?? []).map(textOf),
  };
}

function textOf(record: Answer): string {
  if (record.type === 'OPT') return `OPT ${(record as unknown as { readonly udpPayloadSize: number }).udpPayloadSize}`;
  const head = `${record.name} ${'ttl' in record ? String(record.ttl) : ''} ${record.type}`;
  if (record.type === 'SRV') {
    const { priority = 0, weight = 0, port, target } = record.data;
    return `${head} ${priority} ${weight} ${port} ${target}`;
  }
  if (record.type === 'SOA') {
    const { mname, rname, refresh, retry, expire, minimum } = record.data;
    return `${head} ${mname} ${rname} ${[refresh, retry, expire, minimum].join(' ')}`;
  }
  return `${head} ${'data' in record && typeof record.data === 'string' ? record.data : ''}`;
}

function byUdp(port: number, host: string, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    const timer = setTimeout(() => {
      socket.close();
      reject(new Error(`no answer by UDP at ${port}`));
    }, patienceMs);
    socket.on('error', reject).on('message', (message) => {
      clearTimeout(timer);
      socket.close();
      resolve(message);
    });
    socket.send(bytes, port, host);
  });
}

export function framed(bytes: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function byTcp(port: number, host: string, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host);
    let received = Buffer.alloc(0);
    socket.setTimeout(patienceMs, () => socket.destroy(new Error(`no answer by TCP at ${port}`)));
    socket.on('error', reject).on('close', () => {
      reject(new Error('The connection was closed'));
    });
    socket.on('data', (part: Buffer) => {
      received = Buffer.concat([received, part]);
      if (received.length < 2 || received.length < received.readUInt16BE(0) + 2) return;
      resolve(received.subarray(2, received.readUInt16BE(0) + 2));
      socket.destroy();
    });
    socket.write(framed(bytes));
  });
}
