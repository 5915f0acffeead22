import type { Sink } from '../../http/http-answer.ts';
import { slicesOf, wholeOf } from '../../http/json-parts.ts';
import { json } from '../../protobuf/media-types.ts';
import type { RecordFormat } from '../../protobuf/record-format.ts';
import { eventStream } from '../scheduler/event-stream.ts';

type Chunk = string | Uint8Array;

/** Of events that come while a client takes nothing of what it could take. */
const mostUntakenBytes = 8 * 1024 * 1024;
/** Of events that wait for the snapshot to be made and taken, however well the client reads; those who wait share them. */
const mostWaitingBytes = 256 * 1024 * 1024;
/** What the sink of a stream may hold: of a large cluster some seconds of events, in which a client is busy with others. */
export const maxBufferedBytes = 64 * 1024 * 1024;
const sliceBytes = 128 * 1024;
/** Slices that are made in one turn of the event loop: some milliseconds, as each turn waits for all else that is done. */
const slicesAtOnce = 4;

/** The end of one who follows the cluster: first a snapshot, then what happened since it was asked for. */
export class OperatorStream {
  readonly format: RecordFormat<object>;
  readonly #sink: Sink;
  readonly #send: (record: Chunk) => void;
  /** Events that wait until the client has the snapshot. */
  #waiting: Chunk[] | undefined = [];
  #waitingBytes = 0;
  /** Of those that wait, what came since the client has taken something. */
  #untakenBytes = 0;
  /** There is something that the client could take. */
  #isMade = false;
  #slicesTaken = 0;
  #slicesSeen = -1;

  /** @param snapshot the first event; a value of objectOf is described bit by bit */
  constructor(sink: Sink, format: RecordFormat<object>, snapshot: unknown) {
    this.format = format;
    this.#sink = sink;
    this.#send = eventStream<Chunk>('', sink, { contentType: format.contentType, encode: (record) => record }).send;
    this.#start(snapshot).catch(() => {
      this.close();
    });
  }

  /** A client that leaves too much to be sent loses its stream; what is not made yet it cannot take. */
  send(record: Chunk): void {
    if (this.#waiting === undefined) {
      this.#send(record);
      return;
    }
    this.#waiting.push(record);
    this.#waitingBytes += record.length;
    if (this.#isMade) this.#untakenBytes += record.length;
    if (this.#untakenBytes > mostUntakenBytes || this.#waitingBytes > mostWaitingBytes) this.close();
  }

  /** Ends the stream of a client that has taken nothing, of a snapshot that is made, since this was asked for before. */
  closeIfStuck(): void {
    if (this.#waiting === undefined || !this.#isMade) return;
    if (this.#slicesTaken === this.#slicesSeen) this.close();
    this.#slicesSeen = this.#slicesTaken;
  }

  close(): void {
    this.#waiting = [];
    this.#waitingBytes = -Infinity;
    this.#untakenBytes = -Infinity;
    this.#sink.end();
  }

  async #start(snapshot: unknown): Promise<void> {
    const slices = await recordSlices(snapshot, this.format);
    this.#isMade = true;
    if (!(await this.#give(slices))) return;
    // What came meanwhile, and what comes while that is taken.
    for (let waiting = this.#takeWaiting(); waiting.length > 0; waiting = this.#takeWaiting()) {
      if (!(await this.#give(waiting))) return;
    }
    this.#waiting = undefined;
  }

  #takeWaiting(): readonly Chunk[] {
    const waiting = this.#waiting ?? [];
    this.#waiting = [];
    return waiting;
  }

  /** As fast as the client takes it. @returns false once the client is gone */
  async #give(chunks: readonly Chunk[]): Promise<boolean> {
    let untakenLength = 0;
    for (const chunk of chunks) {
      if (!this.#sink.write(chunk)) return false;
      untakenLength += chunk.length;
      if (untakenLength < sliceBytes) continue;
      untakenLength = 0;
      await this.#taken();
    }
    await this.#taken();
    return true;
  }

  async #taken(): Promise<void> {
    await this.#sink.drained();
    this.#slicesTaken += 1;
    this.#untakenBytes = 0;
  }
}

/** A large event as a record: the length comes first, so it is made before any of it is sent, but not in one turn. */
async function recordSlices(event: unknown, format: RecordFormat<object>): Promise<readonly Chunk[]> {
  if (format.contentType !== json) {
    const record = Buffer.from(format.encode(wholeOf(event) as object));
    const count = Math.ceil(record.length / sliceBytes);
    return Array.from({ length: count }, (_, index) => record.subarray(index * sliceBytes, (index + 1) * sliceBytes));
  }
  const slices: string[] = [];
  let length = 0;
  for (const slice of slicesOf(event)) {
    if (slices.push(slice) % slicesAtOnce === 0) await new Promise(setImmediate);
    length += Buffer.byteLength(slice);
  }
  return [`${length}\n${slices[0] ?? ''}`, ...slices.slice(1)];
}
