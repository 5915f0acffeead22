import type { Role } from '../../planning/catalogue/roles.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { addonUrl } from './addon-url.ts';

/** URLs of add-ons that are looked at, and that every lab with them has. */
export interface AddonTargets {
  /** The exporter. */
  readonly metrics?: string;
  readonly autoscaler?: string;
  readonly prometheus?: string;
  /** The Grafana that passes on what Loki is asked: it has no port of its own. */
  readonly grafanaOfLoki?: string;
}

/** What has to run for one of them to be as it should be: Prometheus has all that it asks as targets. */
const partsOf: Readonly<Record<keyof AddonTargets, readonly Role[]>> = {
  metrics: ['metrics'],
  autoscaler: ['autoscaler'],
  prometheus: ['prometheus', 'metrics', 'autoscaler', 'node-exporter', 'cadvisor'],
  grafanaOfLoki: ['grafana', 'loki'],
};

/** @param isDown by the id of a component: what was stopped or killed on purpose is not looked at */
export function addonTargets(plan: Plan, isDown: (id: string) => boolean = () => false): AddonTargets {
  const components = plan.nodes.flatMap((node) => node.components);
  const isUp = (wanted: Role) => components.every(({ role, id }) => role !== wanted || !isDown(id));
  const has = (wanted: Role) => components.some(({ role }) => role === wanted);
  const target = (name: keyof AddonTargets, role: Role): AddonTargets => {
    const url = addonUrl(plan, role);
    return url !== undefined && partsOf[name].every(isUp) ? { [name]: url } : {};
  };
  return {
    ...target('metrics', 'metrics'),
    ...target('autoscaler', 'autoscaler'),
    ...target('prometheus', 'prometheus'),
    ...(has('loki') ? target('grafanaOfLoki', 'grafana') : {}),
  };
}
