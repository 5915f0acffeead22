import type { Resource } from '../../../protocol/mesos.ts';
import { thousandths } from '../resources.ts';
import type { Operation } from '../scheduler/scheduler-call.ts';
import { reservationsOf } from './resource-kind.ts';

export type Resize = 'GROW_VOLUME' | 'SHRINK_VOLUME';

/** What an operation makes of resources (src/common/resources_utils.cpp, getResourceConversions). */
export interface Conversion {
  readonly type: 'RESERVE' | 'UNRESERVE' | 'CREATE' | 'DESTROY' | Resize;
  /**
   * What it names: resources to reserve or not to, volumes to create or to destroy; a volume to resize, and what it gets
   * or leaves.
   */
  readonly named: readonly Resource[];
  readonly consumed: readonly Resource[];
  readonly converted: readonly Resource[];
}

export const isResize = (type: Conversion['type']): type is Resize =>
  type === 'GROW_VOLUME' || type === 'SHRINK_VOLUME';

/** Before its last reservation. */
function beforeReservation(resource: Resource): Resource {
  const { role: _, reservation: _reservation, reservations: _reservations, ...rest } = resource;
  const left = reservationsOf(resource).slice(0, -1);
  return left.length === 0 ? rest : { ...rest, reservations: left };
}

/** The disk that a volume is on. */
export function withoutVolume({ disk, ...rest }: Resource): Resource {
  return disk?.source === undefined ? rest : { ...rest, disk: { source: disk.source } };
}

/** What a resource has, as one number; 0 of ports, say. */
export const sizeOf = ({ scalar }: Resource): number => scalar?.value ?? 0;

/** With so much more, or less. */
function resized(volume: Resource, change: number): Resource {
  return { ...volume, scalar: { value: thousandths(sizeOf(volume) + change) / 1000 } };
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
    case 'GROW_VOLUME': {
      if (operation.grow_volume === undefined) return noConversion('GROW_VOLUME');
      const { volume, addition } = operation.grow_volume;
      const named = [volume, addition];
      return { type: 'GROW_VOLUME', named, consumed: named, converted: [resized(volume, sizeOf(addition))] };
    }
    case 'SHRINK_VOLUME': {
      if (operation.shrink_volume === undefined) return noConversion('SHRINK_VOLUME');
      const { volume, subtract } = operation.shrink_volume;
      const freed = { ...withoutVolume(volume), scalar: subtract };
      const converted = [resized(volume, -subtract.value), freed];
      return { type: 'SHRINK_VOLUME', named: [volume, freed], consumed: [volume], converted };
    }
    default:
      return undefined;
  }
}

/** Of an operation that does not say what with: it is refused. */
const noConversion = (type: Conversion['type']): Conversion => ({ type, named: [], consumed: [], converted: [] });
