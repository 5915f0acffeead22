import { isIP } from 'node:net';

/** Why a request is refused before any handler sees it. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

interface Head {
  readonly host: string | undefined;
  readonly origin: string | undefined;
}

/** `host:port` without the port, and without the brackets of an IPv6 address; lower case. */
function hostName(authority: string): string {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(authority.toLowerCase());
  return match?.[1] ?? match?.[2] ?? '';
}

const isLoopback = (name: string) =>
  name === 'localhost' ||
  name.endsWith('.localhost') ||
  name === '::1' ||
  (isIP(name) === 4 && name.startsWith('127.'));

/** @param names of this server and of those that belong to it */
export function isLoopbackOrOwn(host: string, names: readonly string[]): boolean {
  const name = host.toLowerCase();
  return isLoopback(name) || names.some((each) => each.toLowerCase() === name);
}

/** Bound to every address, the server may be called by any of them: a page cannot make a name out of an address. */
const isAnyAddress = (host: string) => host === '0.0.0.0' || host === '::';

/**
 * Refuses what a web page in the user's browser could send: a foreign Host (a name that was rebound to our address),
 * and a foreign Origin. Only pages that this server itself has given out may call it. A request without Host is no
 * browser's: shell probes and HAProxy's checks send none, and Mesos answers them.
 * @param host the address the server is bound to
 * @param names other names that it is reached by
 */
export function refuseForeign(head: Head, host: string, names: readonly string[]): Refusal | undefined {
  const authority = head.host ?? '';
  const name = hostName(authority);
  const own =
    head.host === undefined || isLoopbackOrOwn(name, [host, ...names]) || (isAnyAddress(host) && isIP(name) !== 0);
  if (!own) return { status: 403, message: `This server is not '${name}': the Host header of the request is foreign` };
  if (head.origin === undefined) return undefined;
  const sameOrigin = head.origin.toLowerCase() === `http://${authority.toLowerCase()}`;
  if (sameOrigin) return undefined;
  return { status: 403, message: 'Requests from pages of another origin are refused' };
}

/** Whether a Content-Type is JSON. None is not: a page can send a body without one unasked. */
export function isJsonMediaType(contentType: string | undefined): boolean {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return type === 'application/json' || /^application\/[\w.-]+\+json$/.test(type);
}
