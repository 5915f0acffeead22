import { encodeByteRecord, encodeRecord } from '../../protocol/record-io.ts';
import type { JsonObject } from '../../protocol/json.ts';
import { loadCodec } from './load-codec.ts';
import { json, type MessageFormat } from './media-types.ts';

/** How a stream of events is written. */
export interface RecordFormat<Event> {
  readonly contentType: string;
  /** An event as a record. */
  readonly encode: (event: Event) => string | Uint8Array;
}

export const jsonRecords: RecordFormat<unknown> = {
  contentType: json,
  encode: (event) => encodeRecord(JSON.stringify(event)),
};

/**
 * Events in RecordIO.
 * @param name of an event's message, such as `scheduler.Event`
 */
export async function recordFormat(format: MessageFormat, name: string): Promise<RecordFormat<object>> {
  if (format === json) return jsonRecords;
  const { encode } = await loadCodec();
  return { contentType: format, encode: (event) => encodeByteRecord(encode(name, event as JsonObject)) };
}
