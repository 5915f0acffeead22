import { textAt } from '../../../protocol/json.ts';
import type { App } from '../../../protocol/marathon.ts';
import { rule, type BrokenRule } from '../marathon-error.ts';
import {
  secretErrors,
  secretPathErrors,
  variableSecretErrors,
  volumeSecretErrors,
  type Features,
} from '../secrets/validate-secrets.ts';
import { artifactErrors } from './artifact-uris.ts';
import { allCheckErrors } from './validate-checks.ts';
import { constraintError } from './validate-constraint.ts';
import { networkErrors } from './validate-networks.ts';
import { roleError, type RoleSettings } from './roles.ts';
import { isResident, residentRoles } from '../residency/resident.ts';
import { residencyErrors } from '../residency/validate-residency.ts';
import { idErrors } from './path-id.ts';

/*
 * The rules that a definition in canonical form must keep, beyond the types of its fields (AppValidation.scala and
 * SchedulingValidation.scala of Marathon), with Marathon's messages.
 */

const singleInstanceLabel = 'MARATHON_SINGLE_INSTANCE_APP';

/**
 * All that is wrong with an app; empty if nothing is.
 * @param roles those that it may have
 */
export function validateApp(
  app: Omit<App, 'version' | 'versionInfo'>,
  roleSettings: RoleSettings,
  features: Features,
): readonly BrokenRule[] {
  const roles = isResident(app) ? residentRoles(roleSettings) : roleSettings.allowed;
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
    ...containerErrors(app, features),
    ...networkErrors(app),
    ...allCheckErrors(app),
    ...(app.constraints ?? []).flatMap((constraint, index) => {
      const error = constraintError(constraint);
      return error === undefined ? [] : [{ path: `/constraints(${index})`, error }];
    }),
    ...rule(app.acceptedResourceRoles?.length !== 0, '/acceptedResourceRoles', 'must not be empty'),
    ...rule(
      app.acceptedResourceRoles?.every((each) => each === '*' || each === app.role) ?? true,
      '/acceptedResourceRoles',
      `acceptedResourceRoles can only contain ${[...new Set(['*', app.role])].join(' and ')}`,
    ),
    ...rule(roles.includes(app.role), '/role', roleError(app.role, roles)),
    ...residencyErrors(app),
    ...rule(app.gpus === 0, '/', 'Feature gpu_resources is not enabled. Enable with --enable_features gpu_resources)'),
    ...secretErrors(app.secrets, features),
    ...variableSecretErrors(app.env, app.secrets, features, '/env'),
    ...rule(!Object.hasOwn(app.env ?? {}, ''), '/env', 'must not be empty'),
    ...artifactErrors(app),
    ...singleInstanceErrors(app),
    ...unreachableErrors(app),
  ];
}

function hasSomethingToRun(app: Omit<App, 'version' | 'versionInfo'>): boolean {
  const hasCommand = app.cmd !== undefined;
  const hasArguments = app.args !== undefined;
  return hasCommand !== hasArguments || (!hasCommand && app.container?.docker !== undefined);
}

function containerErrors(
  { container, secrets }: Omit<App, 'version' | 'versionInfo'>,
  features: Features,
): readonly BrokenRule[] {
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
      if (has('secret')) {
        return [
          ...volumeSecretErrors(textAt(volume, 'secret'), secrets, features, path),
          ...rule(container.type === 'MESOS', path, 'a secret is a file for the container type MESOS, not for DOCKER'),
          ...secretPathErrors(textAt(volume, 'containerPath'), `${path}/containerPath`),
        ];
      }
      if (has('persistent')) return [];
      return [
        ...rule(has('hostPath'), `${path}/hostPath`, 'error.path.missing'),
        ...rule(has('mode'), `${path}/mode`, 'error.path.missing'),
      ];
    }),
  ];
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

/** @param place of the strategy in the definition, as in `/scheduling` */
export function unreachableErrors(
  { unreachableStrategy }: Pick<App, 'unreachableStrategy'>,
  place = '',
): readonly BrokenRule[] {
  if (unreachableStrategy === 'disabled') return [];
  const { inactiveAfterSeconds, expungeAfterSeconds } = unreachableStrategy;
  return rule(
    inactiveAfterSeconds <= expungeAfterSeconds,
    `${place}/unreachableStrategy`,
    `inactiveAfterSeconds (${inactiveAfterSeconds}) must be less than or equal to expungeAfterSeconds (${expungeAfterSeconds})`,
  );
}
