import { numberAt, valueAt, isJsonObject } from '../../../protocol/json.ts';
import { metricName, type Family, type Labels, type Measure } from '../../../protocol/exposition.ts';

const quantiles = { p50: '0.5', p75: '0.75', p95: '0.95', p98: '0.98', p99: '0.99', p999: '0.999' } as const;

/** Parts of names that are labels here: methods, classes of status, and states of tasks. */
const parts: readonly (readonly [pattern: RegExp, label: string, rest: string])[] = [
  [
    /^(?<before>.*\.http\.requests)\.(?<value>get|post|put|delete|head|options|trace|connect|move|other)(?<after>\..*)$/,
    'method',
    '.by-method',
  ],
  [/^(?<before>.*\.http\.responses)\.(?<value>\dxx)(?<after>\..*)$/, 'code', ''],
  [/^(?<before>.*\.mesos\.task-updates)\.task-(?<value>[a-z-]+)(?<after>\..*)$/, 'state', ''],
];

/** What a name of Marathon's ends with, beside its unit. */
const kinds = /\.(?:gauge|counter|timer|meter|histogram|rate)(?=\.|$)/g;

/**
 * `/metrics` of Marathon 1.7 and newer (docs/docs/metrics.md): names end with what they are and their unit. Of meters only
 * the count is taken, as Prometheus makes rates of it itself, and of timers the quantiles.
 * @param owner the label that says whose they are: `{ marathon: 'marathon:8080' }`
 */
export function marathonMeasures(metrics: unknown, owner: Labels): readonly Measure[] {
  const each = (group: string, measure: (name: string, value: unknown) => readonly Measure[]) => {
    const values = valueAt(metrics, group);
    return isJsonObject(values) ? Object.entries(values).flatMap(([name, value]) => measure(name, value)) : [];
  };
  const one = (given: string, kind: Family['kind'], value: number | undefined, more: Partial<Measure> = {}) => {
    const { family, labels } = familyOf(given, kind);
    const own = { ...owner, ...labels, ...more.labels };
    return value === undefined ? [] : [{ ...more, family, labels: own, value }];
  };
  const spread = (name: string, value: unknown) => [
    ...Object.entries(quantiles).flatMap(([part, quantile]) =>
      one(name, 'summary', numberAt(value, part), { labels: { quantile } }),
    ),
    ...one(name, 'summary', numberAt(value, 'count'), { suffix: '_count' }),
  ];
  return [
    ...each('gauges', (name, value) => one(name, 'gauge', numberAt(value, 'value'))),
    ...each('counters', (name, value) => one(name, 'counter', numberAt(value, 'count'))),
    ...each('meters', (name, value) => one(name, 'counter', numberAt(value, 'count'))),
    ...each('histograms', spread),
    ...each('timers', spread),
  ];
}

function familyOf(given: string, kind: Family['kind']): { readonly family: Family; readonly labels: Labels } {
  let name = given;
  let shown = given;
  let labels: Labels = {};
  for (const [pattern, label, rest] of parts) {
    const { before, value, after } = pattern.exec(name)?.groups ?? {};
    if (before === undefined || value === undefined || after === undefined) continue;
    name = `${before}${rest}${after}`;
    shown = `${before}.{${label}}${after}`;
    labels = { [label]: value.replaceAll('-', '_') };
  }
  const plain = metricName(name.replaceAll(kinds, '')).replace(/_(?:total|count|sum|bucket)$/, '');
  const own = kind === 'counter' ? `${plain}_total` : plain;
  return { family: { name: own, kind, help: `${shown} of Marathon's /metrics.` }, labels };
}
