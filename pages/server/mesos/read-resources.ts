import { listAt, numberAt, textAt, valueAt } from '../../../protocol/json.ts';
import type { AmountsByName, ResourceItem } from '../../picture/details.ts';

/** @param resources by name, as the old endpoints have them; ranges of ports are none */
export function readAmounts(resources: unknown): AmountsByName {
  const entries = typeof resources === 'object' && resources !== null ? Object.entries(resources) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}

/** What a resource has, be it a number, ranges or a set (mesos.proto, message Value). */
function amountOf(resource: unknown): number | string {
  const scalar = numberAt(resource, 'scalar', 'value');
  if (scalar !== undefined) return scalar;
  const ranges = listAt(resource, 'ranges', 'range');
  const texts = ranges.map((each) => {
    const [begin, end] = [numberAt(each, 'begin') ?? 0, numberAt(each, 'end') ?? 0];
    return begin === end ? String(begin) : `${begin}-${end}`;
  });
  return [...texts, ...listAt(resource, 'set', 'item').filter((item) => typeof item === 'string')].join(', ');
}

/** For whom it is reserved: by the last of `reservations`, or as releases before 1.4 say it. */
function reservationOf(resource: unknown): Pick<ResourceItem, 'role' | 'isDynamic' | 'principal'> {
  const refined = listAt(resource, 'reservations').at(-1);
  const role = textAt(refined, 'role') ?? textAt(resource, 'role') ?? '*';
  if (role === '*') return {};
  const principal = textAt(refined, 'principal') ?? textAt(resource, 'reservation', 'principal');
  const isDynamic = textAt(refined, 'type') === 'DYNAMIC' || valueAt(resource, 'reservation') !== undefined;
  return { role, ...(isDynamic ? { isDynamic } : {}), ...(principal === undefined ? {} : { principal }) };
}

function readResource(resource: unknown): ResourceItem {
  const volume = textAt(resource, 'disk', 'persistence', 'id');
  const path = textAt(resource, 'disk', 'volume', 'container_path');
  return {
    name: textAt(resource, 'name') ?? '',
    amount: amountOf(resource),
    ...reservationOf(resource),
    ...(volume === undefined ? {} : { volume }),
    ...(path === undefined ? {} : { path }),
    ...(valueAt(resource, 'shared') === undefined ? {} : { isShared: true as const }),
    ...(valueAt(resource, 'revocable') === undefined ? {} : { isRevocable: true as const }),
  };
}

/** Resources of the v1 API, or those of `/slaves` in full: what is bound to the same is added up. */
export function readResources(resources: readonly unknown[]): readonly ResourceItem[] {
  const all = new Map<string, ResourceItem>();
  for (const each of resources.map(readResource)) {
    const { amount, ...bound } = each;
    const key = JSON.stringify(bound);
    const before = all.get(key)?.amount;
    const isSum = typeof before === 'number' && typeof amount === 'number';
    // Mesos counts in thousandths.
    const sum = isSum ? Math.round((before + amount) * 1000) / 1000 : undefined;
    const text = before === undefined ? amount : [before, amount].join(', ');
    all.set(key, { ...each, amount: sum ?? text });
  }
  return [...all.values()];
}
