import { setMaxListeners } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { excerpt } from './excerpt.ts';
import { parseJson } from '../protocol/json.ts';

/**
 * Where this machine reaches what the cluster calls by other names: `agent1:5051` → `http://127.0.0.1:5051`, and for
 * every port of a host, `agent1` → `127.0.0.1`.
 */
export type HostMap = Readonly<Record<string, string>>;

export interface ClusterRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Over those that are sent anyway. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default 5000. */
  readonly timeoutMs?: number;
  /** Default: all of them. Mesos's standby masters send to the leader. */
  readonly followRedirects?: boolean;
  /** Bytes of the answer that are read. Default 64 MiB; more is an error. */
  readonly maxBytes?: number;
}

export interface ClusterAnswer {
  /** After redirects. */
  readonly url: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Undefined when the body is not JSON. */
  readonly json: unknown;
}

/** Asks servers of a cluster. */
export interface ClusterClient {
  /**
   * One request over a connection of its own, so that a load balancer sees a new client each time.
   * @throws UnreachableError when there is no answer in time; the signal's reason when it aborts
   */
  readonly ask: (url: string, signal: AbortSignal, options?: ClusterRequest) => Promise<ClusterAnswer>;
  /** The URL at which this machine reaches `host:port` of the cluster. */
  readonly urlFor: (hostAndPort: string) => string;
}

/** No answer: nobody listens, the name is unknown, the connection broke, or it took too long. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
  /** `ECONNREFUSED`, `ENOTFOUND`, …; `TIMEOUT` when it took too long. */
  readonly code: string;

  constructor(url: string, code: string, message: string) {
    super(`${url}: ${message}`);
    this.code = code;
  }
}

const defaults = { timeoutMs: 5000, maxBytes: 64 * 1024 * 1024, redirects: 3 } as const;

/** @param hosts what the cluster calls its machines, and where they are from here */
export function clusterClient(hosts: HostMap = {}): ClusterClient {
  const urlFor = (hostAndPort: string) => {
    const mapped = Object.hasOwn(hosts, hostAndPort) ? hosts[hostAndPort] : undefined;
    if (mapped !== undefined) return mapped.replace(/\/$/, '');
    const [, host = hostAndPort, port = ''] = /^(.*?)(:\d+)?$/.exec(hostAndPort) ?? [];
    return `http://${(Object.hasOwn(hosts, host) ? hosts[host] : undefined) ?? host}${port}`;
  };
  const ask = async (url: string, signal: AbortSignal, options: ClusterRequest = {}): Promise<ClusterAnswer> => {
    let target = url;
    for (let redirects = 0; ; redirects++) {
      const answer = await askOnce(target, signal, options);
      const location = answer.status >= 300 && answer.status < 400 ? answer.headers.location : undefined;
      if (location === undefined || options.followRedirects === false || redirects >= defaults.redirects) return answer;
      target = redirectTarget(location, target, urlFor);
    }
  };
  return { ask, urlFor };
}

/** Mesos redirects to `//host:port/path`, with the name that the leader has in the cluster. */
function redirectTarget(location: string, from: string, urlFor: (hostAndPort: string) => string): string {
  const url = new URL(location, from);
  if (url.host === new URL(from).host) return url.href;
  return `${urlFor(url.host)}${url.pathname === '/' ? '' : url.pathname}${url.search}`;
}

function askOnce(url: string, signal: AbortSignal, options: ClusterRequest): Promise<ClusterAnswer> {
  const { method = 'GET', body, timeoutMs = defaults.timeoutMs } = options;
  const content = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const headers = {
      Accept: 'application/json, */*;q=0.5',
      ...(content === undefined
        ? {}
        : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(content) }),
      ...options.headers,
    };
    const request = send(url, { method, headers, agent: false });
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    const fail = (error: unknown) => {
      finish();
      request.destroy();
      reject(signal.aborted ? (signal.reason as Error) : unreachable(url, error));
    };
    const abort = () => {
      fail(signal.reason);
    };
    // From the name look-up to the last byte.
    const timer = setTimeout(() => {
      fail(new UnreachableError(url, 'TIMEOUT', `no answer within ${timeoutMs / 1000} s`));
    }, timeoutMs);
    // A verb asks many components at once, and Node.js would print a warning of the eleventh.
    setMaxListeners(0, signal);
    signal.addEventListener('abort', abort);
    request.on('error', fail);
    request.once('response', (incoming) => {
      readAll(incoming, options.maxBytes ?? defaults.maxBytes).then((text) => {
        finish();
        const { statusCode = 0, headers: answered } = incoming;
        resolve({ url, status: statusCode, headers: answered, text, json: parseJson(text) });
      }, fail);
    });
    request.end(content);
  });
}

async function readAll(incoming: IncomingMessage, maxBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of incoming as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBytes) throw new Error(`more than ${maxBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function unreachable(url: string, error: unknown): UnreachableError {
  if (error instanceof UnreachableError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'ERROR';
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'nobody listens there (ECONNREFUSED)',
    ENOTFOUND: 'the name is unknown on this machine (ENOTFOUND)',
    ECONNRESET: 'the connection broke (ECONNRESET)',
  };
  return new UnreachableError(url, code, words[code] ?? (error instanceof Error ? error.message : String(error)));
}

/** An answer in words: `503 Master has not finished recovery`. */
export function describeAnswer({ status, text }: ClusterAnswer): string {
  return `${status} ${excerpt(text)}`.trim();
}
