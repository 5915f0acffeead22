import type { Component } from './component.ts';
import { marathonLbDoc } from './sources.ts';

/** For the apps; one docker-proxy process each, so few by default. */
export const servicePorts = { name: 'services', usual: 10_000, usualLast: 10_020 } as const;

/** What HAProxy listens on in Marathon-LB for all HTTP services; keys of `ports` publish it. */
export const frontPorts = [
  { name: 'virtual-hosts', usual: 80, onlyAsked: true, what: 'virtual hosts (`HAPROXY_0_VHOST`)' },
  { name: 'virtual-hosts-tls', usual: 443, onlyAsked: true, what: 'virtual hosts over TLS' },
  { name: 'app-ids', usual: 9091, onlyAsked: true, what: 'services by the header `X-Marathon-App-Id`' },
] as const;

export const marathonLb: Component<'marathon-lb'> = {
  role: 'marathon-lb',
  title: ['load balancer', 'load balancers'],
  needs: { role: 'marathon', why: 'the load balancer learns its backends from Marathon' },
  waitsFor: ['marathon'],
  ports: [{ name: 'stats', usual: 9090 }, servicePorts, ...frontPorts],
  memory: { limit: 256, usual: 80, usualLite: 40 },
  // HAProxy binds every address, on several hosts too.
  probe: { path: '/_haproxy_health_check', onLoopback: true },
  page: { title: 'Load balancer', short: 'Load balancer', shows: 'statistics', path: '/haproxy?stats' },
  settings: [
    {
      name: 'PORTS',
      value: ({ port }) => port,
      why: 'The port of the statistics page and the health check; service ports come from the apps.',
      source: marathonLbDoc,
      comment: 'Obligatory: the image refuses to start without.',
    },
  ],
  command: 'sse',
  arguments: [
    {
      // marathon_lb.py takes several URLs behind one --marathon, and tries them in turn.
      name: '--marathon',
      value: ({ marathonUrls }) => marathonUrls,
      why: 'Every Marathon; the load balancer takes the first that answers.',
      source: marathonLbDoc,
    },
    {
      name: '--group',
      value: () => ['external'],
      why: 'Only apps with the label HAPROXY_GROUP=external are published by the load balancer.',
      source: marathonLbDoc,
    },
    {
      name: '--health-check',
      value: () => [],
      why: "Respects Marathon's health checks: a task gets requests only once Marathon has found it healthy, and no more when it is not.",
      source: marathonLbDoc,
    },
  ],
};
