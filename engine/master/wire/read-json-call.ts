import { HttpError } from '../../http/http-answer.ts';
import { isJsonMediaType } from '../../http/guards.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { isJsonObject, type JsonObject } from '../../../protocol/json.ts';
import type { Json } from '../../../protocol/mesos.ts';

/** picojson's message: the line, and the rest of it from where it stopped to understand. */
function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const position = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    const at = position === undefined ? text.length : Number(position);
    const line = text.slice(0, at).split('\n').length;
    const near = text.slice(at).split('\n', 1)[0]?.slice(0, 200) ?? '';
    throw new HttpError(400, `Failed to parse body into JSON: syntax error at line ${line} near: ${near}`);
  }
}

/**
 * Reads the JSON of a call, with the refusals of src/master/http.cpp. Protobuf, which it would take, is refused here.
 * @throws HttpError
 */
export async function readJsonCall(request: HttpRequest): Promise<JsonObject> {
  const type = request.headers['content-type'];
  if (type === undefined) throw new HttpError(400, "Expecting 'Content-Type' to be present");
  if (!isJsonMediaType(type)) {
    const message = type.startsWith('application/x-protobuf')
      ? "This master speaks JSON only: expecting 'Content-Type' of application/json"
      : "Expecting 'Content-Type' of application/json or application/x-protobuf";
    throw new HttpError(415, message);
  }
  const json = parseJson(await request.text());
  if (!isJsonObject(json))
    throw new HttpError(400, 'Failed to convert JSON into Call protobuf: Expecting a JSON object');
  return json;
}

/** @throws HttpError 406 when the client does not take JSON */
export function requireAccept({ headers }: HttpRequest, message: string): void {
  const accepted = (headers.accept ?? '')
    .split(',')
    .map((each) => each.split(';', 1)[0]?.trim().toLowerCase() ?? '')
    .filter((each) => each !== '');
  const isJson = (type: string) => type === '*/*' || type === 'application/*' || type === 'application/json';
  if (accepted.length > 0 && !accepted.some(isJson)) throw new HttpError(406, message);
}
