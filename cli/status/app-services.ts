import type { ServicesTarget } from '../../checks/cluster-target.ts';
import { portsOfApp } from '../../protocol/marathon/app-ports.ts';
import { textsAt } from '../../protocol/json.ts';
import { labelsWithoutEffect } from '../../protocol/marathon/load-balancer-labels.ts';
import { servedPort } from '../../protocol/marathon/served-port.ts';

export interface AppServices {
  /** Where the load balancer serves an app. */
  readonly urls: readonly string[];
  /** Why it does not serve a port that it should. */
  readonly unserved?: string;
  /** Labels of the app that the load balancer does not honour, and why. */
  readonly unhonoured?: string;
}

/**
 * By the load balancer's own rules. An app that does not name a group does not want to be served.
 * @param app of `GET /v2/apps`
 */
export function servicesOf(services: ServicesTarget | undefined, app: unknown): AppServices {
  const labels = textsAt(app, 'labels');
  if (services === undefined || !Object.keys(labels).some((name) => /^HAPROXY_(?:\d+_)?GROUP$/.test(name))) {
    return { urls: [] };
  }
  const { host, first, last = Infinity, published, groups } = services;
  const ports = portsOfApp(app).map(({ servicePort }, index) => servedPort(labels, index, servicePort, groups));
  const urls: string[] = [];
  const unserved: string[] = ports.length === 0 ? ['it has no ports'] : [];
  for (const served of ports) {
    if ('why' in served) unserved.push(served.why);
    else if (served.port < first || served.port > last) {
      unserved.push(`port ${served.port} is not among the service ports ${first}-${last}`);
    } else urls.push(`http://${host}:${served.port - first + published}`);
  }
  const unhonoured = services.ours === undefined ? [] : labelsWithoutEffect(labels, ports.length, services.ours);
  return {
    urls,
    ...(unserved.length === 0 ? {} : { unserved: [...new Set(unserved)].join(', ') }),
    ...(unhonoured.length === 0 ? {} : { unhonoured: unhonoured.join(', ') }),
  };
}
