import { proxyMeasures, type ProxyRow } from '../../load-balancer/figures/proxy-measures.ts';
import type { Measure } from '../../../protocol/exposition.ts';

/**
 * HAProxy's statistics as CSV (management guide, 9.1), under the names of HAProxy's own exporter. marathon-lb calls a
 * backend after app and service port: `nginx_10000`.
 * @param loadBalancer the label that says whose they are: `marathon-lb:9090`
 */
export const haproxyMeasures = (csv: string, loadBalancer: string): readonly Measure[] =>
  proxyMeasures(rowsOf(csv)).map((measure) => ({
    ...measure,
    labels: { load_balancer: loadBalancer, ...measure.labels },
  }));

function rowsOf(csv: string): readonly ProxyRow[] {
  const [header = '', ...lines] = csv.trim().split(/\r?\n/);
  const columns = header.replace(/^# /, '').split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    const entries = columns.flatMap((column, index) => {
      const cell = cells[index] ?? '';
      const number = Number(cell);
      return cell === '' || column === '' ? [] : [[column, Number.isNaN(number) ? cell : number] as const];
    });
    return Object.fromEntries(entries);
  });
}
