import { request as httpRequest, type IncomingMessage } from 'node:http';
import { HttpError, type HttpAnswer } from '../../http/http-answer.ts';
import type { HttpRequest } from '../../http/http-request.ts';

/*
 * How a member that does not lead serves the API: by asking the leader (LeaderProxyFilter.scala of Marathon,
 * RedirectFilter.scala of Chronos).
 */

interface ProxyOptions {
  readonly leaderUrl: string;
  /** `host:port` of the member that asks. */
  readonly self: string;
  /** Header that says who has asked: `X-Marathon-Via`. */
  readonly viaHeader: string;
  /** What is answered when the leader cannot be asked. */
  readonly failure: (status: number, message: string) => HttpAnswer;
}

const connectTimeoutMs = 5000;
const readTimeoutMs = 10_000;
const maxAnswerBytes = 64 * 1024 * 1024;
const copied = ['content-type', 'location', 'marathon-deployment-id', 'x-marathon-leader', 'cache-control', 'allow'];

/** Forwards a request to the leader and gives back its answer; event streams go on until either end closes. */
export async function forwardToLeader(request: HttpRequest, options: ProxyOptions): Promise<HttpAnswer> {
  const { self, viaHeader, failure } = options;
  if (String(request.headers[viaHeader.toLowerCase()] ?? '').includes(self)) {
    return failure(502, 'Detected proxying loop.');
  }
  const body = await request.text();
  let message: IncomingMessage;
  try {
    message = await ask(request, body, options);
  } catch (error) {
    if (error instanceof HttpError) throw error;
    return failure(502, 'Connection to leader refused.');
  }
  const headers = Object.fromEntries(
    copied.flatMap((name) => {
      const value = message.headers[name];
      return typeof value === 'string' ? [[name, value] as const] : [];
    }),
  );
  const status = message.statusCode ?? 502;
  if (headers['content-type']?.startsWith('text/event-stream') === true) return streamOn(message, status, headers);
  return { status, headers, body: await readAll(message) };
}

function ask(
  request: HttpRequest,
  body: string,
  { leaderUrl, self, viaHeader }: ProxyOptions,
): Promise<IncomingMessage> {
  const query = request.query.toString();
  const path = request.path.split('/').map(encodeURIComponent).join('/');
  const url = new URL(`${path}${query === '' ? '' : `?${query}`}`, leaderUrl);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      url,
      {
        method: request.method,
        agent: false,
        headers: {
          Accept: request.headers.accept ?? '*/*',
          ...(body === '' ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
          [viaHeader]: `1.1 ${self}`,
        },
      },
      (message) => {
        clearTimeout(timer);
        message.on('error', () => undefined);
        resolve(message);
      },
    );
    const timer = setTimeout(() => {
      outgoing.destroy();
      reject(new HttpError(504, 'Connection to leader timed out.'));
    }, connectTimeoutMs + readTimeoutMs);
    timer.unref();
    outgoing.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    request.signal.addEventListener('abort', () => outgoing.destroy());
    outgoing.end(body);
  });
}

async function readAll(message: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => message.destroy(), readTimeoutMs);
  timer.unref();
  try {
    for await (const part of message as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > maxAnswerBytes) throw new Error('too large');
      parts.push(part);
    }
  } catch {
    throw new HttpError(502, 'Failed to successfully establish a connection to the leader.');
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(parts);
}

function streamOn(message: IncomingMessage, status: number, headers: Readonly<Record<string, string>>): HttpAnswer {
  return {
    status,
    headers,
    stream: (sink) => {
      message.on('data', (chunk: Buffer) => {
        if (!sink.write(chunk)) message.destroy();
      });
      message.on('close', () => {
        sink.end();
      });
      sink.onClose(() => {
        message.destroy();
      });
    },
  };
}
