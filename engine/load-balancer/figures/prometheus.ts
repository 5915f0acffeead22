import { exposition } from '../../../protocol/exposition.ts';
import type { ServerPool } from '../server-pool.ts';
import { statisticsRows } from '../statistics.ts';
import { proxyMeasures } from './proxy-measures.ts';

/** `/metrics` of marathon-lb: what we count, under HAProxy's names. */
export function prometheusText(pools: readonly ServerPool[]): string {
  const rows = pools.flatMap(statisticsRows).map((row) => (column: string) => String(row[column] ?? ''));
  return exposition(proxyMeasures(rows));
}
