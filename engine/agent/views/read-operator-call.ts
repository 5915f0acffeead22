import type { JsonObject } from '../../../protocol/json.ts';
import { RecordIoDecoder } from '../../../protocol/record-io.ts';
import { HttpError } from '../../http/http-answer.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { agentOperatorCall } from '../../master/wire/messages/agent-operator-call.ts';
import { parseJson } from '../../master/wire/parse-json.ts';
import { parseMessage } from '../../master/wire/protobuf-json.ts';
import { ConversionError } from '../../master/wire/scalar-json.ts';
import { loadCodec } from '../../protobuf/load-codec.ts';
import { accepts, headerOf, json, protobuf, recordIo, type MessageFormat } from '../../protobuf/media-types.ts';

/** As much as a whole request may be. */
const maxRecordBytes = 4 * 1024 * 1024;

/** A call, and how it is answered. */
export interface OperatorCall {
  readonly call: JsonObject;
  /** The others, when the request is a stream of calls in RecordIO, of which this is the first. */
  readonly others?: AsyncIterator<JsonObject>;
  /** Of a whole answer, or of the messages in one that is a stream in RecordIO. */
  readonly format: MessageFormat;
  readonly wantsStream: boolean;
}

/**
 * Reads a call of an agent's operator API, which may be the first of a stream (src/slave/http.cpp, Http::api: the order of
 * its checks, and its texts).
 * @throws HttpError
 */
export async function readOperatorCall(request: HttpRequest): Promise<OperatorCall> {
  const content = contentOf(request);
  const accepted = acceptedOf(request);
  if (!content.isStream) return { call: await toCall(await request.bytes(), content.format), ...accepted };
  const calls = callsOf(request.chunks(), content.format);
  const first = await calls.next();
  if (first.done === true) throw new HttpError(400, 'Received EOF while reading request body');
  return { call: first.value, others: calls, ...accepted };
}

function contentOf(request: HttpRequest): { readonly format: MessageFormat; readonly isStream: boolean } {
  const type = headerOf(request, 'content-type');
  const messages = headerOf(request, 'message-content-type');
  if (type === undefined) throw new HttpError(400, "Expecting 'Content-Type' to be present");
  if (type === json || type === protobuf) {
    if (messages === undefined) return { format: type, isStream: false };
    throw new HttpError(415, "Expecting 'Message-Content-Type' to be not set for non-streaming requests");
  }
  if (type !== recordIo) throw new HttpError(415, `Expecting 'Content-Type' of ${json} or ${protobuf} or ${recordIo}`);
  if (messages === json || messages === protobuf) return { format: messages, isStream: true };
  throw messages === undefined
    ? new HttpError(400, "Expecting 'Message-Content-Type' to be set for streaming requests")
    : new HttpError(415, `Expecting 'Message-Content-Type' of ${json} or ${protobuf}`);
}

function acceptedOf(request: HttpRequest): { readonly format: MessageFormat; readonly wantsStream: boolean } {
  const header = headerOf(request, 'accept');
  const messages = headerOf(request, 'message-accept');
  const plain = ([json, protobuf] as const).find((type) => accepts(header, type));
  if (plain !== undefined) {
    if (messages === undefined) return { format: plain, wantsStream: false };
    throw new HttpError(406, "Expecting 'Message-Accept' to be not set for non-streaming responses");
  }
  if (!accepts(header, recordIo)) {
    throw new HttpError(406, `Expecting 'Accept' to allow ${json} or ${protobuf} or ${recordIo}`);
  }
  const format = ([json, protobuf] as const).find((type) => accepts(messages, type));
  if (format !== undefined) return { format, wantsStream: true };
  throw new HttpError(406, `Expecting 'Message-Accept' to allow ${json} or ${protobuf}`);
}

/** @throws HttpError 400 for what is no record, or no call */
async function* callsOf(chunks: AsyncIterator<Uint8Array>, format: MessageFormat): AsyncGenerator<JsonObject, void> {
  const decoder = new RecordIoDecoder(maxRecordBytes);
  for (;;) {
    const chunk = await chunks.next();
    if (chunk.done === true) return;
    for (const record of recordsIn(chunk.value, decoder)) yield await toCall(record, format);
  }
}

function recordsIn(chunk: Uint8Array, decoder: RecordIoDecoder): readonly Uint8Array[] {
  try {
    return decoder.pushBytes(chunk);
  } catch (error) {
    throw new HttpError(400, `Decoder failure: ${error instanceof Error ? error.message : ''}`);
  }
}

async function toCall(bytes: Uint8Array, format: MessageFormat): Promise<JsonObject> {
  if (format === json) return toJsonCall(Buffer.from(bytes).toString('utf8'));
  const { decode } = await loadCodec();
  const call = decode('agent.Call', bytes);
  if (call === undefined) throw new HttpError(400, 'Failed to parse body into a protobuf object');
  return call;
}

function toJsonCall(text: string): JsonObject {
  const result = parseJson(text);
  if ('error' in result) throw new HttpError(400, `Failed to parse body into JSON: ${result.error}`);
  try {
    return parseMessage(result.value, agentOperatorCall);
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    throw new HttpError(400, error.message);
  }
}
