import { settingCookie, withoutOurCookie } from './rules/sticky-cookie.ts';

/** Headers as Node gives and takes them: name, value, name, value, … with their case and their repetitions. */
export type RawHeaders = readonly string[];

/** Between two neighbours only, never passed on (RFC 9110, 7.6.1). `trailer` goes with the body. */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** Set by us. `Expect: 100-continue` has been answered by our server already. */
const replaced: ReadonlySet<string> = new Set([
  'expect',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
]);

export interface RequestFacts {
  readonly clientAddress: string;
  /** That the client asked at. */
  readonly port: number;
  readonly isSecure: boolean;
  /** In place of the client's. */
  readonly host?: string | undefined;
  /** For requests without a Host. */
  readonly ownHost: string;
  /** Keep `Connection` and `Upgrade`: the request asks for another protocol. */
  readonly upgrade: boolean;
}

function pairs(headers: RawHeaders): readonly (readonly [name: string, value: string])[] {
  const result: [string, string][] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    result.push([headers[index] ?? '', headers[index + 1] ?? '']);
  }
  return result;
}

/** All values of a header, joined as one. */
function headerValue(headers: RawHeaders, name: string): string | undefined {
  const values = pairs(headers).flatMap(([each, value]) => (each.toLowerCase() === name ? [value] : []));
  return values.length === 0 ? undefined : values.join(', ');
}

/** What a neighbour names in `Connection` is for it alone, too. */
function namedInConnection(headers: RawHeaders): ReadonlySet<string> {
  const names = (headerValue(headers, 'connection') ?? '').split(',').map((name) => name.trim().toLowerCase());
  return new Set(names);
}

/**
 * Headers of a request on its way to a task: who asked, and by which name and port, is in X-Forwarded-*. What the
 * client says of itself there is not believed, except the way that it came before (X-Forwarded-For grows).
 */
export function requestHeaders(headers: RawHeaders, facts: RequestFacts): string[] {
  const named = namedInConnection(headers);
  const result: string[] = [];
  for (const [name, value] of pairs(headers)) {
    const lower = name.toLowerCase();
    if (replaced.has(lower)) continue;
    // Framing is never dropped because a client names it in Connection: the two ends would disagree about the body.
    const framing = lower === 'content-length' || lower === 'host';
    if (!framing && (hopByHop.has(lower) || named.has(lower))) continue;
    const kept = lower === 'cookie' ? withoutOurCookie(value) : lower === 'host' ? (facts.host ?? value) : value;
    if (kept !== undefined) result.push(name, kept);
  }
  const host = headerValue(headers, 'host');
  const before = headerValue(headers, 'x-forwarded-for');
  result.push('X-Forwarded-For', before === undefined ? facts.clientAddress : `${before}, ${facts.clientAddress}`);
  // HTTP/1.0 knows no Host, but we speak 1.1 to the task, which needs one.
  if (host === undefined) result.push('Host', facts.host ?? facts.ownHost);
  else result.push('X-Forwarded-Host', host);
  result.push('X-Forwarded-Port', String(facts.port), 'X-Forwarded-Proto', facts.isSecure ? 'https' : 'http');
  if (facts.upgrade) result.push('Connection', 'Upgrade', 'Upgrade', headerValue(headers, 'upgrade') ?? '');
  else result.push('Connection', 'close');
  // Said in full, since Node guesses by the method: a GET may have a body.
  const encoding = headerValue(headers, 'transfer-encoding');
  if (encoding !== undefined) result.push('Transfer-Encoding', facts.upgrade ? encoding : 'chunked');
  return result;
}

export interface AnswerFacts {
  readonly location: (location: string) => string;
  readonly usesHsts: boolean;
  /** What the client's cookie shall say from now on. */
  readonly newCookie?: string | undefined;
}

/** Headers of an answer on its way back to the client. */
export function responseHeaders(headers: RawHeaders, { location, usesHsts, newCookie }: AnswerFacts): string[] {
  const named = namedInConnection(headers);
  const kept = pairs(headers).flatMap(([name, value]) => {
    const lower = name.toLowerCase();
    const framing = lower === 'content-length';
    if (!framing && (hopByHop.has(lower) || named.has(lower))) return [];
    return [name, lower === 'location' ? location(value) : value];
  });
  return [
    ...kept,
    // BACKEND_HSTS_OPTIONS in config.py of marathon-lb.
    ...(usesHsts ? ['Strict-Transport-Security', 'max-age=15768000'] : []),
    ...(newCookie === undefined ? [] : settingCookie(newCookie, headerValue(headers, 'cache-control'))),
  ];
}
