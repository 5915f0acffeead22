import type { PlannedComponent } from '../../planning/plan/plan.ts';
import { hostInUrl } from '../../protocol/host-in-url.ts';

/** Where others of the lab reach a component, by the first of its ports: `prometheus:9095`. */
export const addressInside = ({ host, ports }: PlannedComponent): string =>
  `${hostInUrl(host)}:${ports[0]?.target ?? 0}`;
