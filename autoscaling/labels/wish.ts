/** What is kept at a target by the number of instances. */
export type Metric =
  | { readonly kind: 'requests-per-second' | 'sessions' | 'cpu' | 'memory' }
  /** The sum of what a Prometheus answers, divided among the instances. */
  | { readonly kind: 'prometheus'; readonly query: string };

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** Other bounds at certain times of the week. */
export interface Span extends Bounds {
  /** As it was written. */
  readonly text: string;
  /** Minutes since Sunday 00:00 UTC, without the end; a part that goes over Saturday's end begins anew at 0. */
  readonly minutes: readonly { readonly from: number; readonly to: number }[];
}

/** What the labels of an app ask of the autoscaler. */
export interface Wish extends Bounds {
  readonly metric: Metric;
  /** Of one instance: requests per second, sessions, per cent of `cpus` or `mem` of the app, or a share of a query's value. */
  readonly target: number;
  /** At most one step is taken in this time. */
  readonly cooldownMs: number;
  readonly schedule: readonly Span[];
}

/** What is wrong with one label. */
export interface LabelProblem {
  readonly label: string;
  readonly message: string;
  /** Missing: the label is. */
  readonly found?: string;
  readonly allowed: string;
  readonly fix: string;
}

const minuteMs = 60_000;
export const minutesOfDay = 24 * 60;
export const minutesOfWeek = 7 * minutesOfDay;
/** 1970 began on a Thursday. */
const thursday = 4;

/**
 * Bounds at a moment: those of the schedule, or those of the labels.
 * @param now milliseconds since 1970
 */
export function boundsAt({ min, max, schedule }: Wish, now: number): Bounds & { readonly span?: string } {
  const minute = (Math.floor(now / minuteMs) + thursday * minutesOfDay) % minutesOfWeek;
  const span = schedule.find(({ minutes }) => minutes.some(({ from, to }) => minute >= from && minute < to));
  return span === undefined ? { min, max } : { min: span.min, max: span.max, span: span.text };
}

/** What a metric is called in logs and metrics. */
export const metricName = (metric: Metric): string =>
  metric.kind === 'prometheus' ? `prometheus:${metric.query}` : metric.kind;
