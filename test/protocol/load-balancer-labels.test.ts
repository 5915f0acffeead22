import { describe, expect, it } from 'vitest';
import { labelsWithoutEffect } from '../../protocol/marathon/load-balancer-labels.ts';

const withHosts = { hasVirtualHosts: true };
const without = (labels: Readonly<Record<string, string>>, facts = withHosts, ports = 1) =>
  labelsWithoutEffect(labels, ports, facts);
/** The name alone. */
const names = (labels: Readonly<Record<string, string>>, facts = withHosts) =>
  without(labels, facts).map((each) => each.replace(/ .*/s, ''));

const sha512 = '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1';

/** Labels of Longhelp.md that are honoured, each with the example there, or one like it. */
const honoured = {
  HAPROXY_GROUP: 'external',
  HAPROXY_DEPLOYMENT_GROUP: 'nginx',
  HAPROXY_DEPLOYMENT_ALT_PORT: '10001',
  HAPROXY_DEPLOYMENT_COLOUR: 'blue',
  HAPROXY_DEPLOYMENT_STARTED_AT: '2026-01-01T00:00:00',
  HAPROXY_DEPLOYMENT_TARGET_INSTANCES: '2',
  // Of zdd.py alone.
  HAPROXY_DEPLOYMENT_NEW_INSTANCES: '0',
  HAPROXY_APP_ID: 'nginx',
  HAPROXY_0_AUTH: `realm:user:${sha512}`,
  HAPROXY_0_BACKEND_HEALTHCHECK_PORT_INDEX: '1',
  HAPROXY_0_BACKEND_NETWORK_ALLOWED_ACL: '10.1.40.0/24 10.1.55.43',
  HAPROXY_0_BACKEND_WEIGHT: '1',
  HAPROXY_0_BALANCE: 'leastconn',
  HAPROXY_0_ENABLED: 'true',
  HAPROXY_0_GROUP: 'external',
  HAPROXY_0_HTTP_BACKEND_PROXYPASS_PATH: '/path/to/redirect',
  HAPROXY_0_HTTP_BACKEND_REDIR: '/my/content',
  HAPROXY_0_HTTP_BACKEND_REVPROXY_PATH: '/my/content',
  HAPROXY_0_MODE: 'http',
  HAPROXY_0_PATH: '-i /multiple /paths',
  HAPROXY_0_PORT: '80',
  HAPROXY_0_REDIRECT_TO_HTTPS: 'true',
  HAPROXY_0_STICKY: 'true',
  HAPROXY_0_USE_HSTS: 'true',
  HAPROXY_0_VHOST: 'marathon.mesosphere.com,marathon',
};

