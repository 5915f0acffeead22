import { request, type Agent, type IncomingMessage } from 'node:http';

/** Requests and answers whose bodies are bytes. */

export interface BytesAnswer {
  readonly status: number;
  readonly type: string | undefined;
  readonly body: Buffer;
}

interface BytesRequest {
  readonly body: Uint8Array | string;
  /** A list of values is a line of each. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly connection?: Agent;
}

export const protobuf = 'application/x-protobuf';
export const bothProtobuf = { 'Content-Type': protobuf, Accept: protobuf };

/** Posts; resolves when the head of the answer is there. Nothing is added to the headers. */
export function openAnswer(url: string, { body, headers, connection }: BytesRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent: connection ?? false, headers: headers ?? {} });
    sent.on('response', resolve);
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Posts, and reads the whole answer. */
export async function post(url: string, options: BytesRequest): Promise<BytesAnswer> {
  const answer = await openAnswer(url, options);
  const parts: Buffer[] = [];
  for await (const part of answer as AsyncIterable<Buffer>) parts.push(part);
  return { status: answer.statusCode ?? 0, type: answer.headers['content-type'], body: Buffer.concat(parts) };
}
