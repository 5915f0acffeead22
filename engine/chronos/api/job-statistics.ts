import { DateTime } from 'luxon';
import type { JobHistory, PastRun } from '../runs/history.ts';

/** HistogramSerializer of Chronos: milliseconds; its mean is the median, too. */
export function durationsView({ durations }: JobHistory): Readonly<Record<string, number>> {
  const sorted = [...durations].sort((one, other) => one - other);
  const at = (quantile: number) => valueAt(sorted, quantile);
  return {
    '75thPercentile': at(0.75),
    '95thPercentile': at(0.95),
    '98thPercentile': at(0.98),
    '99thPercentile': at(0.99),
    median: at(0.5),
    mean: at(0.5),
    count: sorted.length,
  };
}

/** The same as Dropwizard's MetricsServlet shows it, where the mean is one. */
export function durationsHistogram({ durations }: JobHistory): Readonly<Record<string, number>> {
  const sorted = [...durations].sort((one, other) => one - other);
  const count = sorted.length;
  const sum = (values: readonly number[]) => values.reduce((before, value) => before + value, 0);
  const mean = count === 0 ? 0 : sum(sorted) / count;
  const variance = count < 2 ? 0 : sum(sorted.map((value) => (value - mean) ** 2)) / (count - 1);
  const quantiles = { p50: 0.5, p75: 0.75, p95: 0.95, p98: 0.98, p99: 0.99, p999: 0.999 };
  return {
    ...{ count, max: sorted.at(-1) ?? 0, mean, min: sorted[0] ?? 0 },
    ...Object.fromEntries(Object.entries(quantiles).map(([name, quantile]) => [name, valueAt(sorted, quantile)])),
    stddev: Math.sqrt(variance),
  };
}

/** Snapshot.getValue of Dropwizard's metrics. */
function valueAt(sorted: readonly number[], quantile: number): number {
  const position = quantile * (sorted.length + 1);
  const index = Math.floor(position);
  const [below, above] = [sorted[index - 1], sorted[index]];
  if (below === undefined) return sorted[0] ?? 0;
  return above === undefined ? below : below + (position - index) * (above - below);
}

/** JobStatWrapperSerializer of Chronos: newest first. */
export const statisticsView = (history: JobHistory, withElements: boolean): object => ({
  histogram: durationsView(history),
  taskStatHistory: [...history.runs].reverse().map((run) => ({
    taskId: run.taskId,
    jobName: history.name,
    slaveId: run.agentId,
    startTime: timeView(run.startedAt),
    endTime: timeView(run.endedAt),
    ...durationOf(run),
    status: run.status,
    ...(withElements && { numElementsProcessed: run.elementsProcessed ?? 0 }),
  })),
});

const timeView = (at: number | undefined): string =>
  at === undefined ? 'N/A' : DateTime.fromMillis(at, { zone: 'utc' }).toFormat('MM/dd/yy HH:mm:ss');

function durationOf({ startedAt, endedAt }: PastRun): { readonly duration?: string } {
  if (startedAt === undefined || endedAt === undefined) return {};
  const seconds = Math.max(0, Math.floor((endedAt - startedAt) / 1000));
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
  ] as const;
  const longer = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count}${unit}`);
  return { duration: `${longer.join('')}${seconds % 60}s` };
}
