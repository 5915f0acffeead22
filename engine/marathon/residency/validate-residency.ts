import type { App } from '../../../protocol/marathon.ts';
import { wholePattern } from '../apps/validate-constraint.ts';
import type { BrokenRule } from '../marathon-error.ts';
import { isResident, persistentVolumes, type PersistentVolume } from './resident.ts';

type Unversioned = Omit<App, 'version' | 'versionInfo'>;

const rule = (isKept: boolean, path: string, error: string): readonly BrokenRule[] => (isKept ? [] : [{ path, error }]);
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

function volumeErrors({ containerPath, mode, persistent }: PersistentVolume, path: string): readonly BrokenRule[] {
  const { type, size, maxSize, constraints } = persistent;
  const at = `${path}/persistent`;
  return [
    ...rule(containerPath !== '.' && containerPath !== '..', `${path}/containerPath`, 'must not be . or ..'),
    ...rule(!containerPath.includes('/'), `${path}/containerPath`, 'value must not contain "/"'),
    ...rule((mode as string) === 'RW', `${path}/mode`, `got ${mode}, expected RW`),
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

/** What may not become of an app that keeps data (AppDefinition.residentUpdateIsValid). */
export function residentUpdateErrors(from: Unversioned | undefined, to: Unversioned): readonly BrokenRule[] {
  if (from === undefined || !(isResident(from) || isResident(to))) return [];
  return [
    ...rule(volumesText(from) === volumesText(to), '/', 'Persistent volumes can not be changed!'),
    ...(['cpus', 'mem', 'disk', 'gpus', 'requirePorts'] as const).flatMap((name) =>
      rule(from[name] === to[name], `/${name}`, mayNot('resource requirements')),
    ),
    ...rule(hostPortsOf(from) === hostPortsOf(to), '/', mayNot('host ports')),
  ];
}
