import { reservedRole } from '../reservations/resource-kind.ts';
import type { Resources } from '../resources.ts';

interface Unreserved {
  /** Among `scalars` of the resources. */
  readonly key: string;
  readonly name: string;
  readonly value: number;
  /** A disk of type MOUNT: all of it or nothing. */
  readonly isWhole: boolean;
}

/** Scalars that are reserved for nobody, in thousandths: only they are given out by quota. */
export const unreservedOf = ({ scalars, kinds }: Resources): readonly Unreserved[] =>
  [...scalars].flatMap(([key, value]) => {
    const kind = kinds.get(key);
    if (kind !== undefined && reservedRole(kind) !== '*') return [];
    return [{ key, name: kind?.name ?? key, value, isWhole: kind?.disk?.source?.type === 'MOUNT' }];
  });
