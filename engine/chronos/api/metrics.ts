import type { LeaderSession } from '../leadership/leader-session.ts';
import { durationsView } from './job-statistics.ts';

const taskManager = 'org.apache.mesos.chronos.scheduler.jobs.TaskManager';

/** What Dropwizard's MetricsServlet shows, as far as it is of Chronos itself. */
export function metricsOf({ scheduler, shared: { book, history } }: LeaderSession): object {
  const sizes = scheduler.queue.sizes;
  const past = book.list().flatMap(({ name }) => (history.has(name) ? [history.get(name)] : []));
  return {
    version: '3.0.0',
    gauges: {
      [`${taskManager}.queueSize`]: { value: sizes.normal },
      [`${taskManager}.highQueueSize`]: { value: sizes.high },
      'jvm.memory.total.used': { value: process.memoryUsage.rss() },
    },
    counters: Object.fromEntries(
      past.flatMap(({ name, successes, failures }) => [
        [`jobs.run.success.${name}`, { count: successes }],
        [`jobs.run.failure.${name}`, { count: failures }],
      ]),
    ),
    histograms: Object.fromEntries(
      past.map((each) => [`jobs.run.time.${each.name}`, histogramOf(durationsView(each))]),
    ),
    meters: {},
    timers: {},
  };
}

const histogramOf = (view: Readonly<Record<string, number>>) => ({
  count: view['count'],
  mean: view['mean'],
  p50: view['median'],
  p75: view['75thPercentile'],
  p95: view['95thPercentile'],
  p98: view['98thPercentile'],
  p99: view['99thPercentile'],
});
