/** Amounts of scalar resources by name, in their own units (ResourceQuantities of Mesos). */
export type Quantities = Readonly<Record<string, number>>;

/** In thousandths nothing has to be rounded. */
const rounded = (value: number) => Math.round(value * 1000) / 1000;

export function sum(all: Iterable<Quantities>): Quantities {
  const total = new Map<string, number>();
  for (const each of all) {
    for (const [name, value] of Object.entries(each)) total.set(name, rounded((total.get(name) ?? 0) + value));
  }
  return Object.fromEntries(total);
}

const amountOf = (quantities: Quantities, name: string): number =>
  Object.hasOwn(quantities, name) ? (quantities[name] ?? 0) : 0;

/** Whether `a` has at least as much of everything as `b`. */
export const containsAll = (a: Quantities, b: Quantities): boolean =>
  Object.entries(b).every(([name, value]) => amountOf(a, name) >= value);

const sorted = (quantities: Quantities) => Object.entries(quantities).sort(([a], [b]) => (a < b ? -1 : 1));

/** `cpus:4; disk:1024` */
export const shown = (quantities: Quantities): string =>
  sorted(quantities)
    .map(([name, value]) => `${name}:${String(value)}`)
    .join('; ') || '{}';

/** `{ cpus: 4, disk: 1024 }`, as Mesos shows a map. */
export const shownAsMap = (quantities: Quantities): string =>
  `{ ${sorted(quantities)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', ')} }`;
