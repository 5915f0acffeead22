import type { DrillRun } from './drill-report.ts';

/** Of one milestone over all runs that have reached it; in milliseconds after the strike. */
export interface MilestoneStatistics {
  readonly milestone: string;
  readonly title: string;
  /** Of how many runs. */
  readonly reached: number;
  readonly minMs: number;
  readonly medianMs: number;
  readonly maxMs: number;
}

/** Minimum, median and maximum of each milestone, in the order of the predictions. */
export function statisticsOf(runs: readonly DrillRun[]): readonly MilestoneStatistics[] {
  const [first] = runs;
  return (first?.milestones ?? []).flatMap(({ milestone, title }) => {
    const times = runs
      .flatMap(({ milestones }) => milestones.find((each) => each.milestone === milestone)?.measuredMs ?? [])
      .toSorted((a, b) => a - b);
    const [minMs] = times;
    const maxMs = times.at(-1);
    if (minMs === undefined || maxMs === undefined) return [];
    return [{ milestone, title, reached: times.length, minMs, medianMs: median(times), maxMs }];
  });
}

/** Of an even number of times the mean of the two in the middle. */
function median(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : Math.round(((sorted[middle - 1] ?? 0) + upper) / 2);
}
