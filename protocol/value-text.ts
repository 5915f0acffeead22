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

/** To the thousandth without zeros at the end, and half to even: DecimalFormat("0.###") of Java. */
export function thousandthsText(value: number): string {
  const down = Math.floor(value * 1000);
  // Only sixteenths lie between two thousandths and are what their digits say.
  const isTie = Number.isInteger(value * 16) && value * 1000 - down === 0.5;
  return String(isTie ? (down + (down % 2 === 0 ? 0 : 1)) / 1000 : Number(value.toFixed(3)));
}
