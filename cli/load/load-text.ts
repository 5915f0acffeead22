import type { LoadResult } from '../../checks/load/make-load.ts';
import { table } from '../printing/table.ts';

/** A number with three digits that matter: `0.412`, `12.3`, `1540`. */
const shown = (value: number): string => (value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3))));

const milliseconds = (value: number): string => `${shown(value)} ms`;

const counts = (each: Readonly<Record<string, number>>): string =>
  Object.entries(each)
    .map(([name, count]) => `${count} × ${name}`)
    .join(', ');

const sumOf = (each: Readonly<Record<string, number>>): number =>
  Object.values(each).reduce((sum, count) => sum + count, 0);

/** What was measured, for a person. */
export function loadText({ seconds, sent, rate, answers, errors, latencyMs }: LoadResult): string {
  const [answered, failed] = [sumOf(answers), sumOf(errors)];
  const { p50, p90, p99, max } = latencyMs;
  const figures = [`${shown(rate)}/s`, ...[p50, p90, p99, max].map(milliseconds)];
  return [
    `${sent} requests in ${shown(seconds)} s: ${answered} answered${failed === 0 ? '' : `, ${failed} not`}\n`,
    ...(answered === 0 ? [] : [`answers  ${counts(answers)}\n`]),
    ...(failed === 0 ? [] : [`errors   ${counts(errors)}\n`]),
    ...(answered === 0 ? [] : ['\n', table(['rate', 'p50', 'p90', 'p99', 'max'], [figures])]),
  ].join('');
}

/** While it runs: `12 s, 20.1/s, p99 4.2 ms, 0 errors`. */
export const progressText = ({ seconds, rate, errors, latencyMs }: LoadResult): string =>
  `${shown(Math.round(seconds))} s, ${shown(rate)}/s, p99 ${milliseconds(latencyMs.p99)}, ${sumOf(errors)} errors`;
