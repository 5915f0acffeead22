import type { Attribute, Range } from './mesos.ts';

/** Ranges as the state of a master and an agent shows them: `[31000-32000, 33000-33010]`. */
export const rangesText = (ranges: readonly Range[], separator = ', '): string =>
  `[${ranges.map(({ begin, end }) => `${begin}-${end}`).join(separator)}]`;

/** An attribute as the state of a master and an agent shows it: `abc`, 10, `[1000-1500]`, `{a, b}`. */
export function shownValue({ scalar, text, ranges, set }: Omit<Attribute, 'name'>, separator = ', '): string | number {
  if (scalar !== undefined) return scalar.value;
  if (ranges !== undefined) return rangesText(ranges.range, separator);
  return set === undefined ? (text?.value ?? '') : `{${set.item.join(separator)}}`;
}
