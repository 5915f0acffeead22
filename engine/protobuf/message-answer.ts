import { isJsonObject } from '../../protocol/json.ts';
import type { HttpAnswer } from '../http/http-answer.ts';
import { jsonPartsAnswer, wholeOf } from '../http/json-parts.ts';
import { loadCodec } from './load-codec.ts';
import { json, type MessageFormat } from './media-types.ts';

/**
 * An answer that is one message.
 * @param name of the message, such as `master.Response`
 * @param value the message in JSON, or an objectOf
 */
export async function messageAnswer(format: MessageFormat, name: string, value: unknown): Promise<HttpAnswer> {
  if (format === json) return jsonPartsAnswer(200, value);
  const { encode } = await loadCodec();
  const whole = wholeOf(value);
  return { status: 200, headers: { 'Content-Type': format }, body: encode(name, isJsonObject(whole) ? whole : {}) };
}
