import type { Plan } from '../../planning/plan/plan.ts';
import type { Role } from '../../planning/catalogue/roles.ts';
import { filesIn, type GeneratedFile } from '../generated-file.ts';
import { addressInside } from '../text/address-inside.ts';
import { alertTiming } from './alert-rules.ts';
import { prometheusFiles, type ScrapeJob } from './prometheus-files.ts';

/** A folder of the lab, whose files are mounted where the program looks for them. */
export const prometheusFolder = 'metrics/prometheus';

/** What is asked, and how the jobs are called. */
const scraped = [
  ['mesos', 'metrics'],
  ['prometheus', 'prometheus'],
  ['node', 'node-exporter'],
  ['cadvisor', 'cadvisor'],
  ['autoscaler', 'autoscaler'],
] as const satisfies readonly (readonly [string, Role])[];

/** As often as an exporter is asked that costs little. */
export const intervalSeconds = 10;

/** Configuration of Prometheus in labs that have it: by which it finds what it asks, and what it warns of. */
export function metricsFiles(plan: Plan): readonly GeneratedFile[] {
  const components = plan.nodes.flatMap((node) => node.components);
  const jobs = scraped.map(([name, wanted]): ScrapeJob => ({
    name,
    addresses: components.filter(({ role }) => role === wanted).map(addressInside),
  }));
  return filesIn(prometheusFolder, prometheusFiles({ jobs, intervalSeconds, timing: alertTiming(plan) }));
}
