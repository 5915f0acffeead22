import type { Role } from '../../planning/catalogue/roles.ts';
import type { Plan, PlannedComponent } from '../../planning/plan/plan.ts';

/** Where add-ons say that they are well; others are parts alone. */
const paths: Readonly<Partial<Record<Role, string>>> = {
  chronos: '/ping',
  autoscaler: '/ping',
  // Ours answers only once a master has told it something.
  'mesos-dns': '/v1/version',
  registry: '/-/healthy',
  metrics: '/-/healthy',
  prometheus: '/-/healthy',
  grafana: '/api/health',
};

/** An add-on that can be asked. */
export interface AddonProbe {
  readonly component: PlannedComponent;
  readonly url: string;
  readonly path: string;
}

export function addonProbes({ nodes, urls }: Plan): readonly AddonProbe[] {
  const components = nodes.flatMap((node) => node.components);
  return Object.entries(paths).flatMap(([role, path]) => {
    const ofRole = urls.addons.filter((addon) => addon.role === role);
    return components
      .filter((component) => component.role === role)
      .flatMap((component, index) => {
        const url = ofRole[index]?.url;
        return url === undefined ? [] : [{ component, url, path }];
      });
  });
}
