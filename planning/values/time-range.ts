import { durationMs } from '../../protocol/duration-units.ts';

/** A time that is drawn between two, in milliseconds. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A time as Mesos writes it, `500ms`, or two that one is drawn between, `1secs-3secs`; undefined when it is neither. */
export function parseTimeRange(text: string): TimeRange | undefined {
  const [from = '', to = from, ...more] = text.split('-').map((part) => part.trim());
  const [fromMs, toMs] = [durationMs(from), durationMs(to)];
  if (fromMs === undefined || toMs === undefined || more.length > 0 || fromMs > toMs) return undefined;
  return { fromMs, toMs };
}
