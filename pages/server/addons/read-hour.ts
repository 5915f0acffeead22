import type { HourFigures } from '../../../protocol/hour-figures.ts';
import { listAt, numberAt, textAt, valueAt } from '../../../protocol/json.ts';

/** @param answer `/v1/hour` of the exporter */
export function readHour(answer: unknown): HourFigures {
  const times = listAt(answer, 'times').map(Number);
  const figures = valueAt(answer, 'figures');
  const names = typeof figures === 'object' && figures !== null ? Object.keys(figures) : [];
  return {
    now: numberAt(answer, 'now') ?? 0,
    everyMs: numberAt(answer, 'everyMs') ?? 0,
    times,
    figures: Object.fromEntries(
      names.map((name) => {
        const values = listAt(figures, name);
        return [name, times.map((_, index) => numberOrNull(values[index]))];
      }),
    ),
    leaderChanges: listAt(answer, 'leaderChanges').map((change) => ({
      at: numberAt(change, 'at') ?? 0,
      from: textAt(change, 'from') ?? '',
      to: textAt(change, 'to') ?? '',
    })),
  };
}

const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null);
