import { megabytes } from '../parts/amounts.tsx';
import { words } from '../words.ts';
import type { Unit } from './charts.ts';
import { roundUp } from './plot.ts';

const megabyte = 1024 * 1024;

/** A value in its unit; the caption of the chart says of what. */
export function amountText(unit: Unit, value: number): string {
  if (unit === 'bytes') return megabytes(value / megabyte);
  if (unit === 'share') return words.percent(value);
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}

/** Where a chart ends above, so that all of its values are in it. */
export function topOf(unit: Unit, values: readonly number[]): number {
  const most = Math.max(0, ...values);
  // Less than one of something that is counted is none.
  if (unit === 'count') return Math.max(1, roundUp(most));
  return most === 0 && unit === 'bytes' ? megabyte : roundUp(most, unit === 'bytes');
}
