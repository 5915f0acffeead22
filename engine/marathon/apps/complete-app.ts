import { appFields } from '../../../protocol/app-schema/app-fields.ts';
import { fillDefaults } from '../../../protocol/app-schema/fill-defaults.ts';
import type { Json } from '../../../protocol/mesos.ts';
import type {
  App,
  Container,
  HealthCheck,
  Network,
  PortDefinition,
  PortMapping,
  VersionInfo,
} from '../../../protocol/marathon.ts';
import { completeVolumes, isResident, residentRole } from '../residency/resident.ts';
import { canonicalId, parentOf } from './path-id.ts';
import { listAt, type Definition } from './normalize-app.ts';
import { defaultRole } from './roles.ts';

/*
 * Fills in what a definition in canonical form leaves open, as Marathon's AppNormalization and RAML defaults do.
 */

/** Fields that Marathon leaves out of its answers when they are empty (pragma.omitEmpty in app.raml). */
const omittedWhenEmpty = ['args', 'constraints', 'dependencies', 'env', 'fetch', 'healthChecks', 'readinessChecks'];
const residentUpgrade = { maximumOverCapacity: 0, minimumHealthCapacity: 0.5 };
const bothZero = { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 };

/**
 * The definition's own fields, without what Marathon says of the app, complete but for its version.
 * @param otherwise its role when it names none
 * @param network of a container network without a name
 */
export function completeApp(
  given: Definition,
  otherwise: string = defaultRole,
  network?: string,
): Omit<App, 'version' | 'versionInfo'> {
  const { version: _version, versionInfo: _info, ...filled } = fillDefaults(appFields, given);
  for (const name of [...omittedWhenEmpty, 'secrets']) {
    if (isEmpty(filled[name])) Reflect.deleteProperty(filled, name);
  }
  const app = filled as unknown as App;
  const networks = completeNetworks(listAt(filled['networks']).length === 0 ? [] : app.networks, network);
  const isHost = networks.every((network) => network.mode === 'host');
  const id = canonicalId(app.id);
  const containerGiven = app.container === undefined ? undefined : completeVolumes(app.container);
  const container = completeContainer(containerGiven, networks, app.portDefinitions?.length ?? 0);
  const portDefinitions = isHost ? (app.portDefinitions ?? defaultPortDefinitions) : undefined;
  const hasPorts = (portDefinitions ?? container?.portMappings ?? []).length > 0;
  return {
    ...withoutPorts(app),
    id,
    networks,
    ...(container === undefined ? {} : { container }),
    ...(portDefinitions === undefined ? {} : { portDefinitions }),
    ...(app.dependencies === undefined
      ? {}
      : { dependencies: app.dependencies.map((each) => canonicalId(each, parentOf(id))) }),
    ...(app.healthChecks === undefined
      ? {}
      : { healthChecks: app.healthChecks.map((check) => completeHealthCheck(check, hasPorts)) }),
    requirePorts: isHost && app.requirePorts,
    upgradeStrategy:
      (app as Partial<App>).upgradeStrategy ??
      (isResident(app) ? residentUpgrade : { maximumOverCapacity: 1, minimumHealthCapacity: 1 }),
    unreachableStrategy: (app as Partial<App>).unreachableStrategy ?? (isResident(app) ? 'disabled' : bothZero),
    role: (app as Partial<App>).role ?? (isResident(app) ? residentRole(otherwise) : otherwise),
  };
}

/** (NetworkNormalization.scala of Marathon) */
function completeNetworks(networks: readonly Network[], name: string | undefined): readonly Network[] {
  if (networks.length === 0) return [{ mode: 'host' }];
  return networks.map((each) =>
    each.mode === 'container' && each.name === undefined && name !== undefined ? { ...each, name } : each,
  );
}

const defaultPortDefinitions: readonly PortDefinition[] = [{ port: 0, protocol: 'tcp', name: 'default', labels: {} }];

function withoutPorts(app: App): App {
  const { portDefinitions: _ports, container: _container, ...rest } = app;
  return rest;
}

function isEmpty(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/**
 * Anything but host networking needs a container, and a container there has one port unless it says otherwise. With
 * host networking Marathon drops port mappings, elsewhere port definitions: those in excess become mappings.
 */
function completeContainer(
  given: Container | undefined,
  networks: readonly Network[],
  portDefinitionCount: number,
): Container | undefined {
  const isHost = networks.every((network) => network.mode === 'host');
  if (isHost) {
    if (given === undefined) return undefined;
    const { portMappings: _dropped, ...rest } = given;
    return rest;
  }
  const container: Container = given ?? { type: 'MESOS', volumes: [] };
  const isBridge = networks.some((network) => network.mode === 'container/bridge');
  const mappings: PortMapping[] = [...(container.portMappings ?? [{ ...anyMapping, name: 'default' }])];
  while (mappings.length < portDefinitionCount) mappings.push(anyMapping);
  return {
    ...container,
    portMappings: mappings.map((mapping) =>
      isBridge && mapping.hostPort === undefined ? { ...mapping, hostPort: 0 } : mapping,
    ),
  };
}

const anyMapping: PortMapping = { containerPort: 0, servicePort: 0, protocol: 'tcp', labels: {} };

function completeHealthCheck(check: HealthCheck, hasPorts: boolean): HealthCheck {
  const needsIndex =
    hasPorts && check.protocol !== 'COMMAND' && check.port === undefined && check.portIndex === undefined;
  return needsIndex ? { ...check, portIndex: 0 } : check;
}

/** Whether two definitions of an app ask for different tasks; the number of instances and versions do not count. */
export function needsRestart(before: App, after: App): boolean {
  return JSON.stringify(configOf(before)) !== JSON.stringify(configOf(after));
}

/** Whether two definitions of an app are the same, whatever their versions. */
export function isUnchanged(before: App, after: App): boolean {
  const plain = ({ version: _version, versionInfo: _info, ...definition }: App) => JSON.stringify(sorted(definition));
  return before.instances === after.instances && plain(before) === plain(after);
}

/**
 * All but the number of instances (AppDefinition.isUpgrade of Marathon): also what running tasks would not notice, such as
 * killSelection or upgradeStrategy.
 */
function configOf(app: App): unknown {
  const { instances: _instances, version: _version, versionInfo: _info, ...config } = app;
  return sorted(config);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}

/** The version of a changed app: a mere scaling keeps the time of its last configuration change. */
export function versionInfoFor(before: App | undefined, after: App, version: string): VersionInfo {
  const isScalingOnly = before !== undefined && !needsRestart(before, after);
  return {
    lastScalingAt: version,
    lastConfigChangeAt: isScalingOnly ? before.versionInfo.lastConfigChangeAt : version,
  };
}
