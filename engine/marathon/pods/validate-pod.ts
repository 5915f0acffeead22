import type { PodContainer, PodTemplate } from '../../../protocol/marathon/pods.ts';
import { artifactErrors } from '../apps/artifact-uris.ts';
import { roleError } from '../apps/roles.ts';
import { unreachableErrors } from '../apps/validate-app.ts';
import { constraintError } from '../apps/validate-constraint.ts';
import { networkErrors } from '../apps/validate-networks.ts';
import { rule, type BrokenRule } from '../marathon-error.ts';
import { residentPodErrors } from '../residency/resident-pods.ts';
import {
  secretPathErrors,
  variableSecretErrors,
  volumeSecretErrors,
  type Features,
} from '../secrets/validate-secrets.ts';
import type { UnversionedPod } from './pod-spec.ts';

/* The rules that a pod must keep, beyond the types of its fields, with the messages of Marathon's PodsValidation.scala. */

const variableName = /^[a-zA-Z_][a-zA-Z0-9_]{0,253}$/;

const areUnique = (values: readonly unknown[]) => new Set(values).size === values.length;

/** All that is wrong with a pod; empty if nothing is. */
export function validatePod(spec: UnversionedPod, roles: readonly string[], features: Features): readonly BrokenRule[] {
  const { pod } = spec;
  const { containers, volumes = [], networks = [] } = pod;
  const endpoints = containers.flatMap((container) => container.endpoints ?? []);
  const fixed = (ports: readonly (number | undefined)[]) => ports.filter((port) => port !== undefined && port !== 0);
  const mounted = new Set(containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name)));
  return [
    ...rule(pod.user !== '', '/user', 'must not be empty'),
    ...variableErrors(pod.environment, '/environment'),
    ...[pod, ...containers].flatMap(({ environment }, index) =>
      variableSecretErrors(
        environment,
        pod.secrets,
        features,
        index === 0 ? '/environment' : `/containers(${index - 1})/environment`,
      ),
    ),
    ...volumes.flatMap(({ secret }, index) =>
      secret === undefined ? [] : volumeSecretErrors(secret, pod.secrets, features, `/volumes(${index})`),
    ),
    ...networkErrors({ ...spec, networks }),
    ...rule(areUnique(containers.map(({ name }) => name)), '/containers', 'container names must be unique'),
    ...rule(areUnique(volumes.map(({ name }) => name)), '/volumes', 'volume names must be unique'),
    ...volumes.flatMap(({ name }, index) =>
      rule(mounted.has(name), `/volumes(${index})`, 'volume must be referenced by at least one container'),
    ),
    ...containers.flatMap((container, index) => containerErrors(container, pod, `/containers(${index})`)),
    ...rule(areUnique(endpoints.map(({ name }) => name)), '/', 'endpoint names must be unique across all containers'),
    ...rule(
      areUnique(fixed(endpoints.map(({ containerPort }) => containerPort))),
      '/',
      'container ports must be unique across all containers',
    ),
    ...rule(
      areUnique(fixed(endpoints.map(({ hostPort }) => hostPort))),
      '/',
      'host ports must be unique across all containers',
    ),
    ...placementErrors(spec, roles),
    ...unreachableErrors(spec, '/scheduling'),
    ...residentPodErrors(spec),
  ];
}

