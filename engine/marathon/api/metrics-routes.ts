import { jsonAnswer, textAnswer } from '../../http/http-answer.ts';
import { route, type Route } from '../../http/router.ts';
import { isPod, withoutPods } from '../pods/pod-spec.ts';
import { isRunning, isStaged } from '../scheduling/instances.ts';
import type { ApiContext } from './api-context.ts';

interface Metrics {
  readonly gauges: Readonly<Record<string, number>>;
  readonly counters: Readonly<Record<string, number>>;
}

/** The metrics that clients read, where the thing exists; also of a Marathon that does not lead (MetricsResource.scala). */
export const metricsRoutes = (context: ApiContext): readonly Route[] => [
  route('GET', '/metrics', () => {
    const { gauges, counters } = metricsOf(context);
    return jsonAnswer(200, {
      version: '4.0.0',
      gauges: mapped(gauges, (value) => ({ value })),
      counters: mapped(counters, (count) => ({ count })),
      histograms: {},
      meters: {},
      timers: {},
    });
  }),
  route('GET', '/metrics/prometheus', () => textAnswer(200, prometheusText(metricsOf(context)))),
];

const mapped = (values: Readonly<Record<string, number>>, form: (value: number) => object) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, form(value)]));

/** As PrometheusReporter.scala of Marathon writes it. */
function prometheusText({ gauges, counters }: Metrics): string {
  const lines = (kind: string, values: Readonly<Record<string, number>>) =>
    Object.entries(values).map(([name, value]) => {
      const clean = name.replaceAll(/[^a-zA-Z0-9_]/g, '_');
      return `# TYPE ${clean} ${kind}\n${clean} ${value}\n\n`;
    });
  return [...lines('gauge', gauges), ...lines('counter', counters)].join('');
}

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
      'marathon.http.responses.event-stream.size.counter.bytes': context.http.eventStreamBytes,
      'marathon.http.responses.size.counter.bytes': context.http.responseBytes,
    },
  };
}
