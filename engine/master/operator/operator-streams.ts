import type { Sink } from '../../http/http-answer.ts';
import type { RecordFormat } from '../../protobuf/record-format.ts';
import { OperatorStream } from './operator-stream.ts';

/** As Mesos has it (`--max_operator_event_stream_subscribers`): one more ends the oldest. */
const maxStreams = 1000;

/** Those who follow the cluster by SUBSCRIBE of the operator API. */
export class OperatorStreams {
  /** In the order in which they came. */
  readonly #streams = new Set<OperatorStream>();
  readonly #heartbeatIntervalMs: number;

  constructor(heartbeatIntervalMs: number) {
    this.#heartbeatIntervalMs = heartbeatIntervalMs;
  }

  get size(): number {
    return this.#streams.size;
  }

  /** @param snapshot what there is now, as the first event */
  open(sink: Sink, format: RecordFormat<object>, snapshot: unknown): void {
    const stream = new OperatorStream(sink, format, snapshot);
    const beat = () => {
      stream.closeIfStuck();
      stream.send(format.encode({ type: 'HEARTBEAT' }));
    };
    const heartbeat = setInterval(beat, this.#heartbeatIntervalMs).unref();
    this.#streams.add(stream);
    sink.onClose(() => {
      clearInterval(heartbeat);
      this.#streams.delete(stream);
    });
    beat();
    const [oldest] = this.#streams;
    if (this.#streams.size <= maxStreams || oldest === undefined) return;
    this.#streams.delete(oldest);
    oldest.close();
  }

  /** Tells all of an event, which is described only if somebody listens, and written once for all who want it alike. */
  publish(describe: () => object): void {
    if (this.#streams.size === 0) return;
    const event = describe();
    const records = new Map<string, string | Uint8Array>();
    for (const stream of this.#streams) {
      const { format } = stream;
      const record = records.get(format.contentType) ?? format.encode(event);
      records.set(format.contentType, record);
      stream.send(record);
    }
  }

  close(): void {
    for (const stream of this.#streams) stream.close();
    this.#streams.clear();
  }
}
