import type { HourFigures } from '../../../protocol/hour-figures.ts';

/** What a chart shows of the time: milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The drawing: it is stretched to the place that there is. */
export const size = { width: 1000, height: 100 } as const;

const minuteMs = 60_000;
const spans = [5, 15, 30, 60].map((minutes) => minutes * minuteMs);
/** Where samples are farther apart than so many times what is usual, nothing was measured between them. */
const gapTimes = 3;

/** The whole hour; less, as long as there was less: then up to the last sample, or to now when that is long ago. */
export function spanOf({ times, now, everyMs }: HourFigures): Span {
  const [first = now, last = now] = [times[0], times.at(-1)];
  const to = now - last > gapTimes * everyMs ? now : last;
  const length = spans.find((span) => to - first <= span) ?? minuteMs * 60;
  return { from: to - length, to };
}

/** Where a time is in the drawing. */
export const placeOf = (at: number, { from, to }: Span): number => round(((at - from) / (to - from)) * size.width);

const round = (value: number) => Math.round(value * 10) / 10;

/** The line of values as an SVG path: it breaks where nothing was measured, and a value that stands alone is a dot. */
export function pathOf(
  { times, everyMs }: Pick<HourFigures, 'times' | 'everyMs'>,
  values: readonly (number | null)[],
  { span, most }: { readonly span: Span; readonly most: number },
): string {
  let path = '';
  let before: number | undefined;
  for (const [index, value] of values.entries()) {
    const at = times[index];
    if (at === undefined || at < span.from) continue;
    if (value === null) {
      before = undefined;
      continue;
    }
    const point = `${placeOf(at, span)} ${round(size.height * (1 - Math.min(1, value / most)))}`;
    const isConnected = before !== undefined && at - before <= gapTimes * everyMs;
    // A line to itself is drawn as a dot.
    path += isConnected ? `L${point}` : `M${point}h0`;
    before = at;
  }
  return path;
}

/** What the values of a line were; of one that was never measured nothing is known. */
export interface Extremes {
  readonly last: number | null;
  readonly least: number;
  readonly most: number;
}

export function extremesOf(values: readonly (number | null)[]): Extremes | undefined {
  const measured = values.filter((value) => value !== null);
  if (measured.length === 0) return undefined;
  return { last: values.at(-1) ?? null, least: Math.min(...measured), most: Math.max(...measured) };
}

/** The next number that people count in, of 1, 2, 2.5 and 5 and their tenfolds; of bytes, of powers of two. */
export function roundUp(value: number, isBytes = false): number {
  if (value <= 0) return 1;
  if (isBytes) return 2 ** Math.ceil(Math.log2(value));
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 2.5, 5, 10].find((each) => value <= each * power * (1 + 1e-9)) ?? 10;
  return step * power;
}

/** The sample next to a place in the drawing, from 0 to 1; undefined: there is none. */
export function sampleAt(times: readonly number[], share: number, { from, to }: Span): number | undefined {
  const wanted = from + share * (to - from);
  let best: number | undefined;
  for (const [index, at] of times.entries()) {
    if (at < from) continue;
    if (best === undefined || Math.abs(at - wanted) < Math.abs((times[best] ?? 0) - wanted)) best = index;
  }
  return best;
}
