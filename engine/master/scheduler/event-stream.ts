import { randomUUID } from 'node:crypto';
import type { Sink, StreamAnswer } from '../../http/http-answer.ts';
import { jsonRecords, type RecordFormat } from '../../protobuf/record-format.ts';
import type { EventStream } from '../records.ts';

/**
 * An answer that is a stream of events in RecordIO. A client that reads too slowly loses its stream.
 * @param opened is given the stream and its id; returns what to do when it is closed, by whom ever
 * @param format of the events; default: JSON
 */
export function streamEvents<Event>(
  headers: Readonly<Record<string, string>>,
  opened: (stream: EventStream<Event>) => (() => void) | undefined,
  format: RecordFormat<Event> = jsonRecords,
): StreamAnswer {
  const id = randomUUID();
  return {
    status: 200,
    headers: { 'Content-Type': format.contentType, 'Mesos-Stream-Id': id, ...headers },
    stream: (sink) => {
      const closed = opened(eventStream(id, sink, format));
      if (closed !== undefined) sink.onClose(closed);
    },
  };
}

/**
 * Each record is a chunk of HTTP, as with Mesos (writer.write in its HttpConnection): there are clients that take a chunk
 * for an event. What is sent in one turn of the event loop goes to the socket at once, for Node.js holds it until then.
 */
export function eventStream<Event>(
  id: string,
  sink: Sink,
  format: RecordFormat<Event> = jsonRecords,
): EventStream<Event> {
  let records: (string | Uint8Array)[] = [];
  let waitingLength = 0;
  const flush = () => {
    const all = records;
    records = [];
    waitingLength = 0;
    for (const record of all) sink.write(record);
  };
  return {
    id,
    send: (event) => {
      const record = format.encode(event);
      if (records.push(record) === 1) setImmediate(flush);
      waitingLength += record.length;
    },
    close: () => {
      flush();
      sink.end();
    },
    get unreadBytes() {
      return sink.bufferedBytes + waitingLength;
    },
    drained: sink.drained,
  };
}
