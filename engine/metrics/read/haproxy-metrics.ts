import type { Measure } from '../../../protocol/exposition.ts';
import { statisticsRows } from '../../../protocol/haproxy-csv.ts';
import { proxyMeasures } from '../../load-balancer/figures/proxy-measures.ts';

/**
 * HAProxy's statistics as CSV (management guide, 9.1), under the names of HAProxy's own exporter. marathon-lb calls a
 * backend after app and service port: `nginx_10000`.
 * @param loadBalancer the label that says whose they are: `marathon-lb:9090`
 */
export const haproxyMeasures = (csv: string, loadBalancer: string): readonly Measure[] =>
  proxyMeasures(statisticsRows(csv)).map((measure) => ({
    ...measure,
    labels: { load_balancer: loadBalancer, ...measure.labels },
  }));
