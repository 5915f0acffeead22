import { exposition } from '../../../protocol/exposition.ts';
import type { ServerPool } from '../server-pool.ts';
import { statisticsRows } from '../statistics.ts';
import { proxyMeasures } from './proxy-measures.ts';

/** `/metrics` of marathon-lb: what we count, under HAProxy's names. */
export const prometheusText = (pools: readonly ServerPool[]): string =>
  exposition(proxyMeasures(pools.flatMap(statisticsRows)));
