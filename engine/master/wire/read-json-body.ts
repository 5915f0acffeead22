import { HttpError } from '../../http/http-answer.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import type { JsonObject } from '../../../protocol/json.ts';
import { parseJson } from './parse-json.ts';
import { parseMessage, type Message } from './protobuf-json.ts';
import { ConversionError } from './scalar-json.ts';

/**
 * Reads the body of an older endpoint as a message, whatever its Content-Type: pages of other sites are refused before.
 * @param words before what is wrong with it: `Failed to parse set quota request`; without them nothing stands there
 * @param list the field that the body is, where it is a list
 * @throws HttpError 400
 */
export async function readJsonBody(
  request: HttpRequest,
  message: Message,
  words?: string,
  list?: string,
): Promise<JsonObject> {
  const text = Buffer.from(await request.bytes()).toString('utf8');
  const invalid = (why: string) => new HttpError(400, words === undefined ? why : `${words} JSON '${text}': ${why}`);
  const result = parseJson(text);
  if ('error' in result) throw invalid(result.error);
  const { value } = result;
  if (list !== undefined && !Array.isArray(value)) throw invalid('Expecting a JSON array');
  try {
    return parseMessage(list === undefined ? value : { [list]: value }, message);
  } catch (error) {
    throw error instanceof ConversionError ? invalid(error.message) : error;
  }
}
