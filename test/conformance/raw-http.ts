import { rawAnswer } from '../support/raw-answer.ts';

export interface RawHttpAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Sends lines and a body as they are; the connection is closed after the answer. */
export async function rawHttp(url: string, lines: readonly string[], body = ''): Promise<RawHttpAnswer> {
  const { hostname, port } = new URL(url);
  const text = await rawAnswer(hostname, Number(port), `${lines.join('\r\n')}\r\n\r\n${body}`);
  const [head = '', ...rest] = text.split('\r\n\r\n');
  return { status: Number(head.slice(9, 12)), head, body: rest.join('\r\n\r\n') };
}

/** A request with one Host, that asks for the end of the connection. */
export const request = (url: string, first: string, ...headers: readonly string[]): readonly string[] => [
  `${first} HTTP/1.1`,
  `Host: ${new URL(url).host}`,
  'Connection: close',
  ...headers,
];

const json = ['Content-Type: application/json', 'Accept: application/json'];

/** A call in JSON, as it is. */
export const call = (url: string, path: string, body: string, headers: readonly string[] = json) =>
  rawHttp(url, request(url, `POST ${path}`, ...headers, `Content-Length: ${Buffer.byteLength(body)}`), body);
