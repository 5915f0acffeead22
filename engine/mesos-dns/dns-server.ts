import type { Transport } from './answer-query.ts';

/** Answers a message, at once or later; undefined: there is nothing to answer. */
export type AnswerMessage = (message: Buffer, transport: Transport) => Buffer | undefined | Promise<Buffer | undefined>;

export interface DnsServerOptions {
  readonly host: string;
  /** 0: one that is free. */
  readonly port: number;
  readonly answer: AnswerMessage;
  readonly log: (line: string) => void;
  /** In milliseconds: of a connection that says nothing, and of one message from its first byte on. Default 10,000. */
  readonly patienceMs?: number;
}

export interface DnsServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}
