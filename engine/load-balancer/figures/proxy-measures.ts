import type { Family, Measure } from '../../../protocol/exposition.ts';
import type { StatisticsRow } from '../../../protocol/haproxy-csv.ts';

interface Column {
  readonly column: string;
  /** Of the series that has one value for each. */
  readonly code?: string;
}

interface Series {
  readonly name: string;
  readonly kind: 'gauge' | 'counter';
  readonly columns: readonly Column[];
  readonly help: string;
}

/** Columns of the statistics, as HAProxy 2.0's exporter calls them (contrib/prometheus-exporter). */
const series: readonly Series[] = [
  { name: 'current_queue', kind: 'gauge', columns: [{ column: 'qcur' }], help: 'Requests that wait for a server.' },
  { name: 'current_sessions', kind: 'gauge', columns: [{ column: 'scur' }], help: 'Sessions that are open.' },
  { name: 'max_sessions', kind: 'gauge', columns: [{ column: 'smax' }], help: 'Most sessions that were open at once.' },
  { name: 'sessions_total', kind: 'counter', columns: [{ column: 'stot' }], help: 'Sessions so far.' },
  { name: 'bytes_in_total', kind: 'counter', columns: [{ column: 'bin' }], help: 'Bytes of requests.' },
  { name: 'bytes_out_total', kind: 'counter', columns: [{ column: 'bout' }], help: 'Bytes of answers.' },
  {
    name: 'connection_errors_total',
    kind: 'counter',
    columns: [{ column: 'econ' }],
    help: 'Connections to a server that failed.',
  },
  { name: 'response_errors_total', kind: 'counter', columns: [{ column: 'eresp' }], help: 'Answers that were none.' },
  {
    name: 'status',
    kind: 'gauge',
    columns: [{ column: 'status' }],
    help: 'Whether it serves: 0 is down, 1 up, 2 taken out.',
  },
  {
    name: 'http_responses_total',
    kind: 'counter',
    columns: ['1xx', '2xx', '3xx', '4xx', '5xx'].map((code) => ({ column: `hrsp_${code}`, code })),
    help: 'Answers by class of status.',
  },
];

const states: Readonly<Record<string, number>> = { DOWN: 0, UP: 1, OPEN: 1, 'no check': 1, MAINT: 2 };

/** `type` of a row. */
const kindsOfRows = ['frontend', 'backend', 'server'] as const;

/** What HAProxy's statistics say, for Prometheus. */
export const proxyMeasures = (rows: readonly StatisticsRow[]): readonly Measure[] =>
  kindsOfRows.flatMap((kind, type) => {
    const own = rows.filter((row) => row('type') === String(type));
    return series.flatMap(({ name, kind: familyKind, columns, help }) => {
      const family: Family = { name: `haproxy_${kind}_${name}`, kind: familyKind, help };
      return columns.flatMap((column) => own.flatMap((row) => valueOf(family, row, column, kind)));
    });
  });

function valueOf(family: Family, row: StatisticsRow, { column, code }: Column, kind: string): readonly Measure[] {
  const given = row(column) ?? '';
  if (given === '') return [];
  const labels = {
    proxy: row('pxname') ?? '',
    ...(kind === 'server' ? { server: row('svname') ?? '' } : {}),
    ...(code === undefined ? {} : { code }),
  };
  const number = Number(given);
  return [{ family, labels, value: Number.isNaN(number) ? stateOf(given) : number }];
}

/** `UP 1/3` is one that will soon be down. */
const stateOf = (status: string) => states[status] ?? states[status.split(' ')[0] ?? ''] ?? 0;
