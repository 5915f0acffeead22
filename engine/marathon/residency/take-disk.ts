import type { Resource } from '../../../protocol/mesos.ts';
import { wholePattern } from '../apps/validate-constraint.ts';
import { takeScalar, type OfferPool } from '../scheduling/offer-pool.ts';
import type { PersistentVolume } from './resident.ts';

/**
 * Takes the disk for a volume (DiskType and PersistentVolumeMatcher of Marathon): some of the root disk or of one of
 * type path, or one of type mount as a whole.
 */
export function takeDisk(
  pool: OfferPool,
  { persistent }: PersistentVolume,
  roles: ReadonlySet<string>,
): { readonly pool: OfferPool; readonly resource: Resource } | undefined {
  const { type, size, maxSize = Infinity, constraints = [] } = persistent;
  if (type === 'root') return takeScalar(pool, 'disk', size, roles);
  const disk = pool.disks.find((resource) => {
    const { source } = resource.disk ?? {};
    const value = resource.scalar?.value ?? 0;
    const path = source?.path?.root ?? source?.mount?.root ?? '';
    const isRight = source?.type === (type === 'path' ? 'PATH' : 'MOUNT') && roles.has(resource.role ?? '*');
    return isRight && value >= size && (type === 'path' || value <= maxSize) && constraints.every(isMetBy(path));
  });
  if (disk === undefined) return undefined;
  const value = disk.scalar?.value ?? 0;
  const taken = type === 'mount' ? value : size;
  const left = value - taken;
  const disks = pool.disks.flatMap((each) =>
    each !== disk ? [each] : left > 0 ? [{ ...disk, scalar: { value: left } }] : [],
  );
  return { pool: { ...pool, disks }, resource: { ...disk, scalar: { value: taken } } };
}

const isMetBy =
  (path: string) =>
  ([, operator, value = '']: readonly string[]): boolean => {
    const isLike = wholePattern(value)?.test(path) ?? false;
    return operator === 'LIKE' ? isLike : !isLike;
  };