/** The others of Longhelp.md that an app may have. */
const others = [
  ...['BIND_ADDR', 'BIND_OPTIONS', 'SSL_CERT'],
  ...['BACKEND_HEAD', 'BACKEND_HSTS_OPTIONS', 'BACKEND_HTTP_HEALTHCHECK_OPTIONS', 'BACKEND_HTTP_OPTIONS'],
  ...['BACKEND_REDIRECT_HTTP_TO_HTTPS', 'BACKEND_REDIRECT_HTTP_TO_HTTPS_WITH_PATH', 'BACKEND_SERVER_OPTIONS'],
  ...['BACKEND_SERVER_HTTP_HEALTHCHECK_OPTIONS', 'BACKEND_SERVER_TCP_HEALTHCHECK_OPTIONS', 'BACKEND_STICKY_OPTIONS'],
  ...['BACKEND_TCP_HEALTHCHECK_OPTIONS', 'FRONTEND_BACKEND_GLUE', 'FRONTEND_HEAD', 'USERLIST_HEAD'],
  ...['HTTPS_FRONTEND_ACL', 'HTTPS_FRONTEND_ACL_ONLY_WITH_PATH', 'HTTPS_FRONTEND_ACL_WITH_AUTH'],
  ...['HTTPS_FRONTEND_ACL_WITH_AUTH_AND_PATH', 'HTTPS_FRONTEND_ACL_WITH_PATH', 'HTTPS_FRONTEND_AUTH_ACL_ONLY'],
  ...['HTTPS_FRONTEND_AUTH_REQUEST_ONLY', 'HTTPS_FRONTEND_ROUTING_ONLY_WITH_PATH_AND_AUTH'],
  ...['HTTP_BACKEND_NETWORK_ALLOWED_ACL', 'HTTP_BACKEND_PROXYPASS_GLUE', 'HTTP_BACKEND_REVPROXY_GLUE'],
  ...['HTTP_FRONTEND_ACL', 'HTTP_FRONTEND_ACL_ONLY', 'HTTP_FRONTEND_ACL_ONLY_WITH_PATH'],
  ...['HTTP_FRONTEND_ACL_ONLY_WITH_PATH_AND_AUTH', 'HTTP_FRONTEND_ACL_WITH_AUTH', 'HTTP_FRONTEND_ACL_WITH_PATH'],
  ...['HTTP_FRONTEND_ACL_WITH_AUTH_AND_PATH', 'HTTP_FRONTEND_APPID_ACL', 'HTTP_FRONTEND_ROUTING_ONLY'],
  ...['HTTP_FRONTEND_ROUTING_ONLY_WITH_AUTH', 'HTTP_FRONTEND_ROUTING_ONLY_WITH_PATH'],
  ...['HTTP_FRONTEND_ROUTING_ONLY_WITH_PATH_AND_AUTH', 'MAP_HTTPS_FRONTEND_ACL', 'MAP_HTTP_FRONTEND_ACL'],
  ...['MAP_HTTP_FRONTEND_ACL_ONLY', 'MAP_HTTP_FRONTEND_APPID_ACL', 'TCP_BACKEND_NETWORK_ALLOWED_ACL'],
].map((name) => `HAPROXY_0_${name}`);

describe('labels of marathon-lb', () => {
  it('are honoured in silence, or named with a reason that knows the label', () => {
    expect(without(honoured)).toEqual([]);
    for (const label of others) {
      const [said = ''] = without({ [label]: 'x' });
      expect(said).toMatch(new RegExp(`^${label} \\(.+\\)$`));
      expect(said).not.toContain('no such label');
    }
  });

  it.each([
    ['HAPROXY_0_BALANCE', 'url_param userid', 'roundrobin'],
    ['HAPROXY_0_MODE', 'health', 'http, tcp'],
    ['HAPROXY_0_AUTH', 'realm:user:secret', 'nobody is let in'],
    ['HAPROXY_0_AUTH', 'realm:user:$1$salt$qJH7.N4xYta3aEG/dfqo/0', 'nobody is let in'],
    ['HAPROXY_0_BACKEND_WEIGHT', 'heavy', 'whole number'],
    ['HAPROXY_0_BACKEND_NETWORK_ALLOWED_ACL', '-f networks.lst', '10.1.40.0/24'],
    ['HAPROXY_1_VHOST', 'shop.example.com', 'the app has no port 1'],
    ['HAPROXY_0_STICKYNESS', 'true', 'marathon-lb has no such label'],
    ['HAPROXY_VHOST', 'shop.example.com', 'marathon-lb has no such label of apps'],
  ])('are named when their value, or their name, is none: %s=%s', (label, value, why) => {
    expect(without({ HAPROXY_GROUP: 'external', [label]: value })).toEqual([expect.stringContaining(`${label} (`)]);
    expect(without({ [label]: value })[0]).toContain(why);
  });

  it('of virtual hosts are named where there are no ports for these', () => {
    expect(names(honoured, { hasVirtualHosts: false })).toEqual(
      ['AUTH', 'BACKEND_WEIGHT', 'PATH', 'REDIRECT_TO_HTTPS', 'VHOST'].map((name) => `HAPROXY_0_${name}`),
    );
  });

  it('of other programs are nobody’s affair', () => {
    expect(without({ owner: 'me', 'traefik.enable': 'true' })).toEqual([]);
  });
});
