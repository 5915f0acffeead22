import type { ServicesTarget } from '../../checks/cluster-target.ts';
import { listAt, numberAt, valueAt } from '../../protocol/json.ts';
import { servedPort } from '../../protocol/served-port.ts';

export interface AppServices {
  /** Where the load balancer serves an app. */
  readonly urls: readonly string[];
  /** Why it does not serve a port that it should. */
  readonly unserved?: string;
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
  const ports = servicePortsOf(app).map((port, index) => servedPort(labels, index, port, groups));
  const urls: string[] = [];
  const unserved: string[] = ports.length === 0 ? ['it has no ports'] : [];
  for (const served of ports) {
    if ('why' in served) unserved.push(served.why);
    else if (served.port < first || served.port > last) {
      unserved.push(`port ${served.port} is not among the service ports ${first}-${last}`);
    } else urls.push(`http://${host}:${served.port - first + published}`);
  }
  return { urls, ...(unserved.length === 0 ? {} : { unserved: [...new Set(unserved)].join(', ') }) };
}

/** In the newer form or the older ones. */
function servicePortsOf(app: unknown): readonly number[] {
  const mappings = [...listAt(app, 'container', 'portMappings'), ...listAt(app, 'container', 'docker', 'portMappings')];
  if (mappings.length > 0) return mappings.map((mapping) => numberAt(mapping, 'servicePort') ?? 0);
  return listAt(app, 'portDefinitions').map((definition) => numberAt(definition, 'port') ?? 0);
}

function textsAt(value: unknown, name: string): Readonly<Record<string, string>> {
  const entries = Object.entries(valueAt(value, name) ?? {}) as readonly (readonly [string, unknown])[];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
