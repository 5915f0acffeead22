import type { JsonObject } from '../../protocol/json.ts';
import { decodeMessage } from '../../protocol/protobuf/decode-message.ts';
import { encodeMessage } from '../../protocol/protobuf/encode-message.ts';
import { RecordIoDecoder } from '../../protocol/record-io.ts';
import { bothProtobuf, openAnswer, post } from '../engine/protobuf/bytes-over-http.ts';

/* The same calls in protobuf, as clients in C++, Go and Java send them. */

type Api = 'master' | 'agent' | 'executor';

/** Sends a call; what it is answered is a message, or text for an error. */
export async function callInProtobuf(url: string, api: Api, call: object) {
  const path = api === 'executor' ? '/api/v1/executor' : '/api/v1';
  const body = encodeMessage(`${api}.Call`, call as JsonObject);
  const answer = await post(`${url}${path}`, { body, headers: bothProtobuf });
  const isMessage = answer.status === 200 && answer.body.length > 0;
  return {
    status: answer.status,
    message: isMessage ? decodeMessage(`${api}.Response`, answer.body) : undefined,
    text: isMessage ? '' : answer.body.toString('utf8'),
  };
}

/** Subscribes; the events come one by one, each a record of its own. */
export async function subscribeInProtobuf(url: string, api: 'master' | 'executor', call: object) {
  const path = api === 'executor' ? '/api/v1/executor' : '/api/v1';
  const body = encodeMessage(`${api}.Call`, call as JsonObject);
  const answer = await openAnswer(`${url}${path}`, { body, headers: bothProtobuf });
  const events = eventsOf(answer, `${api}.Event`);
  /** The next event of a type; others before it are dropped. */
  const take = async (type: string): Promise<JsonObject> => {
    for (;;) {
      const { value, done } = await events.next();
      if (done === true) throw new Error(`The stream has ended before ${type}`);
      if (value['type'] === type) return value;
    }
  };
  return { contentType: answer.headers['content-type'], take, close: () => answer.destroy() };
}

async function* eventsOf(answer: AsyncIterable<Buffer>, name: string): AsyncGenerator<JsonObject, undefined> {
  const decoder = new RecordIoDecoder();
  for await (const chunk of answer) {
    for (const record of decoder.pushBytes(chunk)) {
      const event = decodeMessage(name, record);
      if (event === undefined) throw new Error(`Not a ${name}`);
      yield event;
    }
  }
  return undefined;
}
