import type { JsonObject } from '../../protocol/json.ts';
import { HttpError } from '../http/http-answer.ts';
import type { HttpRequest } from '../http/http-request.ts';
import type { Message } from '../master/wire/protobuf-json.ts';
import { readJsonCall } from '../master/wire/read-json-call.ts';
import { loadCodec } from './load-codec.ts';
import { headerOf, json, protobuf } from './media-types.ts';

/**
 * Reads a call in JSON or protobuf, with the refusals of src/master/http.cpp.
 * @param message what it is in JSON
 * @param name what it is in protobuf, such as `scheduler.Call`
 * @throws HttpError
 */
export async function readCall(request: HttpRequest, message: Message, name: string): Promise<JsonObject> {
  const type = headerOf(request, 'content-type');
  if (type !== undefined && type !== json && type !== protobuf) {
    throw new HttpError(415, `Expecting 'Content-Type' of ${json} or ${protobuf}`);
  }
  if (type !== protobuf) return readJsonCall(request, message);
  const { decode } = await loadCodec();
  const call = decode(name, await request.bytes());
  if (call === undefined) throw new HttpError(400, 'Failed to parse body into Call protobuf');
  return call;
}
