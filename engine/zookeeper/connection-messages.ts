import { JuteReader, JuteWriter } from './jute.ts';

/* What is said of the connection and the session, and not of znodes (zookeeper.jute). */

/** The password of the digest scheme; its answer has no content. */
export const auth = (credentials: string): Buffer =>
  new JuteWriter().int(0).string('digest').buffer(Buffer.from(credentials)).finish();

export interface Handshake {
  readonly lastZxid: bigint;
  readonly timeoutMs: number;
  /** 0n for a new session. */
  readonly sessionId: bigint;
  readonly password: Uint8Array;
}

/** The first message of a connection. Servers before 3.4 knew no last byte, and do without it. */
export const connectRequest = ({ lastZxid, timeoutMs, sessionId, password }: Handshake): Buffer =>
  new JuteWriter().int(0).long(lastZxid).int(timeoutMs).long(sessionId).buffer(password).bool(false).finish();

/** What is granted; a time-out of 0 says that the session has expired. */
export function readConnectAnswer(message: Buffer): Omit<Handshake, 'lastZxid'> {
  const reader = new JuteReader(message);
  reader.int(); // protocol version
  return { timeoutMs: reader.int(), sessionId: reader.long(), password: reader.buffer() };
}

/** A watch that has fired. */
export interface WatchEvent {
  /** 1 created, 2 deleted, 3 data changed, 4 children changed; -1: about the connection, not a znode. */
  readonly type: number;
  readonly path: string;
}

export function readWatchEvent(reader: JuteReader): WatchEvent {
  const type = reader.int();
  reader.int(); // state of the connection
  return { type, path: reader.string() };
}
