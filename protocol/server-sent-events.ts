/*
 * Server-sent events, as Marathon's /v2/events sends them (WHATWG HTML, 9.2; Marathon writes `event:` and one `data:`
 * line an event).
 */

export interface ServerSentEvent {
  /** `message` when the stream names none. */
  readonly name: string;
  readonly data: string;
}

/** A stream whose event or line is larger than the bound: it cannot be read any further. */
export class ServerSentEventsError extends Error {
  override readonly name = 'ServerSentEventsError';
}

/** Keeps a connection alive and means nothing: Marathon's own heartbeat is an empty line. */
export const eventHeartbeat = '\r\n';

/** One event, ready to be sent. Line ends in the data make several `data:` lines. */
export function encodeEvent(name: string, data: string): string {
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\r\n`);
  return `event: ${name.replaceAll(/[\r\n]/g, ' ')}\r\n${lines.join('')}\r\n`;
}

/** Takes an event stream apart, however it is cut into chunks. */
export class SseDecoder {
  readonly #maxEventCharacters: number;
  readonly #text = new TextDecoder();
  #line = '';
  /** The last chunk ended in CR: an LF that follows belongs to it. */
  #afterReturn = false;
  #name = '';
  #data: string[] = [];
  #size = 0;

  /** @param maxEventCharacters the largest event (and line) that is taken */
  constructor(maxEventCharacters = 16 * 1024 * 1024) {
    this.#maxEventCharacters = maxEventCharacters;
  }

  /**
   * Takes the next part of the stream and returns the events that it completes.
   * @throws ServerSentEventsError after which the stream must be given up
   */
  push(chunk: Uint8Array | string): readonly ServerSentEvent[] {
    let text = typeof chunk === 'string' ? chunk : this.#text.decode(chunk, { stream: true });
    if (text === '') return [];
    if (this.#afterReturn && text.startsWith('\n')) text = text.slice(1);
    this.#afterReturn = text.endsWith('\r');
    const lines = text.split(/\r\n|\r|\n/);
    const events: ServerSentEvent[] = [];
    lines.forEach((part, index) => {
      this.#line += part;
      this.#size += part.length;
      if (this.#size > this.#maxEventCharacters) {
        throw new ServerSentEventsError(`An event is larger than ${this.#maxEventCharacters} characters`);
      }
      if (index === lines.length - 1) return;
      const event = this.#endLine();
      if (event !== undefined) events.push(event);
    });
    return events;
  }

  #endLine(): ServerSentEvent | undefined {
    const line = this.#line;
    this.#line = '';
    if (line === '') return this.#endEvent();
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#name = value;
    else if (field === 'data') this.#data.push(value);
    else this.#size -= line.length;
    return undefined;
  }

  #endEvent(): ServerSentEvent | undefined {
    const event = { name: this.#name === '' ? 'message' : this.#name, data: this.#data.join('\n') };
    const isEmpty = this.#data.length === 0;
    this.#name = '';
    this.#data = [];
    this.#size = 0;
    return isEmpty ? undefined : event;
  }
}
