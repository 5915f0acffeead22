import type { DrillRun } from './drill-report.ts';
import { shortTime } from './times.ts';

/** A drawn row: what it is of, and its line. */
export interface TimelineRow {
  readonly label: string;
  readonly line: string;
}

/** Characters of a row: when it was predicted, when it was measured, whether clients got through. */
const marks = { predicted: '─', measured: '●', good: '·', failed: '×' } as const;

/** Until when a timeline goes: what was measured, and a little more. */
export const timelineEndMs = ({ recoveredMs, clients }: DrillRun): number =>
  Math.max(1000, 1.05 * Math.max(recoveredMs, ...clients.outages.map(({ fromMs, toMs = fromMs }) => toMs)));

/**
 * A run as rows of text: a line for each milestone, with its prediction and its measurement, and one of the clients.
 * @param columns how wide a line may be
 */
export function timelineRows(run: DrillRun, columns: number): readonly TimelineRow[] {
  const endMs = timelineEndMs(run);
  const columnOf = (ms: number) => Math.min(columns - 1, Math.max(0, Math.floor((ms / endMs) * columns)));
  const rows = run.milestones.map(({ title, predicted, measuredMs }) => {
    const cells = Array<string>(columns).fill(' ');
    if (predicted !== undefined && predicted.fromMs <= endMs) {
      cells.fill(marks.predicted, columnOf(predicted.fromMs), columnOf(predicted.toMs) + 1);
    }
    if (measuredMs !== undefined) cells[columnOf(measuredMs)] = marks.measured;
    return { label: title, line: cells.join('').trimEnd() };
  });
  const clients = Array<string>(columns).fill(marks.good);
  for (const { fromMs, toMs = endMs } of run.clients.outages) {
    // What begins before the strike is none of its doing, and is drawn at its start.
    clients.fill(marks.failed, columnOf(fromMs), Math.max(columnOf(toMs), columnOf(fromMs) + 1));
  }
  return [...rows, { label: 'clients', line: clients.join('') }, { label: '', line: scale(endMs, columns) }];
}

/** `0        5 s       10 s` */
function scale(endMs: number, columns: number): string {
  const stepMs = niceStep(endMs / Math.max(1, Math.floor(columns / 12)));
  const cells = Array<string>(columns).fill(' ');
  for (let ms = 0; ms < endMs; ms += stepMs) {
    const text = ms === 0 ? '0' : shortTime(ms);
    const at = Math.floor((ms / endMs) * columns);
    // All of it is in ASCII.
    if (at + text.length <= columns)
      for (let index = 0; index < text.length; index++) cells[at + index] = text.charAt(index);
  }
  return cells.join('').trimEnd();
}

/** 1, 2 or 5 of a power of ten, and not less. */
export function niceStep(leastMs: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, leastMs)));
  return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= leastMs) ?? 10 * power;
}
