import type { App, PersistentVolumeInfo } from '../../../protocol/marathon.ts';
import { wholePattern } from '../apps/validate-constraint.ts';
import { rule, type BrokenRule } from '../marathon-error.ts';
import { isResident, persistentVolumes, type PersistentVolume } from './resident.ts';

type Unversioned = Omit<App, 'version' | 'versionInfo'>;

const decimal = (value: number) => (Number.isInteger(value) ? `${value}.0` : String(value));

/** What is wrong with an app that keeps data (AppValidation.scala and SchedulingValidation.scala of Marathon). */
export function residencyErrors(app: Unversioned): readonly BrokenRule[] {
  if (!isResident(app)) return [];
  const { acceptedResourceRoles: roles = ['*'], upgradeStrategy, unreachableStrategy } = app;
  const { maximumOverCapacity } = upgradeStrategy;
  return [
    ...(app.container?.volumes ?? []).flatMap((volume, index) =>
      persistentVolumes({ container: { type: 'MESOS', volumes: [volume] } }).flatMap((each) =>
        volumeErrors(each, `/container/volumes(${index})`),
      ),
    ),
    ...rule(
      roles.length === 1 && roles[0] === '*',
      '/acceptedResourceRoles',
      'A resident app must have `acceptedResourceRoles = ["*"]`.',
    ),
    ...rule(
      maximumOverCapacity === 0,
      '/upgradeStrategy/maximumOverCapacity',
      `got ${decimal(maximumOverCapacity)}, expected 0.0`,
    ),
    ...rule(
      unreachableStrategy === 'disabled',
      '/unreachableStrategy',
      'unreachableStrategy must be disabled for resident tasks',
    ),
  ];
}

const volumeErrors = ({ containerPath, mode, persistent }: PersistentVolume, path: string): readonly BrokenRule[] => [
  ...mountErrors(containerPath, `${path}/containerPath`),
  ...rule((mode as string) === 'RW', `${path}/mode`, `got ${mode}, expected RW`),
  ...persistentErrors(persistent, `${path}/persistent`),
];

/** Where a persistent volume may be (PersistentVolume.validPersistentVolumeMount). */
export const mountErrors = (place: string, path: string): readonly BrokenRule[] => [
  ...rule(place !== '.' && place !== '..', path, 'must not be . or ..'),
  ...rule(!place.includes('/'), path, 'value must not contain "/"'),
];

/** (PersistentVolumeInfo.validPersistentVolumeInfo) */
export function persistentErrors(persistent: PersistentVolumeInfo, at: string): readonly BrokenRule[] {
  const { type, size, maxSize, constraints = [] } = persistent;
  return [
    ...rule(size > 0, `${at}/size`, `got ${size}, expected more than 0`),
    ...rule(type === 'mount' || maxSize === undefined, at, 'Only mount volumes can have maxSize'),
    ...rule(type !== 'root' || constraints.length === 0, at, 'Constraints on root volumes are not supported'),
    ...rule(maxSize === undefined || maxSize > size, at, 'Max size must be larger than size'),
    ...rule(
      !('profileName' in persistent),
      `${at}/profileName`,
      'is not supported by the Marathon of the embedded cluster: leave it out',
    ),
    ...constraints.flatMap((constraint, index) => constraintErrors(constraint, `${at}/constraints(${index})`)),
  ];
}

function constraintErrors(constraint: readonly string[], path: string): readonly BrokenRule[] {
  const [field, operator, value] = constraint;
  if (field === undefined && operator === undefined) return rule(false, path, 'Missing field and operator');
  if (field !== 'path' || operator === undefined || value === undefined) {
    return rule(false, path, `Unsupported constraint ${constraint.join(',')}`);
  }
  if (operator !== 'LIKE' && operator !== 'UNLIKE') return rule(false, path, 'Operator must be one of LIKE, UNLIKE');
  return rule(wholePattern(value) !== undefined, path, 'Invalid regular expression');
}

const mayNot = (what: string) =>
  `Services with persistent volumes configured may not change ${what}. If you need to make this change, please create a new service.`;

const volumesText = (app: Unversioned) => JSON.stringify(persistentVolumes(app));
const hostPortsOf = ({ container, portDefinitions, requirePorts }: Unversioned) =>
  JSON.stringify(
    container?.portMappings?.map(({ hostPort }) => hostPort ?? 0) ??
      (portDefinitions ?? []).map(({ port }) => (requirePorts ? port : 0)),
  );

/** What is reserved stays so, whatever role its app has: that is for whoever knows (RoleSettings.scala of Marathon). */
export const roleChangeErrors = (from: Unversioned, to: Unversioned, isForced: boolean): readonly BrokenRule[] =>
  rule(
    isForced || !isResident(to) || from.role === to.role,
    '/role',
    'It is not possible to change the role for existing reservations. If you proceed with this change, all existing ' +
      `instances will continue to run under the previous role, ${from.role}. Only new instances will be allocated ` +
      `with the new role, ${to.role}. In order to continue, retry your request with ?force=true`,
  );

/**
 * What may not become of an app that keeps data (AppDefinition.residentUpdateIsValid).
 * @param isForced whoever asks knows what a change of the role means
 */
export function residentUpdateErrors(
  from: Unversioned | undefined,
  to: Unversioned,
  isForced: boolean,
): readonly BrokenRule[] {
  if (from === undefined || !(isResident(from) || isResident(to))) return [];
  return [
    ...roleChangeErrors(from, to, isForced),
    ...rule(volumesText(from) === volumesText(to), '/', 'Persistent volumes can not be changed!'),
    ...(['cpus', 'mem', 'disk', 'gpus', 'requirePorts'] as const).flatMap((name) =>
      rule(from[name] === to[name], `/${name}`, mayNot('resource requirements')),
    ),
    ...rule(hostPortsOf(from) === hostPortsOf(to), '/', mayNot('host ports')),
  ];
}
