import { isTrue } from '../../../protocol/marathon/served-port.ts';
import { allowedNetworks } from '../access/allowed-networks.ts';
import { basicAuth, type BasicAuth } from '../access/basic-auth.ts';

const balances = ['roundrobin', 'leastconn', 'first', 'source'] as const;

/** How the next server is found, in HAProxy's words. */
export type Balance = (typeof balances)[number];

/** What the labels of a service port ask for beside where it is served; what is missing is not asked for. */
export interface ServiceRules {
  readonly balance: Balance;
  /** A client keeps its server, by a cookie. */
  readonly isSticky?: true;
  /** Its virtual hosts send those who come without TLS to HTTPS. */
  readonly redirectsToHttps?: true;
  /** Answers tell browsers to come by HTTPS from now on. */
  readonly usesHsts?: true;
  /** Whom its virtual hosts let in. */
  readonly auth?: BasicAuth;
  /** Whether an address may come at all. */
  readonly allows?: (address: string) => boolean;
  /** Taken away from the beginning of paths. */
  readonly proxyPath?: string;
  /** What answers that redirect within the host redirect to. */
  readonly reverseProxyPath?: string;
  /** Where `/` of its virtual hosts redirects to. */
  readonly rootRedirect?: string;
}

/** As a header holds it: Node takes no others, and a byte of UTF-8 means the same as its percent-encoding. */
const locationText = (label: string) =>
  [...Buffer.from(label)]
    .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0')}`))
    .join('');

/** @param label of the service port by the rest of its name */
export function serviceRules(label: (name: string) => string | undefined): ServiceRules {
  const wanted = label('BALANCE')?.toLowerCase();
  const flag = <Name extends keyof ServiceRules>(name: Name, value: string | undefined) =>
    (value !== undefined && isTrue(value) ? { [name]: true } : {}) as Partial<Record<Name, true>>;
  const made = <Name extends keyof ServiceRules, Made>(
    name: Name,
    value: string | undefined,
    make: (value: string) => Made,
  ) => (value === undefined ? {} : { [name]: make(value) }) as Partial<Record<Name, Made>>;
  return {
    // Servers have no weights, so static-rr is the same as roundrobin.
    balance: balances.find((balance) => balance === wanted) ?? 'roundrobin',
    ...flag('isSticky', label('STICKY')),
    ...flag('redirectsToHttps', label('REDIRECT_TO_HTTPS')),
    ...flag('usesHsts', label('USE_HSTS')),
    ...made('auth', label('AUTH'), basicAuth),
    ...made('allows', label('BACKEND_NETWORK_ALLOWED_ACL'), allowedNetworks),
    ...made('proxyPath', label('HTTP_BACKEND_PROXYPASS_PATH'), (path) => path),
    ...made('reverseProxyPath', label('HTTP_BACKEND_REVPROXY_PATH'), locationText),
    ...made('rootRedirect', label('HTTP_BACKEND_REDIR'), locationText),
  };
}
