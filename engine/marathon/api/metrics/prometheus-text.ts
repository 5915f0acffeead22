import type { Meter, Rates } from './meter.ts';
import type { Timer } from './timer.ts';

/** Each by its name, as Marathon's docs/metrics.md has it. */
export interface Metrics {
  readonly gauges: Readonly<Record<string, number>>;
  readonly counters: Readonly<Record<string, number>>;
  readonly meters: Readonly<Record<string, Meter>>;
  readonly timers: Readonly<Record<string, Timer>>;
}

/** Metrics for Prometheus, as PrometheusReporter.scala of Marathon writes them. */
export function prometheusText({ gauges, counters, meters, timers }: Metrics): string {
  const lines = <Value>(values: Readonly<Record<string, Value>>, form: (name: string, value: Value) => string) =>
    Object.entries(values).map(([name, value]) => `${form(name.replaceAll(/[^a-zA-Z0-9_]/g, '_'), value)}\n`);
  return [
    ...lines(gauges, gauge),
    ...lines(counters, (name, count) => `# TYPE ${name} counter\n${name} ${count}\n`),
    ...lines(meters, (name, meter) => gauge(`${name}_count`, meter.count) + rateLines(name, meter.rates())),
    ...lines(timers, timerLines),
  ].join('');
}

const gauge = (name: string, value: number) => `# TYPE ${name} gauge\n${name} ${value}\n`;

const rateLines = (name: string, rates: Rates) =>
  (['mean_rate', 'm1_rate', 'm5_rate', 'm15_rate'] as const)
    .map((each) => gauge(`${name}_${each}`, rates[each]))
    .join('');

function timerLines(name: string, timer: Timer): string {
  const spread = timer.spread();
  const quantiles = (['p50', 'p75', 'p95', 'p98', 'p99', 'p999'] as const).map((each) => {
    const share = Number(`0.${each.slice(1)}`);
    return `${name}{quantile="${share}"} ${spread[each].toFixed(6)}\n`;
  });
  const others = (['min', 'mean', 'max', 'stddev'] as const).map((each) => gauge(`${name}_${each}`, spread[each]));
  return [
    `# TYPE ${name} summary\n`,
    ...quantiles,
    `${name}_count ${timer.count}\n`,
    ...others,
    rateLines(name, timer.rates()),
  ].join('');
}
