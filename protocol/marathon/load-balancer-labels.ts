/*
 * The labels of apps that marathon-lb documents (README.md; Longhelp.md, "Templates" and "Other Labels"), and what
 * becomes of each in the load balancer of this project. One that is honoured is silent; of any other it is said why not.
 */

/** What a verdict depends on beside the label. */
export interface BalancerFacts {
  /** Whether there are ports for virtual hosts, which in marathon-lb are 80 and 443. */
  readonly hasVirtualHosts: boolean;
}

/** Why a label with this value is not honoured; undefined: it is. */
type Verdict = (value: string, facts: BalancerFacts) => string | undefined;

const honoured: Verdict = () => undefined;
const never =
  (why: string): Verdict =>
  () =>
    why;
const matching =
  (pattern: RegExp, allowed: string): Verdict =>
  (value) =>
    pattern.test(value) ? undefined : `allowed is ${allowed}`;

/**
 * `HAPROXY_{n}_AUTH`: realm, user, and the password as SHA-256 or SHA-512 of crypt(3), with fewer rounds than would hold
 * up everybody else.
 */
export const authPattern =
  /^(?<realm>[^:]*):(?<user>[^:]*):(?<password>\$[56]\$(?:rounds=\d{1,5}\$)?[^$:]{0,16}\$[./\dA-Za-z]+)$/;

const number = matching(/^\s*[-+]?\d+\s*$/, 'a whole number');
/** Means something on the ports of virtual hosts alone. */
const onVirtualHosts =
  (rest: Verdict = honoured): Verdict =>
  (value, facts) =>
    facts.hasVirtualHosts ? rest(value, facts) : 'there are no ports for virtual hosts';

/** `HAPROXY_{n}_…`, for the port n of an app. */
const ofPort: Readonly<Record<string, Verdict>> = {
  AUTH: onVirtualHosts(
    matching(
      authPattern,
      'realm:user:password, the password by SHA-512 or SHA-256 of crypt(3), $6$… or $5$…; nobody is let in',
    ),
  ),
  BACKEND_HEALTHCHECK_PORT_INDEX: number,
  BACKEND_NETWORK_ALLOWED_ACL: matching(/^[\s\da-fA-F.:/]+$/, 'addresses and networks, 10.1.40.0/24 10.1.55.43'),
  BACKEND_WEIGHT: onVirtualHosts(number),
  BALANCE: matching(
    /^(?:roundrobin|static-rr|leastconn|first|source)$/i,
    'roundrobin, static-rr, leastconn, first, source',
  ),
  ENABLED: honoured,
  GROUP: honoured,
  HTTP_BACKEND_PROXYPASS_PATH: honoured,
  HTTP_BACKEND_REDIR: honoured,
  HTTP_BACKEND_REVPROXY_PATH: honoured,
  MODE: matching(/^(?:http|tcp)$/i, 'http, tcp'),
  PATH: onVirtualHosts(),
  PORT: honoured,
  REDIRECT_TO_HTTPS: onVirtualHosts(),
  STICKY: honoured,
  USE_HSTS: honoured,
  VHOST: onVirtualHosts(),
  BIND_ADDR: never('all services are bound to the address of the load balancer'),
  BIND_OPTIONS: never('it is an option of HAProxy'),
  SSL_CERT: never('service ports speak no TLS'),
};

/** `HAPROXY_…`, for an app; those of deployments are of marathon-lb's zdd.py. */
const ofApp: ReadonlySet<string> = new Set([
  ...['APP_ID', 'GROUP', 'DEPLOYMENT_ALT_PORT', 'DEPLOYMENT_COLOUR', 'DEPLOYMENT_GROUP', 'DEPLOYMENT_NEW_INSTANCES'],
  ...['DEPLOYMENT_STARTED_AT', 'DEPLOYMENT_TARGET_INSTANCES'],
]);

