import type { Sink } from '../../http/http-answer.ts';
import { slicesOf, wholeOf } from '../../http/json-parts.ts';
import { json } from '../../protobuf/media-types.ts';
import type { RecordFormat } from '../../protobuf/record-format.ts';
import { eventStream } from '../scheduler/event-stream.ts';

type Chunk = string | Uint8Array;

/** Of events that happen while a client takes the snapshot, and of those that it has not taken after it. */
const maxWaitingBytes = 8 * 1024 * 1024;
/** What the sink of a stream may hold: all that waited for the snapshot may come at once, and as much again. */
export const maxBufferedBytes = 2 * maxWaitingBytes;
const sliceBytes = 128 * 1024;

/** The end of one who follows the cluster: first a snapshot, then what happened since it was asked for. */
export class OperatorStream {
  readonly format: RecordFormat<object>;
  readonly #sink: Sink;
  readonly #send: (record: Chunk) => void;
  /** Events that wait until the client has the snapshot. */
  #waiting: Chunk[] | undefined = [];
  #waitingBytes = 0;
  #slicesTaken = 0;
  #slicesSeen = -1;

  /** @param snapshot the first event; a value of objectOf is described bit by bit, as the client takes it */
  constructor(sink: Sink, format: RecordFormat<object>, snapshot: unknown) {
    this.format = format;
    this.#sink = sink;
    this.#send = eventStream<Chunk>('', sink, { contentType: format.contentType, encode: (record) => record }).send;
    this.#start(snapshot).catch(() => {
      this.close();
    });
  }

  /** A client that leaves too much to be sent loses its stream. */
  send(record: Chunk): void {
    if (this.#waiting === undefined) {
      this.#send(record);
      return;
    }
    this.#waiting.push(record);
    this.#waitingBytes += record.length;
    if (this.#waitingBytes > maxWaitingBytes) this.close();
  }

  /** Ends the stream of a client that has taken nothing of the snapshot since this was asked for before. */
  closeIfStuck(): void {
    if (this.#waiting === undefined) return;
    if (this.#slicesTaken === this.#slicesSeen) this.close();
    this.#slicesSeen = this.#slicesTaken;
  }

  close(): void {
    this.#waiting = [];
    this.#waitingBytes = -Infinity;
    this.#sink.end();
  }

  async #start(snapshot: unknown): Promise<void> {
    for (const slice of await recordSlices(snapshot, this.format)) {
      if (!this.#sink.write(slice)) return;
      await this.#sink.drained();
      this.#slicesTaken += 1;
    }
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const record of waiting) this.#send(record);
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
    if (slices.push(slice) > 1) await new Promise(setImmediate);
    length += Buffer.byteLength(slice);
  }
  return [`${length}\n${slices[0] ?? ''}`, ...slices.slice(1)];
}
