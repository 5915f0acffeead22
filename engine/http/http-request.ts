import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { addressOf } from './client-address.ts';
import { HttpError, type Json } from './http-answer.ts';
import { isJsonMediaType } from './guards.ts';

/** What a handler is given. */
export interface HttpRequest {
  /** Upper case. */
  readonly method: string;
  /** Decoded, without the query; begins with `/`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** The value of each line of a header, where `headers` has them joined or only the first. Names in lower case. */
  readonly headersDistinct: NodeJS.Dict<string[]>;
  /** The body, whatever its Content-Type. May be asked for again. @throws HttpError 413 when it is too large */
  readonly bytes: () => Promise<Uint8Array>;
  /** The body as it comes, however long that takes and however much it is: in place of all of the others. */
  readonly chunks: () => AsyncIterator<Uint8Array>;
  /**
   * The body, decoded as UTF-8; empty if there is none. May be asked for again.
   * @throws HttpError 415 when there is one that is not JSON by its Content-Type, 413 when it is too large
   */
  readonly text: () => Promise<string>;
  /**
   * The body as JSON.
   * @throws HttpError as text(), and 400 when it does not parse
   */
  readonly json: () => Promise<Json>;
  /**
   * The body as the fields of a form.
   * @throws HttpError 415 when there is one that is none by its Content-Type, 413 when it is too large
   */
  readonly form: () => Promise<URLSearchParams>;
  /** Aborts when the client goes before it has its whole answer. */
  readonly signal: AbortSignal;
  /** Of the client, or of what is between; to be asked for while it is there. */
  readonly remoteAddress: string;
  /** So much of the body has been read. */
  readonly bodyBytes: number;
}

/** Path and query of a request target. @throws HttpError 400 */
function parseTarget(target: string): { readonly path: string; readonly query: URLSearchParams } {
  const local = target.startsWith('/') ? target : target.replace(/^[a-z]+:\/\/[^/?#]*/i, '');
  const mark = local.indexOf('?');
  const raw = mark < 0 ? local : local.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : local.slice(mark + 1));
  try {
    const path = decodeURIComponent(raw);
    if (path.includes('\0')) throw new URIError('NUL');
    return { path: path.startsWith('/') ? path : `/${path}`, query };
  } catch {
    throw new HttpError(400, 'The path of the request is not properly encoded');
  }
}

/** How long a client may take for a body. */
const bodyTimeoutMs = 30_000;

const formType = 'application/x-www-form-urlencoded';

/**
 * By events, and not as an iterable, which costs more than all else of a small request. Bodies of requests that follow
 * each other on a connection are complete in their order.
 */
function readBody(message: IncomingMessage, maxBodyBytes: number, onData: (bytes: number) => void): Promise<Buffer> {
  let timer: NodeJS.Timeout | undefined;
  const body = new Promise<Buffer>((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    const brokeOff = () => {
      if (!message.complete) reject(new Error('The request broke off'));
    };
    if (Number(message.headers['content-length'] ?? 0) > maxBodyBytes) reject(tooLarge(maxBodyBytes));
    else if (message.destroyed) reject(new Error('The request broke off'));
    else {
      message.on('data', (part: Buffer) => {
        size += part.length;
        onData(part.length);
        if (size <= maxBodyBytes) parts.push(part);
        else reject(tooLarge(maxBodyBytes));
      });
      message.once('end', () => {
        resolve(parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts));
      });
      message.once('error', reject);
      message.once('close', brokeOff);
      timer = setTimeout(() => {
        reject(new HttpError(408, 'The body of the request took too long', { Connection: 'close' }));
      }, bodyTimeoutMs);
    }
  });
  const stop = () => {
    clearTimeout(timer);
  };
  body.then(stop, stop);
  return body;
}

async function readText(body: Promise<Buffer>, type: string | undefined, isForm = false): Promise<string> {
  const bytes = await body;
  const isRight = isForm ? type?.split(';', 1)[0]?.trim().toLowerCase() === formType : isJsonMediaType(type);
  if (bytes.length > 0 && !isRight) {
    throw new HttpError(415, `Expecting 'Content-Type' of ${isForm ? formType : 'application/json'}`);
  }
  return bytes.toString('utf8');
}

const tooLarge = (maxBodyBytes: number) =>
  new HttpError(413, `The body of the request is larger than ${maxBodyBytes} bytes`, { Connection: 'close' });

function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new HttpError(400, `The body of the request is not JSON: ${error instanceof Error ? error.message : ''}`);
  }
}

/** @throws HttpError 400 when the target of the request does not decode */
export function toHttpRequest(message: IncomingMessage, response: ServerResponse, maxBodyBytes: number): HttpRequest {
  let body: Promise<Buffer> | undefined;
  let controller: AbortController | undefined;
  let bodyBytes = 0;
  const onData = (count: number) => (bodyBytes += count);
  const bytes = () => (body ??= readBody(message, maxBodyBytes, onData));
  const text = () => readText(bytes(), message.headers['content-type']);
  return {
    method: (message.method ?? 'GET').toUpperCase(),
    ...parseTarget(message.url ?? '/'),
    headers: message.headers,
    get headersDistinct() {
      return message.headersDistinct;
    },
    bytes,
    // Whoever stops reading may still answer.
    chunks: () => message.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>,
    text,
    json: async () => parseJson(await text()),
    form: async () => new URLSearchParams(await readText(bytes(), message.headers['content-type'], true)),
    get signal() {
      if (controller === undefined) {
        const made = new AbortController();
        controller = made;
        const abort = () => {
          if (!response.writableFinished) made.abort();
        };
        response.once('close', abort);
        if (response.destroyed) abort();
      }
      return controller.signal;
    },
    get remoteAddress() {
      return addressOf(message.socket);
    },
    get bodyBytes() {
      return bodyBytes;
    },
  };
}