/** Lines of an haproxy.cfg that an app may write itself. */
const templates: ReadonlySet<string> = new Set([
  ...['BACKEND_HEAD', 'BACKEND_HSTS_OPTIONS', 'BACKEND_HTTP_HEALTHCHECK_OPTIONS', 'BACKEND_HTTP_OPTIONS'],
  ...['BACKEND_REDIRECT_HTTP_TO_HTTPS', 'BACKEND_REDIRECT_HTTP_TO_HTTPS_WITH_PATH'],
  ...['BACKEND_SERVER_HTTP_HEALTHCHECK_OPTIONS', 'BACKEND_SERVER_OPTIONS', 'BACKEND_SERVER_TCP_HEALTHCHECK_OPTIONS'],
  ...['BACKEND_STICKY_OPTIONS', 'BACKEND_TCP_HEALTHCHECK_OPTIONS', 'FRONTEND_BACKEND_GLUE', 'FRONTEND_HEAD'],
  ...['HTTPS_FRONTEND_ACL', 'HTTPS_FRONTEND_ACL_ONLY_WITH_PATH', 'HTTPS_FRONTEND_ACL_WITH_AUTH'],
  ...['HTTPS_FRONTEND_ACL_WITH_AUTH_AND_PATH', 'HTTPS_FRONTEND_ACL_WITH_PATH', 'HTTPS_FRONTEND_AUTH_ACL_ONLY'],
  ...['HTTPS_FRONTEND_AUTH_REQUEST_ONLY', 'HTTPS_FRONTEND_ROUTING_ONLY_WITH_PATH_AND_AUTH'],
  ...['HTTP_BACKEND_NETWORK_ALLOWED_ACL', 'HTTP_BACKEND_PROXYPASS_GLUE'],
  ...['HTTP_BACKEND_REVPROXY_GLUE', 'HTTP_FRONTEND_ACL', 'HTTP_FRONTEND_ACL_ONLY', 'HTTP_FRONTEND_ACL_ONLY_WITH_PATH'],
  ...['HTTP_FRONTEND_ACL_ONLY_WITH_PATH_AND_AUTH', 'HTTP_FRONTEND_ACL_WITH_AUTH'],
  ...['HTTP_FRONTEND_ACL_WITH_AUTH_AND_PATH', 'HTTP_FRONTEND_ACL_WITH_PATH', 'HTTP_FRONTEND_APPID_ACL'],
  ...['HTTP_FRONTEND_ROUTING_ONLY', 'HTTP_FRONTEND_ROUTING_ONLY_WITH_AUTH', 'HTTP_FRONTEND_ROUTING_ONLY_WITH_PATH'],
  ...['HTTP_FRONTEND_ROUTING_ONLY_WITH_PATH_AND_AUTH', 'MAP_HTTPS_FRONTEND_ACL', 'MAP_HTTP_FRONTEND_ACL'],
  ...['MAP_HTTP_FRONTEND_ACL_ONLY', 'MAP_HTTP_FRONTEND_APPID_ACL', 'TCP_BACKEND_NETWORK_ALLOWED_ACL', 'USERLIST_HEAD'],
]);

/**
 * Labels of an app that ask the load balancer for something that it does not do: `HAPROXY_0_SSL_CERT (service ports
 * speak no TLS)`, in the order of their names.
 * @param portCount how many ports the app has
 */
export function labelsWithoutEffect(
  labels: Readonly<Record<string, string>>,
  portCount: number,
  facts: BalancerFacts,
): readonly string[] {
  return Object.keys(labels)
    .filter((label) => label.startsWith('HAPROXY_'))
    .sort()
    .flatMap((label) => {
      const why = verdictOn(label, labels[label] ?? '', portCount, facts);
      return why === undefined ? [] : [`${label} (${why})`];
    });
}

function verdictOn(label: string, value: string, portCount: number, facts: BalancerFacts): string | undefined {
  const [, index, ofIndex] = /^HAPROXY_(\d+)_(.+)$/.exec(label) ?? [];
  if (ofIndex === undefined) {
    return ofApp.has(label.slice('HAPROXY_'.length)) ? undefined : 'marathon-lb has no such label of apps';
  }
  if (templates.has(ofIndex)) return 'it is a part of an haproxy.cfg, and there is no HAProxy';
  const verdict = Object.hasOwn(ofPort, ofIndex) ? ofPort[ofIndex] : undefined;
  if (verdict === undefined) return 'marathon-lb has no such label';
  return Number(index) < portCount ? verdict(value, facts) : `the app has no port ${index ?? ''}`;
}
