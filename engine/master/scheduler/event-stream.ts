import { randomUUID } from 'node:crypto';
import type { StreamAnswer } from '../../http/http-answer.ts';
import { encodeRecord } from '../../../protocol/record-io.ts';
import type { EventStream } from '../records.ts';

/**
 * An answer that is a stream of events in RecordIO. A client that reads too slowly loses its stream.
 * @param opened is given the stream and its id; returns what to do when it is closed, by whom ever
 */
export function streamEvents<Event>(
  headers: Readonly<Record<string, string>>,
  opened: (stream: EventStream<Event>) => (() => void) | undefined,
): StreamAnswer {
  const id = randomUUID();
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json', 'Mesos-Stream-Id': id, ...headers },
    stream: (sink) => {
      const stream: EventStream<Event> = {
        id,
        send: (event) => {
          sink.write(encodeRecord(JSON.stringify(event)));
        },
        close: sink.end,
        get unreadBytes() {
          return sink.bufferedBytes;
        },
        drained: sink.drained,
      };
      const closed = opened(stream);
      if (closed !== undefined) sink.onClose(closed);
    },
  };
}
