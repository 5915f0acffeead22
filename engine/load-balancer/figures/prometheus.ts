import type { ServerPool } from '../server-pool.ts';
import { statisticsRows, type StatisticsRow } from '../statistics.ts';

interface Series {
  readonly column: string;
  readonly name: string;
  readonly kind: 'gauge' | 'counter';
  /** Of the series that has one value for each. */
  readonly code?: string;
}

/** Columns of the statistics, as HAProxy 2.0's exporter calls them (contrib/prometheus-exporter). */
const series: readonly Series[] = [
  { column: 'scur', name: 'current_sessions', kind: 'gauge' },
  { column: 'smax', name: 'max_sessions', kind: 'gauge' },
  { column: 'stot', name: 'sessions_total', kind: 'counter' },
  { column: 'bin', name: 'bytes_in_total', kind: 'counter' },
  { column: 'bout', name: 'bytes_out_total', kind: 'counter' },
  { column: 'econ', name: 'connection_errors_total', kind: 'counter' },
  { column: 'status', name: 'status', kind: 'gauge' },
  ...[1, 2, 3, 4, 5].map((digit): Series => {
    const code = `${digit}xx`;
    return { column: `hrsp_${code}`, name: 'http_responses_total', kind: 'counter', code };
  }),
];

const states: Readonly<Record<string, number>> = { DOWN: 0, UP: 1, OPEN: 1, MAINT: 2 };

/** `type` of a row. */
const kindsOfRows = ['frontend', 'backend', 'server'] as const;

/** `/metrics` of marathon-lb: what we count, under HAProxy's names. */
export function prometheusText(pools: readonly ServerPool[]): string {
  const rows = pools.flatMap(statisticsRows);
  const lines = kindsOfRows.flatMap((kind, type) => {
    const own = rows.filter((row) => row['type'] === type);
    let last = '';
    return series.flatMap((each) => {
      const values = own.flatMap((row) => valueOf(row, each, kind));
      const name = `haproxy_${kind}_${each.name}`;
      const head = values.length === 0 || name === last ? [] : [`# TYPE ${name} ${each.kind}`];
      if (values.length > 0) last = name;
      return [...head, ...values.map((value) => `${name}${value}`)];
    });
  });
  return lines.map((line) => `${line}\n`).join('');
}

function valueOf(row: StatisticsRow, { column, code }: Series, kind: string): readonly string[] {
  const given = row[column];
  if (given === undefined) return [];
  const labels = [
    `proxy="${row['pxname'] ?? ''}"`,
    ...(kind === 'server' ? [`server="${row['svname'] ?? ''}"`] : []),
    ...(code === undefined ? [] : [`code="${code}"`]),
  ];
  return [`{${labels.join(',')}} ${typeof given === 'number' ? given : (states[given] ?? 0)}`];
}
