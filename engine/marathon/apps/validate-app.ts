import type { App, HealthCheck } from '../../../protocol/marathon.ts';
import type { BrokenRule } from '../marathon-error.ts';
import { artifactErrors } from './artifact-uris.ts';
import { constraintError } from './validate-constraint.ts';
import { networkErrors } from './validate-networks.ts';
import { isResident, residentRole } from '../residency/resident.ts';
import { residencyErrors } from '../residency/validate-residency.ts';
import { idErrors } from './path-id.ts';

/*
 * The rules that a definition in canonical form must keep, beyond the types of its fields (AppValidation.scala and
 * SchedulingValidation.scala of Marathon), with Marathon's messages.
 */

const mesosProtocols: ReadonlySet<string> = new Set(['MESOS_TCP', 'MESOS_HTTP', 'MESOS_HTTPS']);
const marathonProtocols: ReadonlySet<string> = new Set(['HTTP', 'HTTPS', 'TCP']);
const singleInstanceLabel = 'MARATHON_SINGLE_INSTANCE_APP';

const rule = (isKept: boolean, path: string, error: string): readonly BrokenRule[] => (isKept ? [] : [{ path, error }]);

/** All that is wrong with an app; empty if nothing is. */
export function validateApp(app: Omit<App, 'version' | 'versionInfo'>): readonly BrokenRule[] {
  return [
    ...idErrors(app.id).map((error) => ({ path: '/id', error })),
    ...(app.dependencies ?? []).flatMap((id, index) =>
      idErrors(id).map((error) => ({ path: `/dependencies(${index})`, error })),
    ),
    ...rule(
      hasSomethingToRun(app),
      '/',
      "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.",
    ),
    ...containerErrors(app),
    ...networkErrors(app),
    ...healthCheckErrors(app),
    ...(app.constraints ?? []).flatMap((constraint, index) => {
      const error = constraintError(constraint);
      return error === undefined ? [] : [{ path: `/constraints(${index})`, error }];
    }),
    ...rule(app.acceptedResourceRoles?.length !== 0, '/acceptedResourceRoles', 'must not be empty'),
    ...rule(app.role === roleOf(app), '/role', `is not one of (${roleOf(app)})`),
    ...residencyErrors(app),
    ...rule(app.gpus === 0, '/', 'Feature gpu_resources is not enabled. Enable with --enable_features gpu_resources)'),
    ...rule(
      app.secrets === undefined,
      '/secrets',
      'Feature secrets is not enabled. Enable with --enable_features secrets)',
    ),
    ...Object.entries(app.env ?? {}).flatMap(([name, value]) => [
      ...rule(name !== '', '/env', 'must not be empty'),
      ...rule(
        typeof value === 'string',
        `/env/${name}`,
        'Feature secrets is not enabled. Enable with --enable_features secrets)',
      ),
    ]),
    ...rule((app.readinessChecks?.length ?? 0) <= 1, '/readinessChecks', 'has more than 1 elements'),
    ...artifactErrors(app),
    ...readinessErrors(app),
    ...singleInstanceErrors(app),
    ...unreachableErrors(app),
  ];
}

const roleOf = (app: Pick<App, 'container'>) => (isResident(app) ? residentRole : '*');

function hasSomethingToRun(app: Omit<App, 'version' | 'versionInfo'>): boolean {
  const hasCommand = app.cmd !== undefined;
  const hasArguments = app.args !== undefined;
  return hasCommand !== hasArguments || (!hasCommand && app.container?.docker !== undefined);
}

function containerErrors({ container }: Omit<App, 'version' | 'versionInfo'>): readonly BrokenRule[] {
  if (container === undefined) return [];
  return [
    ...rule(container.type !== 'DOCKER' || container.docker !== undefined, '/container/docker', 'not defined'),
    ...container.volumes.flatMap((volume, index) => {
      const path = `/container/volumes(${index})`;
      const has = (name: string) => typeof volume === 'object' && volume !== null && name in volume;
      if (has('external')) {
        return rule(
          false,
          path,
          'Feature external_volumes is not enabled. Enable with --enable_features external_volumes)',
        );
      }
      if (has('secret')) return rule(false, path, 'Secret volumes are not supported');
      if (has('persistent')) return [];
      return [
        ...rule(has('hostPath'), `${path}/hostPath`, 'error.path.missing'),
        ...rule(has('mode'), `${path}/mode`, 'error.path.missing'),
      ];
    }),
  ];
}

function healthCheckErrors(app: Omit<App, 'version' | 'versionInfo'>): readonly BrokenRule[] {
  const checks = app.healthChecks ?? [];
  const portCount = (app.container?.portMappings ?? app.portDefinitions ?? []).length;
  const mesosChecks = checks.filter((check) => mesosProtocols.has(check.protocol));
  return [
    ...checks.flatMap((check, index) => [
      ...rule(
        hasValidPort(check, portCount),
        `/healthChecks(${index})`,
        'Health check port indices must address an element of the ports array or container port mappings.',
      ),
      ...rule(
        check.protocol !== 'COMMAND' || check.command !== undefined,
        `/healthChecks(${index})/command`,
        'not defined',
      ),
    ]),
    ...rule(mesosChecks.length <= 1, '/', 'AppDefinition can contain at most one Mesos health check'),
  ];
}

function hasValidPort(check: HealthCheck, portCount: number): boolean {
  if (check.command !== undefined || !marathonProtocols.has(check.protocol)) return true;
  if (check.portIndex !== undefined) return check.portIndex < portCount;
  return check.port !== undefined || portCount === 1;
}

function readinessErrors(app: Omit<App, 'version' | 'versionInfo'>): readonly BrokenRule[] {
  const names = new Set((app.container?.portMappings ?? app.portDefinitions ?? []).map(({ name }) => name));
  return (app.readinessChecks ?? []).flatMap(({ portName, timeoutSeconds, intervalSeconds }, index) => [
    ...rule(
      names.has(portName),
      `/readinessChecks(${index})/portName`,
      `No port definition reference for portName ${portName}`,
    ),
    ...rule(
      timeoutSeconds < intervalSeconds,
      `/readinessChecks(${index})/timeoutSeconds`,
      `got ${timeoutSeconds}, expected less than intervalSeconds (${intervalSeconds})`,
    ),
  ]);
}

function singleInstanceErrors(app: Omit<App, 'version' | 'versionInfo'>): readonly BrokenRule[] {
  if (app.labels[singleInstanceLabel] !== 'true') return [];
  return [
    ...rule(app.instances <= 1, '/', 'Single instance app may only have one instance'),
    ...(['minimumHealthCapacity', 'maximumOverCapacity'] as const).flatMap((name) =>
      rule(app.upgradeStrategy[name] === 0, `/upgradeStrategy/${name}`, 'must be 0 for a single instance app'),
    ),
  ];
}

function unreachableErrors({ unreachableStrategy }: Omit<App, 'version' | 'versionInfo'>): readonly BrokenRule[] {
  if (unreachableStrategy === 'disabled') return [];
  const { inactiveAfterSeconds, expungeAfterSeconds } = unreachableStrategy;
  return rule(
    inactiveAfterSeconds <= expungeAfterSeconds,
    '/unreachableStrategy',
    `inactiveAfterSeconds (${inactiveAfterSeconds}) must be less than or equal to expungeAfterSeconds (${expungeAfterSeconds})`,
  );
}
