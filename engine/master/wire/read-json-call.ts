import { HttpError } from '../../http/http-answer.ts';
import { isJsonMediaType } from '../../http/guards.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import type { JsonObject } from '../../../protocol/json.ts';
import type { Json } from '../../../protocol/mesos.ts';
import { parseJson } from './parse-json.ts';
import { parseMessage, type Message } from './protobuf-json.ts';
import { ConversionError } from './scalar-json.ts';

/**
 * Reads the JSON of a call as the message that it is, with the refusals of src/master/http.cpp. Protobuf, which that
 * would take, is refused here.
 * @throws HttpError
 */
export async function readJsonCall(request: HttpRequest, message: Message): Promise<JsonObject> {
  const type = request.headers['content-type'];
  if (type === undefined) throw new HttpError(400, "Expecting 'Content-Type' to be present");
  if (!isJsonMediaType(type)) {
    const message = type.startsWith('application/x-protobuf')
      ? "Only JSON is spoken here: expecting 'Content-Type' of application/json"
      : "Expecting 'Content-Type' of application/json or application/x-protobuf";
    throw new HttpError(415, message);
  }
  const result = parseJson(await request.text());
  if ('error' in result) throw new HttpError(400, `Failed to parse body into JSON: ${result.error}`);
  return toCall(result.value, message);
}

function toCall(json: Json, message: Message): JsonObject {
  try {
    return parseMessage(json, message);
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    throw new HttpError(400, `Failed to convert JSON into Call protobuf: ${error.message}`);
  }
}
