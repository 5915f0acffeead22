import type { Json } from '../../protocol/mesos.ts';

export type HttpHeaders = Readonly<Record<string, string>>;

/** The open end of an answer that goes on: an event stream, a large file. */
export interface Sink {
  /**
   * Sends a chunk. False once the client is gone; also when it reads too slowly and more than the bound waits for it:
   * then its connection is ended, so that it harms nobody else.
   */
  readonly write: (chunk: string | Uint8Array) => boolean;
  /** Ends the answer properly. */
  readonly end: () => void;
  /** Calls back once, when the answer has ended, however it did; at once if it has already. */
  readonly onClose: (callback: () => void) => void;
  /** Resolves when the client has taken most of what was written, or is gone: for whoever writes much. */
  readonly drained: () => Promise<void>;
  /** Bytes that wait for the client. */
  readonly bufferedBytes: number;
}

/** An answer with a body that is known. A string without a Content-Type is plain text. */
export interface PlainAnswer {
  readonly status: number;
  readonly headers?: HttpHeaders;
  readonly body?: string | Uint8Array;
}

/** An answer that goes on; `stream` is called once the head is sent. */
export interface StreamAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly stream: (sink: Sink) => void;
  /** How much may wait for a slow client before its connection is ended. Default 8 MiB. */
  readonly maxBufferedBytes?: number;
}

export type HttpAnswer = PlainAnswer | StreamAnswer;

/** Thrown by a handler, it becomes the answer. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly headers: HttpHeaders;

  constructor(status: number, message: string, headers: HttpHeaders = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** An answer in JSON. Properties that are undefined are left out. */
export function jsonAnswer(status: number, value: unknown, headers: HttpHeaders = {}): PlainAnswer {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** An answer in plain text. */
export function textAnswer(status: number, text: string, headers: HttpHeaders = {}): PlainAnswer {
  return { status, headers, body: text };
}

export type { Json };
