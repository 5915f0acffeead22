import { autoscaler } from './autoscaler.ts';
import { chronos } from './chronos.ts';
import { grafana } from './grafana.ts';
import { cadvisor, nodeExporter } from './host-exporters.ts';
import { logs } from './logs.ts';
import { loki } from './loki.ts';
import { marathonLb } from './marathon-lb.ts';
import { marathon } from './marathon.ts';
import { mesosAgent } from './mesos-agent.ts';
import { mesosDns } from './mesos-dns.ts';
import { mesosMaster } from './mesos-master.ts';
import { metrics } from './metrics.ts';
import { prometheus } from './prometheus.ts';
import { registry } from './registry.ts';
import { zookeeper } from './zookeeper.ts';

/** What a spec switches on under `addons`; in Compose they are profiles. */
export const addonComponents = [chronos, mesosDns, registry, metrics, autoscaler, logs] as const;

/** What comes with an add-on, in containers of its own. */
export const companionComponents = [prometheus, loki, grafana, nodeExporter, cadvisor] as const;

/** Every component. The order is the order of start, and of every list in the generated files. */
export const components = [
  ...([zookeeper, mesosMaster, mesosAgent, marathon, marathonLb] as const),
  ...addonComponents,
  ...companionComponents,
] as const;
