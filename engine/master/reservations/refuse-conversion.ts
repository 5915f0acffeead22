import type { Resource } from '../../../protocol/mesos.ts';
import { notHonoured } from '../scheduler/validation/command-fields.ts';
import { refuseRole } from '../scheduler/roles.ts';
import { refuseId, refuseValues } from '../scheduler/validation/resource-validation.ts';
import { contains, describeResources, plainAmounts, toResources, type Resources } from '../resources.ts';
import { isResize, type Conversion } from './conversion.ts';
import { refuseResize } from './refuse-resize.ts';
import { keyOf, kindOf, reservationsOf } from './resource-kind.ts';

export interface ConversionContext {
  /** Of the agent. */
  readonly total: Resources;
  readonly used: Resources;
  /** Of the offer; missing when an operator asks. */
  readonly role?: string | undefined;
  /** Of the framework; missing when it has none, or when an operator asks. */
  readonly principal?: string | undefined;
}

const textOf = (resource: Resource) => describeResources(toResources([resource]));
const isVolume = ({ disk }: Resource) => disk?.persistence !== undefined;
const isDynamic = (resource: Resource) => reservationsOf(resource).at(-1)?.type === 'DYNAMIC';

const firstOf = <Item>(items: readonly Item[], refuse: (item: Item) => string | undefined) => {
  for (const item of items) {
    const problem = refuse(item);
    if (problem !== undefined) return problem;
  }
  return undefined;
};

/** Why an operation is invalid, whatever is free (src/master/validation.cpp, namespace operation). */
export function refuseConversion(conversion: Conversion, context: ConversionContext): string | undefined {
  const { type, named, consumed } = conversion;
  if (isResize(type)) return refuseResize(type, named);
  if (named.length === 0) return 'Invalid resources: The resources have multiple resource providers: ';
  const invalid = firstOf([...named, ...consumed], refuseResource) ?? refuseValues(named) ?? refuseValues(consumed);
  if (invalid !== undefined) return `Invalid resources: ${invalid}`;
  switch (type) {
    case 'RESERVE':
      return firstOf(named, (each) => refuseReserve(each, context)) ?? refuseSource(conversion);
    case 'UNRESERVE':
      return firstOf(named, refuseUnreserve);
    case 'CREATE':
      return refuseCreate(named, context);
    case 'DESTROY':
      return refuseDestroy(named, context);
  }
}

/** What nobody here would do. */
function refuseResource(resource: Resource): string | undefined {
  const given = ['provider_id', 'revocable', 'shared'].find((name) => name in resource);
  if (given !== undefined) return notHonoured(given);
  const { type = 'PATH' } = resource.disk?.source ?? {};
  return type === 'PATH' || type === 'MOUNT' ? undefined : notHonoured(`disk.source of type ${type}`);
}

function refuseReserve(resource: Resource, { role, principal }: ConversionContext): string | undefined {
  if (!isDynamic(resource)) return `Resource ${textOf(resource)} is not dynamically reserved`;
  const { role: reserved = '*', principal: named } = reservationsOf(resource).at(-1) ?? {};
  if (reserved === '*') return `Invalid reservation: role "*" cannot be dynamically reserved`;
  const badRole = refuseRole(reserved);
  if (badRole !== undefined) return `Invalid reservation: ${badRole}`;
  if (principal !== undefined && principal !== named) {
    const what = named === undefined ? 'no principal' : `principal '${named}'`;
    return `A reserve operation was attempted by principal '${principal}', but there is a reserved resource in the request with ${what} set in \`ReservationInfo\``;
  }
  if (role !== undefined && role !== reserved) {
    return `A reserve operation was attempted for a resource allocated to role '${role}', but with role '${reserved}' in its reservation`;
  }
  return isVolume(resource) ? `A persistent volume ${textOf(resource)} must already be reserved` : undefined;
}

/** RESERVE with a source changes the reservations of what is reserved. */
function refuseSource({ named, consumed }: Conversion): string | undefined {
  const [before, after] = [plainAmounts(toResources(consumed)), plainAmounts(toResources(named))];
  if (contains(before, after) && contains(after, before)) return undefined;
  return `The quantities of ${describeResources(before)} and ${describeResources(after)} differ`;
}

function refuseUnreserve(resource: Resource): string | undefined {
  if (!isDynamic(resource)) return `Resource ${textOf(resource)} is not dynamically reserved`;
  if (!isVolume(resource)) return undefined;
  return `A dynamically reserved persistent volume ${textOf(resource)} cannot be unreserved directly. Please destroy the persistent volume first then unreserve the resource`;
}

function refuseCreate(volumes: readonly Resource[], { total, principal }: ConversionContext): string | undefined {
  const ids = new Set([...total.kinds.values()].map((kind) => kind.disk?.persistence?.id));
  return firstOf(volumes, (volume) => {
    const problem = refuseVolume(volume, principal);
    if (problem !== undefined) return problem;
    const id = volume.disk?.persistence?.id;
    if (ids.has(id)) return `Persistence ID '${id ?? ''}' is not unique`;
    ids.add(id);
    return undefined;
  });
}

function refuseVolume(resource: Resource, principal: string | undefined): string | undefined {
  const { disk, name } = resource;
  if (disk === undefined) return `Not a persistent volume: Resource ${textOf(resource)} does not have DiskInfo`;
  if (name !== 'disk') return `DiskInfo should not be set for ${name} resource`;
  const { persistence, volume } = disk;
  if (persistence === undefined) return `Not a persistent volume: 'persistence' is not set in DiskInfo`;
  if (volume === undefined) return `Expecting 'volume' to be set for persistent volume`;
  if (volume.host_path !== undefined) return `Expecting 'host_path' to be unset for persistent volume`;
  const badId = refuseId(persistence.id);
  if (badId !== undefined) return `Invalid persistence ID for persistent volume: ${badId}`;
  if (reservationsOf(resource).length === 0) {
    return `Persistent volumes cannot be created from unreserved resources: ${textOf(resource)}`;
  }
  if (principal === undefined || persistence.principal === principal) return undefined;
  const what = persistence.principal === undefined ? 'no principal' : `principal '${persistence.principal}'`;
  return `A create operation was attempted by principal '${principal}', but there is a volume in the operation with ${what} set in \`DiskInfo.Persistence\``;
}

function refuseDestroy(volumes: readonly Resource[], { total, used }: ConversionContext): string | undefined {
  const unknown = volumes.find((each) => !isVolume(each) || !contains(total, toResources([each])));
  if (unknown !== undefined) return 'Persistent volumes not found';
  const isUsed = volumes.some((volume) => {
    const kind = kindOf(volume);
    return kind !== undefined && used.scalars.has(keyOf(kind));
  });
  return isUsed ? 'Persistent volumes in use' : undefined;
}
