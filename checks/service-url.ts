import type { ClusterTarget } from './cluster-target.ts';

/** Where this machine reaches a service port of the load balancer. */
export function serviceUrl({ services }: ClusterTarget, servicePort: number): string {
  const { host = '', first = 0, published = 0 } = services ?? {};
  return `http://${host}:${servicePort - first + published}/`;
}
