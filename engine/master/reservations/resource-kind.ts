import type { Labels } from '../../../protocol/labels.ts';
import type { Resource } from '../../../protocol/mesos.ts';
import type { DiskInfo, Reservation } from '../../../protocol/resource-info.ts';

/** What a resource is, but for its amount, when that is more than its name. */
export interface ResourceKind {
  readonly name: string;
  /** The last one is in effect: it refines those before. */
  readonly reservations: readonly Reservation[];
  readonly disk?: DiskInfo;
}

/** How resources are written (ResourceFormat of src/common/resources_utils.hpp). */
export type ResourceFormat =
  /** `reservations` alone: to frameworks with RESERVATION_REFINEMENT, and between our own components. */
  | 'refined'
  /** `role` and `reservation`: to all other frameworks. */
  | 'old'
  /** Both, as endpoints answer. */
  | 'endpoint';

/** Of both forms. */
export function reservationsOf({ role = '*', reservation, reservations = [] }: Resource): readonly Reservation[] {
  if (reservations.length > 0 || (role === '*' && reservation === undefined)) return reservations;
  return [{ type: reservation === undefined ? 'STATIC' : 'DYNAMIC', role, ...reservation }];
}

/** Undefined for one that nobody has reserved, and that is on no disk of its own. */
export function kindOf(resource: Resource): ResourceKind | undefined {
  const { name, disk } = resource;
  const reservations = reservationsOf(resource);
  if (disk === undefined && reservations.length === 0) return undefined;
  return { name, reservations, ...(disk !== undefined && { disk }) };
}

const labelTexts = (labels: Labels | undefined) =>
  (labels?.labels ?? []).map(({ key, value }) => JSON.stringify([key, value])).sort();

/**
 * Equal for what Mesos holds equal (operators of src/common/resources.cpp and type_utils.cpp): labels in any order, and
 * of a volume only its id, for each task may see it at a path of its own.
 */
export function keyOf({ name, reservations, disk }: ResourceKind): string {
  const held = reservations.map(({ type, role, principal, labels }) => [type, role, principal, labelTexts(labels)]);
  return `${name}\0${JSON.stringify([held, disk?.source, disk?.persistence?.id])}`;
}

/** A volume and a disk of type MOUNT are used whole or not at all (src/common/resources.cpp, subtractable). */
export const isOnePiece = ({ disk }: ResourceKind): boolean =>
  disk?.persistence !== undefined || disk?.source?.type === 'MOUNT';

/** The role that it is reserved for now. */
export const reservedRole = ({ reservations }: ResourceKind): string => reservations.at(-1)?.role ?? '*';

/** Whether offers for a role may hold it: reserved for nobody, for the role, or for one that it is a part of. */
export function isAllocatable(kind: ResourceKind, role: string): boolean {
  const reserved = reservedRole(kind);
  return reserved === '*' || reserved === role || role.startsWith(`${reserved}/`);
}

/**
 * What JSON says of it beside name and amount.
 * @param allocatedTo a role, if any
 */
export function kindFields(
  { reservations, disk }: Pick<ResourceKind, 'reservations' | 'disk'>,
  format: ResourceFormat,
  allocatedTo: string | undefined,
): Partial<Resource> {
  const isOld = format !== 'refined' && reservations.length <= 1;
  const { type, role = '*', ...reservation } = reservations[0] ?? {};
  return {
    ...(isOld && { role }),
    ...(allocatedTo !== undefined && { allocation_info: { role: allocatedTo } }),
    ...(isOld && type === 'DYNAMIC' && { reservation }),
    ...(reservations.length === 0 || format === 'old' ? {} : { reservations }),
    ...(disk !== undefined && { disk }),
  };
}

/** What nobody has reserved, and is on no disk of its own. */
export const plainKind: Pick<ResourceKind, 'reservations' | 'disk'> = { reservations: [] };

const isSet = (text: string | undefined): text is string => text !== undefined;

/** As Mesos writes it after the name: `(reservations: [(DYNAMIC,dev,me,{for: db})])[vol-1:data]`. */
export function kindText({ reservations, disk }: ResourceKind): string {
  const each = reservations.map(({ type, role, principal, labels }) => {
    const pairs = labels?.labels.map(({ key, value }) => (value === undefined ? key : `${key}: ${value}`));
    return `(${[type, role, principal, pairs && `{${pairs.join(', ')}}`].filter(isSet).join(',')})`;
  });
  const { persistence, volume, source } = disk ?? {};
  const root = source?.path?.root ?? source?.mount?.root;
  const where = source && [`${source.type}${root === undefined ? '' : `:${root}`}`];
  const parts = [...(where ?? []), ...(persistence === undefined ? [] : [persistence.id])].join(',');
  const place = [parts, volume?.container_path].filter(isSet).join(':');
  return `${each.length === 0 ? '' : `(reservations: [${each.join(',')}])`}${disk === undefined ? '' : `[${place}]`}`;
}
