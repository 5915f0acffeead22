import type { Resource } from '../../../protocol/mesos.ts';
import type { Operation } from '../scheduler/scheduler-call.ts';
import { reservationsOf } from './resource-kind.ts';

/** What an operation makes of resources (src/common/resources_utils.cpp, getResourceConversions). */
export interface Conversion {
  readonly type: 'RESERVE' | 'UNRESERVE' | 'CREATE' | 'DESTROY';
  /** What it names: resources to reserve or not to, volumes to create or to destroy. */
  readonly named: readonly Resource[];
  readonly consumed: readonly Resource[];
  readonly converted: readonly Resource[];
}

/** Before its last reservation. */
function beforeReservation(resource: Resource): Resource {
  const { role: _, reservation: _reservation, reservations: _reservations, ...rest } = resource;
  const left = reservationsOf(resource).slice(0, -1);
  return left.length === 0 ? rest : { ...rest, reservations: left };
}

/** The disk that a volume is on. */
function withoutVolume({ disk, ...rest }: Resource): Resource {
  return disk?.source === undefined ? rest : { ...rest, disk: { source: disk.source } };
}

/** Undefined for an operation of another type, such as LAUNCH. */
export function conversionOf(operation: Operation): Conversion | undefined {
  switch (operation.type) {
    case 'RESERVE': {
      const { source = [], resources = [] } = operation.reserve ?? {};
      const consumed = source.length === 0 ? resources.map(beforeReservation) : source;
      return { type: 'RESERVE', named: resources, consumed, converted: resources };
    }
    case 'UNRESERVE': {
      const named = operation.unreserve?.resources ?? [];
      return { type: 'UNRESERVE', named, consumed: named, converted: named.map(beforeReservation) };
    }
    case 'CREATE': {
      const named = operation.create?.volumes ?? [];
      return { type: 'CREATE', named, consumed: named.map(withoutVolume), converted: named };
    }
    case 'DESTROY': {
      const named = operation.destroy?.volumes ?? [];
      return { type: 'DESTROY', named, consumed: named, converted: named.map(withoutVolume) };
    }
    default:
      return undefined;
  }
}
