import { request, type Agent, type IncomingMessage } from 'node:http';
import type { Json } from '../../../protocol/mesos.ts';

/** An answer whose head is there. */
export interface OpenAnswer {
  readonly message: IncomingMessage;
  /** Where it came from, after redirects. */
  readonly url: URL;
}

interface PostOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
  /** Until the head of the answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const maxRedirects = 5;

/** Posts JSON; follows 307, with which a standby master names the leader (`//host:port/…`). */
export async function postJson(url: URL, body: Json, options: PostOptions, redirects = 0): Promise<OpenAnswer> {
  const message = await postOnce(url, JSON.stringify(body), options);
  const location = message.headers.location;
  if ((message.statusCode !== 307 && message.statusCode !== 302) || location === undefined) return { message, url };
  message.resume();
  if (redirects >= maxRedirects) throw new Error(`too many redirects, the last one to ${location}`);
  const next = new URL(location, url);
  if (next.protocol !== 'http:') throw new Error(`cannot follow a redirect to ${location}`);
  // Some masters redirect to themselves, without the path.
  if (next.pathname === '/' || next.pathname === '') next.pathname = url.pathname;
  return postJson(next, body, options, redirects + 1);
}

function postOnce(url: URL, body: string, options: PostOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: 'POST',
        signal: options.signal,
        // Not the global one, which may have a proxy (NODE_USE_ENV_PROXY of Node.js 24).
        agent: options.agent ?? false,
        headers: {
          'Content-Type': 'application/json',
          Accept: 'application/json',
          'Content-Length': Buffer.byteLength(body),
          ...options.headers,
        },
      },
      (message) => {
        clearTimeout(timer);
        message.on('error', () => undefined);
        resolve(message);
      },
    );
    const timer = setTimeout(() => {
      outgoing.destroy(new Error(`no answer within ${options.timeoutMs / 1000} s`));
    }, options.timeoutMs);
    timer.unref();
    outgoing.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    outgoing.end(body);
  });
}

/** The start of a body; what is longer is left unread. */
export async function readText(message: IncomingMessage, maxBytes = 10_000): Promise<string> {
  let text = '';
  message.setEncoding('utf8');
  try {
    for await (const part of message as AsyncIterable<string>) {
      text += part;
      if (text.length > maxBytes) break;
    }
  } catch {
    // The part that came is all there is.
  }
  return text.slice(0, maxBytes);
}
