import { describe, expect, it } from 'vitest';
import { servicesOf } from '../../cli/status/app-services.ts';

const services = { host: '127.0.0.1', first: 10_000, last: 10_020, published: 20_000, groups: ['external'] };
const external = { HAPROXY_GROUP: 'external' };
const app = (labels: object, ...ports: readonly number[]) => ({
  labels,
  portDefinitions: ports.map((port) => ({ port })),
});

describe('where the load balancer serves an app', () => {
  it.each<[string, object, object]>([
    ['its service port, as this machine reaches it', app(external, 10_003), { urls: ['http://127.0.0.1:20003'] }],
    [
      'the port of a label, which goes before',
      app({ ...external, HAPROXY_0_PORT: '10004' }, 10_003),
      { urls: ['http://127.0.0.1:20004'] },
    ],
    [
      'one port by a group of its own',
      app({ HAPROXY_1_GROUP: 'external' }, 10_001, 10_002),
      { urls: ['http://127.0.0.1:20002'], unserved: 'it has no label HAPROXY_GROUP' },
    ],
    ['nowhere, and nobody asked for it', app({}, 10_003), { urls: [] }],
    [
      'not: another group',
      app({ HAPROXY_GROUP: 'internal' }, 10_003),
      { urls: [], unserved: 'HAPROXY_GROUP is internal, and the load balancer serves external' },
    ],
    [
      'not: switched off',
      app({ ...external, HAPROXY_0_ENABLED: 'false' }, 10_003),
      { urls: [], unserved: 'HAPROXY_0_ENABLED is false' },
    ],
    [
      'not: a label that is no port',
      app({ ...external, HAPROXY_0_PORT: 'http' }, 10_003),
      { urls: [], unserved: 'HAPROXY_0_PORT is http' },
    ],
    [
      'not: a port that is not published',
      app(external, 80),
      { urls: [], unserved: 'port 80 is not among the service ports 10000-10020' },
    ],
    ['not: no ports', app(external), { urls: [], unserved: 'it has no ports' }],
    [
      'by container.portMappings',
      { labels: external, container: { portMappings: [{ servicePort: 10_001 }, {}] } },
      { urls: ['http://127.0.0.1:20001'], unserved: 'it has no service port' },
    ],
    [
      'by docker.portMappings of before Marathon 1.5',
      { labels: external, container: { docker: { portMappings: [{ servicePort: 10_001 }] } } },
      { urls: ['http://127.0.0.1:20001'] },
    ],
  ])('%s', (_, given, expected) => {
    expect(servicesOf(services, given)).toEqual(expected);
  });

  it('says which labels a load balancer of ours does not honour', () => {
    const ours = { ...services, ours: { hasVirtualHosts: false } };
    const labels = { ...external, HAPROXY_0_SSL_CERT: '/etc/ssl/cert.pem', HAPROXY_0_STICKY: 'true' };
    const urls = ['http://127.0.0.1:20003'];
    expect(servicesOf(ours, app(labels, 10_003))).toEqual({
      urls,
      unhonoured: 'HAPROXY_0_SSL_CERT (service ports speak no TLS)',
    });
    expect(servicesOf(services, app(labels, 10_003))).toEqual({ urls });
  });

  it('is any port of a load balancer of which nothing more is known, and none without one', () => {
    const found = { host: 'lb', first: 0, published: 0 };
    expect(servicesOf(found, app({ HAPROXY_GROUP: 'own' }, 80))).toEqual({ urls: ['http://lb:80'] });
    expect(servicesOf(undefined, app(external, 80))).toEqual({ urls: [] });
  });
});
