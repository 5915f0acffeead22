import type { ServerPool } from '../server-pool.ts';
import { statisticsRows, type StatisticsRow } from '../statistics.ts';

interface Column {
  readonly column: string;
  /** Of the series that has one value for each. */
  readonly code?: string;
}

interface Series {
  readonly name: string;
  readonly kind: 'gauge' | 'counter';
  readonly columns: readonly Column[];
}

/** Columns of the statistics, as HAProxy 2.0's exporter calls them (contrib/prometheus-exporter). */
const series: readonly Series[] = [
  { name: 'current_sessions', kind: 'gauge', columns: [{ column: 'scur' }] },
  { name: 'max_sessions', kind: 'gauge', columns: [{ column: 'smax' }] },
  { name: 'sessions_total', kind: 'counter', columns: [{ column: 'stot' }] },
  { name: 'bytes_in_total', kind: 'counter', columns: [{ column: 'bin' }] },
  { name: 'bytes_out_total', kind: 'counter', columns: [{ column: 'bout' }] },
  { name: 'connection_errors_total', kind: 'counter', columns: [{ column: 'econ' }] },
  { name: 'status', kind: 'gauge', columns: [{ column: 'status' }] },
  {
    name: 'http_responses_total',
    kind: 'counter',
    columns: ['1xx', '2xx', '3xx', '4xx', '5xx'].map((code) => ({ column: `hrsp_${code}`, code })),
  },
];

const states: Readonly<Record<string, number>> = { DOWN: 0, UP: 1, OPEN: 1, MAINT: 2 };

/** `type` of a row. */
const kindsOfRows = ['frontend', 'backend', 'server'] as const;

/** `/metrics` of marathon-lb: what we count, under HAProxy's names. */
export function prometheusText(pools: readonly ServerPool[]): string {
  const rows = pools.flatMap(statisticsRows);
  const lines = kindsOfRows.flatMap((kind, type) => {
    const own = rows.filter((row) => row['type'] === type);
    return series.flatMap((each) => {
      const values = each.columns.flatMap((column) => own.flatMap((row) => valueOf(row, column, kind)));
      const name = `haproxy_${kind}_${each.name}`;
      return values.length === 0 ? [] : [`# TYPE ${name} ${each.kind}`, ...values.map((value) => `${name}${value}`)];
    });
  });
  return lines.map((line) => `${line}\n`).join('');
}

function valueOf(row: StatisticsRow, { column, code }: Column, kind: string): readonly string[] {
  const given = row[column];
  if (given === undefined) return [];
  const labels = [
    `proxy="${row['pxname'] ?? ''}"`,
    ...(kind === 'server' ? [`server="${row['svname'] ?? ''}"`] : []),
    ...(code === undefined ? [] : [`code="${code}"`]),
  ];
  return [`{${labels.join(',')}} ${typeof given === 'number' ? given : (states[given] ?? 0)}`];
}
