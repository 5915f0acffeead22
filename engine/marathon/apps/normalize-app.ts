import { isJsonObject } from '../../../protocol/json.ts';
import type { Json } from '../../../protocol/mesos.ts';
import type { BrokenRule } from '../marathon-error.ts';
import { isExtracted } from './artifact-uris.ts';

/*
 * From the older form of app definitions to the canonical one (AppNormalization.scala of Marathon): docker.network,
 * docker.portMappings, ports, uris and ipAddress become networks, container.portMappings, portDefinitions and fetch.
 */

export type Definition = Readonly<Record<string, Json>>;

const dockerNetworks: Readonly<Record<string, string>> = {
  HOST: 'host',
  BRIDGE: 'container/bridge',
  USER: 'container',
};

const objectAt = (value: Json | undefined) => (isJsonObject(value) ? value : undefined);
export const listAt = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : []);

const without = (definition: Definition, ...names: readonly string[]): Definition =>
  Object.fromEntries(Object.entries(definition).filter(([name]) => !names.includes(name)));

/** What of the old and the new form may not be mixed, in Marathon's words (validateOldAppAPI). */
export function mixingErrors(app: Definition): readonly BrokenRule[] {
  const docker = objectAt(objectAt(app['container'])?.['docker']);
  const ports = listAt(app['ports']);
  const definitions = listAt(app['portDefinitions']);
  const fixed = ports.filter((port) => port !== 0);
  const isEquivalent =
    JSON.stringify(definitions.map((each) => objectAt(each)?.['port'] ?? 0)) === JSON.stringify(ports);
  const hasNetworks = listAt(app['networks']).length > 0;
  const hasIpAddress = app['ipAddress'] !== undefined;
  const rules: readonly (readonly [boolean, string, string])[] = [
    [
      docker?.['network'] !== undefined && hasNetworks,
      '/',
      'must not specify both container.docker.network and networks',
    ],
    [hasIpAddress && hasNetworks, '/', 'must not specify both networks and ipAddress'],
    [new Set(fixed).size < fixed.length, '/', 'ports must be unique'],
    [hasIpAddress && ports.length + definitions.length > 0, '/', 'cannot specify both an IP address and port'],
    [
      ports.length > 0 && definitions.length > 0 && !isEquivalent,
      '/',
      'cannot specify both ports and port definitions',
    ],
    [
      listAt(app['uris']).length > 0 && listAt(app['fetch']).length > 0,
      '/uris',
      'may not be set in conjunction with fetch',
    ],
    [
      listAt(objectAt(app['container'])?.['portMappings']).length > 0 && listAt(docker?.['portMappings']).length > 0,
      '/container/portMappings',
      'cannot specify both portMappings and docker.portMappings',
    ],
    [docker?.['network'] === 'NONE', '/container/docker/network', 'unsupported docker network type NONE'],
    [
      hasIpAddress &&
        objectAt(app['container'])?.['type'] === 'DOCKER' &&
        objectAt(app['ipAddress'])?.['discovery'] !== undefined,
      '/ipAddress',
      'ipAddress/discovery is not allowed for Docker containers',
    ],
  ];
  return rules.flatMap(([isBroken, path, error]) => (isBroken ? [{ path, error }] : []));
}

/**
 * Translates the deprecated fields that are there and drops them; what is not given stays not given.
 * @param app one without `mixingErrors`
 */
export function translateDeprecated(app: Definition): Definition {
  const networks = networksOf(app);
  const container = containerOf(app);
  const uris = listAt(app['uris']);
  const fetch = uris.map((uri) => ({
    uri,
    extract: typeof uri === 'string' && isExtracted(uri),
    executable: false,
    cache: false,
  }));
  const ports = app['portDefinitions'] ?? portDefinitionsOf(app['ports']);
  return {
    ...without(app, 'ipAddress', 'ports', 'uris', 'residency', 'executorResources'),
    ...(networks === undefined ? {} : { networks }),
    ...(container === undefined ? {} : { container }),
    ...(fetch.length === 0 ? {} : { fetch }),
    ...(ports === undefined ? {} : { portDefinitions: ports }),
  };
}

function portDefinitionsOf(ports: Json | undefined): Json | undefined {
  if (!Array.isArray(ports)) return undefined;
  return (ports as readonly Json[]).map((port) => ({ port, protocol: 'tcp', labels: {} }));
}

function networksOf(app: Definition): Json | undefined {
  const ipAddress = objectAt(app['ipAddress']);
  const network = objectAt(objectAt(app['container'])?.['docker'])?.['network'];
  if (ipAddress === undefined && typeof network !== 'string') return app['networks'];
  const mode = typeof network === 'string' ? (dockerNetworks[network] ?? 'host') : 'container';
  const name = mode === 'container' ? ipAddress?.['networkName'] : undefined;
  const labels = mode === 'host' ? undefined : ipAddress?.['labels'];
  return [{ mode, ...(name === undefined ? {} : { name }), ...(labels === undefined ? {} : { labels }) }];
}

function containerOf(app: Definition): Json | undefined {
  const ipAddress = objectAt(app['ipAddress']);
  const given = objectAt(app['container']) ?? (ipAddress === undefined ? undefined : { type: 'MESOS', volumes: [] });
  if (given === undefined) return undefined;
  const docker = objectAt(given['docker']);
  const discovered = listAt(objectAt(ipAddress?.['discovery'])?.['ports']).map((port) => {
    const { number = 0, ...rest } = objectAt(port) ?? {};
    return { containerPort: number, servicePort: 0, labels: {}, ...rest };
  });
  const portMappings = discovered.length > 0 ? discovered : (given['portMappings'] ?? docker?.['portMappings']);
  return {
    ...without(given, 'portMappings'),
    ...(docker === undefined ? {} : { docker: without(docker, 'network', 'portMappings', 'credential') }),
    ...(portMappings === undefined ? {} : { portMappings }),
  };
}
