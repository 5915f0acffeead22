import { lookup, type LookupAddress } from 'node:dns';
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { urlToHttpOptions } from 'node:url';
import { afterRedirectBy, checkAddress, type AddressPolicy } from './address-policy.ts';
import { inCurlWords } from './curl-words.ts';

export interface HttpOptions {
  readonly policy: AddressPolicy;
  /** A server that says nothing for so long is given up. */
  readonly stallTimeoutMs: number;
  readonly signal: AbortSignal;
}

const maxRedirects = 30;
const redirects: ReadonlySet<number | undefined> = new Set([301, 302, 303, 307, 308]);

/**
 * The body of what a URL leads to, redirects followed (net::download in stout's net.hpp, which is libcurl).
 * @throws Error in Mesos's and libcurl's words
 */
export async function* httpDownload(url: string, options: HttpOptions): AsyncIterable<Uint8Array> {
  const answer = await open('GET', url, options);
  try {
    if (answer.statusCode !== 200) {
      throw new Error(`Error downloading resource, received HTTP return code ${answer.statusCode ?? 0}`);
    }
    yield* bodyOf(answer, options.signal);
  } finally {
    answer.destroy();
  }
}

/** How long the body is said to be (net::contentLength). @throws Error as httpDownload, and when nothing is said */
export async function httpSize(url: string, options: HttpOptions): Promise<number> {
  const answer = await open('HEAD', url, options);
  answer.destroy();
  const length = answer.headers['content-length'];
  if (length === undefined) throw new Error('No URL content-length available');
  if (Number(length) === 0) throw new Error(`URI reported content-length 0: ${url}`);
  return Number(length);
}

async function* bodyOf(answer: IncomingMessage, signal: AbortSignal): AsyncIterable<Uint8Array> {
  try {
    for await (const bytes of answer) yield bytes as Uint8Array;
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`Error downloading resource: ${inCurlWords(error, 'Transferred a partial file')}`);
  }
}

async function open(method: 'GET' | 'HEAD', url: string, options: HttpOptions): Promise<IncomingMessage> {
  let target = parseUrl(url);
  let { policy } = options;
  for (let count = 0; count <= maxRedirects; count++) {
    const answer = await send(method, target, { ...options, policy });
    const { location } = answer.headers;
    if (!redirects.has(answer.statusCode) || location === undefined) return answer;
    policy = afterRedirectBy(answer.socket.remoteAddress ?? '', policy);
    answer.destroy();
    target = parseUrl(location, target);
  }
  throw new Error('Error downloading resource: Number of redirects hit maximum amount');
}

function parseUrl(text: string, base?: URL): URL {
  if (!URL.canParse(text, base?.href)) {
    throw new Error('Error downloading resource: URL using bad/illegal format or missing URL');
  }
  const url = new URL(text, base?.href);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new Error('Error downloading resource: Unsupported protocol');
  }
  return url;
}

async function send(
  method: string,
  url: URL,
  { policy, stallTimeoutMs, signal }: HttpOptions,
): Promise<IncomingMessage> {
  const options: RequestOptions = {
    ...urlToHttpOptions(url),
    method,
    // Each request has a connection of its own, so the address that was checked is the one that answers.
    agent: false,
    headers: { Accept: '*/*' },
    timeout: stallTimeoutMs,
    lookup: checkedLookup(policy),
    signal,
  };
  try {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    // Nothing is looked up of an address.
    if (isIP(host) !== 0) checkAddress(host, host, policy);
    return await new Promise((resolve, reject) => {
      const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(options);
      let answering: IncomingMessage | undefined;
      request.on('response', (answer) => {
        answering = answer;
        resolve(answer);
      });
      request.on('error', reject).on('timeout', () => {
        (answering ?? request).destroy(new Error('Timeout was reached'));
      });
      request.end();
    });
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`Error downloading resource: ${inCurlWords(error, 'Failure when receiving data from the peer')}`);
  }
}

/** Finds the addresses of a name, and none where one of them is not allowed: which would be taken is not ours to say. */
const checkedLookup =
  (policy: AddressPolicy): LookupFunction =>
  (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      try {
        if (error !== null) throw error;
        for (const { address } of addresses) checkAddress(address, host, policy);
      } catch (problem) {
        callback(problem as NodeJS.ErrnoException, []);
        return;
      }
      const [first] = addresses;
      if (options.all === true || first === undefined) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
