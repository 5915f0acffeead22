import type { Resource } from '../../../protocol/mesos.ts';
import { contains, filterResources, minus, plus, toResourceList, toResources } from '../resources.ts';
import type { Resources } from '../resources.ts';
import { kindOf, reservedRole, type ResourceKind } from './resource-kind.ts';

/** Whether operations have made it what it is; what is reserved statically, or a disk, comes with the agent. */
const isCheckpointed = (kind: ResourceKind | undefined) =>
  kind?.disk?.persistence !== undefined || kind?.reservations.at(-1)?.type === 'DYNAMIC';

/** What agents keep of all that they have (needCheckpointing of src/common/resources_utils.cpp). */
export const checkpointedOf = (total: Resources): Resources => filterResources(total, isCheckpointed);

/** As the agent has it without operations. */
function originOf(resource: Resource): Resource {
  const { name, type, scalar, ranges, set } = resource;
  const kind = kindOf(resource);
  const reservations = (kind?.reservations ?? []).filter((each) => each.type !== 'DYNAMIC');
  const source = kind?.disk?.source;
  return {
    ...{ name, type },
    ...(scalar && { scalar }),
    ...(ranges && { ranges }),
    ...(set && { set }),
    ...(reservations.length > 0 && { reservations }),
    ...(source && { disk: { source } }),
  };
}

/** What of an agent's own resources operations have changed. */
export const originsOf = (checkpointed: readonly Resource[]): Resources => toResources(checkpointed.map(originOf));

/** All that an agent has (applyCheckpointedResources of the same). What it says it has always has room for the rest. */
export function totalOf(own: readonly Resource[], checkpointed: readonly Resource[] = []): Resources {
  const base = toResources(own);
  if (checkpointed.length === 0) return base;
  const origins = originsOf(checkpointed);
  return contains(base, origins) ? plus(minus(base, origins), toResources(checkpointed)) : base;
}

export interface ByRole {
  readonly unreserved: Resources;
  readonly reserved: ReadonlyMap<string, Resources>;
}

export function splitByRole(resources: Resources): ByRole {
  if (resources.kinds.size === 0) return { unreserved: resources, reserved: new Map() };
  const unreserved: Resource[] = [];
  const reserved = new Map<string, Resource[]>();
  for (const resource of toResourceList(resources)) {
    const kind = kindOf(resource);
    const role = kind === undefined ? '*' : reservedRole(kind);
    const list = role === '*' ? unreserved : reserved.get(role);
    if (list === undefined) reserved.set(role, [resource]);
    else list.push(resource);
  }
  return {
    unreserved: toResources(unreserved),
    reserved: new Map([...reserved].map(([role, list]) => [role, toResources(list)])),
  };
}

/** What is reserved of several agents, in thousandths, by role and name. */
export function reservedScalars(agents: Iterable<{ readonly total: Resources }>): ReserveSums {
  const sums = new Map<string, Map<string, number>>();
  for (const { total } of agents) {
    for (const [key, kind] of total.kinds) {
      const [role, amount] = [reservedRole(kind), total.scalars.get(key)];
      if (role === '*' || amount === undefined) continue;
      const ofRole = sums.get(role) ?? new Map<string, number>();
      sums.set(role, ofRole.set(kind.name, (ofRole.get(kind.name) ?? 0) + amount));
    }
  }
  return sums;
}

type ReserveSums = ReadonlyMap<string, ReadonlyMap<string, number>>;
