import type { LeaderSession } from '../leadership/leader-session.ts';
import { durationsHistogram } from './job-statistics.ts';

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
    histograms: Object.fromEntries(past.map((each) => [`jobs.run.time.${each.name}`, durationsHistogram(each)])),
    meters: {},
    timers: {},
  };
}
