import type { Resource } from '../../../protocol/mesos.ts';
import { describeResources, thousandths, toResources } from '../resources.ts';
import { notHonoured } from '../scheduler/validation/command-fields.ts';
import { isResize, sizeOf, withoutVolume, type Conversion, type Resize } from './conversion.ts';
import { keyOf, kindOf } from './resource-kind.ts';

const isMount = ({ disk }: Resource) => disk?.source?.type === 'MOUNT';

/** Why what an operation names are no resources, which Mesos looks at before all else (validateAndUpgradeResources). */
export function refuseResizeForm({ type, named }: Conversion): string | undefined {
  if (!isResize(type)) return undefined;
  const [volume, addition] = named;
  if (volume === undefined || addition === undefined) {
    const what = type === 'GROW_VOLUME' ? 'A GROW_VOLUME operation' : 'A SHRINK_VOLUME offer operation';
    return `${what} must have the Offer.Operation.${type.toLowerCase()} field set`;
  }
  return refuseForm(volume) ?? (type === 'GROW_VOLUME' ? refuseForm(addition) : undefined);
}

/** Resources::validate of src/common/resources.cpp, and what this cluster has not. */
function refuseForm(resource: Resource): string | undefined {
  const { name, type, disk } = resource;
  const values = { SCALAR: resource.scalar, RANGES: resource.ranges, SET: resource.set };
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  if (given.length !== 1 || given[0]?.[0] !== type) return `Invalid ${type.toLowerCase()} resource`;
  const value = sizeOf(resource);
  if (value !== 0 && thousandths(value) <= 0) return 'Invalid scalar resource: value <= 0';
  if (disk !== undefined && name !== 'disk') return `DiskInfo should not be set for ${name} resource`;
  if ('shared' in resource) {
    if (name !== 'disk') return `Resource ${name} cannot be shared`;
    if (disk?.persistence === undefined) return 'Only persistent volumes can be shared';
  }
  return 'revocable' in resource ? notHonoured('revocable') : undefined;
}

/**
 * Why a volume cannot become larger or smaller, whatever is free (src/master/validation.cpp, validate of GrowVolume and
 * of ShrinkVolume): in their order and words.
 * @param named the volume, and what it gets or leaves
 */
export function refuseResize(type: Resize, [volume, change]: readonly Resource[]): string | undefined {
  if (volume === undefined || change === undefined) return undefined;
  return type === 'GROW_VOLUME' ? refuseGrow(volume, change) : refuseShrink(volume, sizeOf(change));
}

function refuseGrow(volume: Resource, addition: Resource): string | undefined {
  if (thousandths(sizeOf(addition)) <= 0) {
    return "The size of 'GrowVolume.addition' field must be greater than zero";
  }
  if ('provider_id' in volume) return 'Growing a volume from a resource provider is not supported';
  // Mesos would make one of any id, for to it a volume without a size is none.
  const isNone = thousandths(sizeOf(volume)) === 0;
  const problem = isNone ? 'Invalid scalar resource: value <= 0' : refusePersistent(volume);
  if (problem !== undefined) return `Invalid persistent volume in the 'GrowVolume.volume' field: ${problem}`;
  if ('shared' in volume) return 'Growing a shared persistent volume is not supported';
  if (isOfOneKind(withoutVolume(volume), addition)) return undefined;
  return "Incompatible resources in the 'GrowVolume.volume' and 'GrowVolume.addition' fields";
}

function refuseShrink(volume: Resource, subtract: number): string | undefined {
  if (thousandths(subtract) <= 0) return "Value of 'ShrinkVolume.subtract' must be greater than zero";
  if (thousandths(sizeOf(volume)) <= thousandths(subtract)) {
    return "Value of 'ShrinkVolume.subtract' must be smaller than the size of 'ShrinkVolume.volume'";
  }
  if ('provider_id' in volume) return 'Shrinking a volume from a resource provider is not supported';
  if (isMount(volume)) return 'Shrinking a volume on a MOUNT disk is not supported';
  const problem = refusePersistent(volume);
  if (problem !== undefined) return `Invalid persistent volume in the 'ShrinkVolume.volume' field: ${problem}`;
  return 'shared' in volume ? 'Shrinking a shared persistent volume is not supported' : undefined;
}

/** validatePersistentVolume of src/master/validation.cpp. */
function refusePersistent(resource: Resource): string | undefined {
  const { disk } = resource;
  if (disk === undefined) return `Resource ${describeResources(toResources([resource]))} does not have DiskInfo`;
  if (disk.persistence === undefined) return "'persistence' is not set in DiskInfo";
  if (disk.volume === undefined) return "Expecting 'volume' to be set for persistent volume";
  return disk.volume.mode === 'RO' ? 'Read-only persistent volume not supported' : undefined;
}

/** Whether they add up to one resource (src/common/resources.cpp, addable): a disk of type MOUNT is one already. */
function isOfOneKind(disk: Resource, addition: Resource): boolean {
  if (isMount(disk) || 'provider_id' in addition || 'disk' in disk !== 'disk' in addition) return false;
  const [mine, other] = [disk, addition].map((each) => {
    const kind = kindOf(each);
    return kind === undefined ? each.name : keyOf(kind);
  });
  return disk.type === addition.type && mine === other;
}
