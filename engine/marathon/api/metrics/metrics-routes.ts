import { jsonAnswer, textAnswer } from '../../../http/http-answer.ts';
import { route, type Route } from '../../../http/router.ts';
import { isPod, withoutPods } from '../../pods/pod-spec.ts';
import { isRunning, isStaged } from '../../scheduling/instances.ts';
import type { ApiContext } from '../api-context.ts';
import { prometheusText, type Metrics } from './prometheus-text.ts';

/** The metrics that clients read, where the thing exists; also of a Marathon that does not lead (MetricsResource.scala). */
export const metricsRoutes = (context: ApiContext): readonly Route[] => [
  route('GET', '/metrics', () => {
    const { gauges, counters, meters, timers } = metricsOf(context);
    return jsonAnswer(200, {
      version: '4.0.0',
      gauges: mapped(gauges, (value) => ({ value })),
      counters: mapped(counters, (count) => ({ count })),
      histograms: {},
      meters: mapped(meters, (meter) => ({ count: meter.count, ...meter.rates(), units: 'events/second' })),
      timers: mapped(timers, (timer) => ({
        count: timer.count,
        ...timer.spread(),
        ...timer.rates(),
        ...{ duration_units: 'seconds', rate_units: 'calls/second' },
      })),
    });
  }),
  route('GET', '/metrics/prometheus', () => textAnswer(200, prometheusText(metricsOf(context)))),
];

const mapped = <Value>(values: Readonly<Record<string, Value>>, form: (value: Value) => object) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, form(value)]));

function metricsOf(context: ApiContext): Metrics {
  const own = context.ownLeader();
  const instances = own?.shared.instances.all() ?? [];
  const apps = own?.shared.apps.list() ?? [];
  const staged = instances.filter(isStaged);
  const overdueBefore = (own?.shared.clock() ?? 0) - context.settings.taskLaunchTimeoutMs;
  const heap = process.memoryUsage();
  return {
    gauges: {
      'marathon.apps.active.gauge': withoutPods(apps).length,
      'marathon.deployments.active.gauge': own?.deployments.list().length ?? 0,
      'marathon.groups.active.gauge': own?.shared.apps.groups().length ?? 0,
      'marathon.http.event-streams.active.gauge': context.events.listenerCount(),
      'marathon.http.requests.active.gauge': context.http.active,
      'marathon.instances.inflight-kills.gauge': own?.shared.instances.unwanted().length ?? 0,
      'marathon.instances.launch-overdue.gauge': staged.filter(({ stagedAt }) => stagedAt < overdueBefore).length,
      'marathon.instances.running.gauge': instances.filter(isRunning).length,
      'marathon.instances.staged.gauge': staged.length,
      // There is no JVM: the heap is that of V8 (docs/compatibility.md says so).
      'marathon.jvm.memory.heap.used.gauge.bytes': heap.heapUsed,
      'marathon.jvm.memory.heap.committed.gauge.bytes': heap.heapTotal,
      'marathon.jvm.memory.total.used.gauge.bytes': heap.rss,
      'marathon.leadership.duration.gauge.seconds': own === undefined ? 0 : Math.floor(own.leadsForMs() / 1000),
      'marathon.pods.active.gauge': apps.filter(isPod).length,
      'marathon.uptime.gauge.seconds': Math.floor(process.uptime()),
    },
    counters: {
      ...Object.fromEntries((own?.counters.list() ?? []).map(([name, count]) => [`marathon.${name}.counter`, count])),
      'marathon.http.requests.size.counter.bytes': context.http.requestBytes,
      'marathon.http.responses.event-stream.size.counter.bytes': context.http.eventStreamBytes,
      'marathon.http.responses.size.counter.bytes': context.http.responseBytes,
    },
    ...httpRates(context),
  };
}

const httpRates = ({ http }: ApiContext): Pick<Metrics, 'meters' | 'timers'> => ({
  meters: Object.fromEntries(
    [...http.responses].map(([name, meter]) => [`marathon.http.responses.${name}.rate.meter`, meter]),
  ),
  timers: Object.fromEntries([
    ['marathon.http.requests.duration.timer.seconds', http.all],
    ...[...http.byMethod].map(
      ([name, timer]) => [`marathon.http.requests.${name}.duration.timer.seconds`, timer] as const,
    ),
  ]),
});