function containerErrors(container: PodContainer, pod: PodTemplate, path: string): readonly BrokenRule[] {
  const { exec, image, endpoints = [], volumeMounts = [], artifacts = [] } = container;
  const volumes = new Map((pod.volumes ?? []).map((volume) => [volume.name, volume]));
  const hasHostNetwork = (pod.networks ?? []).some(({ mode }) => mode === 'host');
  return [
    ...rule(
      exec !== undefined || image !== undefined,
      `${path}/exec`,
      'not defined: without an image it says what to run',
    ),
    ...(exec === undefined ? [] : commandErrors(exec.command, `${path}/exec/command`)),
    ...rule(
      exec === undefined || !('shell' in exec.command) || exec.overrideEntrypoint !== false,
      `${path}/exec/overrideEntrypoint`,
      'must not be false when a shell command is set',
    ),
    ...variableErrors(container.environment, `${path}/environment`),
    ...endpoints.flatMap(({ containerPort, protocol = [], networkNames = [] }, index) => [
      ...rule(
        !hasHostNetwork || containerPort === undefined,
        `${path}/endpoints(${index})/containerPort`,
        'is not allowed when using host-mode networking',
      ),
      ...rule(
        areUnique(protocol),
        `${path}/endpoints(${index})/protocol`,
        'Duplicate protocols within the same endpoint are not allowed',
      ),
      ...rule(networkNames.length === 0, `${path}/endpoints(${index})/networkNames`, 'there is no such network'),
    ]),
    ...volumeMounts.flatMap(({ name, mountPath }, index) => [
      ...rule(
        volumes.has(name),
        `${path}/volumeMounts(${index})/name`,
        'Referenced Volume in VolumeMount should exist',
      ),
      ...rule(
        !mountPath.split('/').includes('..') && (image !== undefined || !mountPath.startsWith('/')),
        `${path}/volumeMounts(${index})/mountPath`,
        'must be a path below the sandbox of the container, which has the files of its agent: relative, without ..',
      ),
      ...(volumes.get(name)?.secret === undefined
        ? []
        : secretPathErrors(mountPath, `${path}/volumeMounts(${index})/mountPath`)),
    ]),
    ...artifactErrors({ fetch: artifacts }).map((each) => ({
      ...each,
      path: `${path}${each.path.replace(/^\/fetch/, '/artifacts')}`,
    })),
    ...healthCheckErrors(container, `${path}/healthCheck`),
  ];
}

function commandErrors(command: object, path: string): readonly BrokenRule[] {
  return rule('shell' in command !== 'argv' in command, path, 'exactly one of shell and argv must be specified');
}

function healthCheckErrors({ healthCheck, endpoints = [] }: PodContainer, path: string): readonly BrokenRule[] {
  if (healthCheck === undefined) return [];
  const { http, tcp, exec, timeoutSeconds, intervalSeconds } = healthCheck;
  const names = new Set(endpoints.map(({ name }) => name));
  return [
    ...rule(
      [http, tcp, exec].filter((each) => each !== undefined).length === 1,
      path,
      'Only one of http, tcp, or command may be specified',
    ),
    ...rule(
      timeoutSeconds < intervalSeconds,
      `${path}/timeoutSeconds`,
      `got ${timeoutSeconds}, expected less than ${intervalSeconds}`,
    ),
    ...Object.entries({ http, tcp }).flatMap(([kind, check]) =>
      check === undefined
        ? []
        : rule(names.has(check.endpoint), `${path}/${kind}/endpoint`, 'must be contained in the container endpoints'),
    ),
    ...(exec === undefined ? [] : commandErrors(exec.command, `${path}/exec/command`)),
  ];
}

const variableErrors = (environment: object | undefined, path: string): readonly BrokenRule[] =>
  Object.keys(environment ?? {}).flatMap((name) =>
    rule(variableName.test(name), `${path}/${name}`, `must fully match regular expression '${variableName.source}'`),
  );

function placementErrors(
  { constraints = [], acceptedResourceRoles = ['*'], role, gpus }: UnversionedPod,
  roles: readonly string[],
) {
  const path = '/scheduling/placement';
  return [
    ...constraints.flatMap((constraint, index) => {
      const error = constraint[0] === '' ? 'Missing field name' : constraintError(constraint);
      return error === undefined ? [] : [{ path: `${path}/constraints(${index})`, error }];
    }),
    ...rule(
      acceptedResourceRoles.every((each) => each === '*' || each === role),
      `${path}/acceptedResourceRoles`,
      `is not one of (${[...new Set(['*', role])].join(', ')})`,
    ),
    ...rule(roles.includes(role), '/role', roleError(role, roles)),
    ...rule(gpus === 0, '/', 'Feature gpu_resources is not enabled. Enable with --enable_features gpu_resources)'),
  ];
}
