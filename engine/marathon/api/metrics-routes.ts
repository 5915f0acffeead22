import { jsonAnswer, textAnswer } from '../../http/http-answer.ts';
import { route, type Route } from '../../http/router.ts';
import { withoutPods } from '../pods/pod-spec.ts';
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
  const staged = instances.filter(({ condition }) => condition === 'Staging' || condition === 'Starting').length;
  return {
    gauges: {
      'marathon.apps.active.gauge': withoutPods(own?.shared.apps.list() ?? []).length,
      'marathon.deployments.active.gauge': own?.deployments.list().length ?? 0,
      'marathon.groups.active.gauge': own?.shared.apps.groups().length ?? 0,
      'marathon.http.event-streams.active.gauge': context.events.listenerCount(),
      'marathon.instances.inflight-kills.gauge': own?.shared.instances.unwanted().length ?? 0,
      'marathon.instances.running.gauge': instances.filter(({ condition }) => condition === 'Running').length,
      'marathon.instances.staged.gauge': staged,
      'marathon.jvm.memory.total.used.gauge.bytes': process.memoryUsage.rss(),
      'marathon.leadership.duration.gauge.seconds': own === undefined ? 0 : Math.floor(own.leadsForMs() / 1000),
      'marathon.uptime.gauge.seconds': Math.floor(process.uptime()),
    },
    counters: Object.fromEntries(
      (own?.counters.list() ?? []).map(([name, count]) => [`marathon.${name}.counter`, count]),
    ),
  };
}
