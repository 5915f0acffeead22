import type { Component } from '../../../engine/component.ts';
import { systemClock } from '../../../platform/clock.ts';
import { urlOf, type EmbeddedAutoscaler, type EmbeddedCluster } from '../embedded-cluster.ts';

/** A lab on one machine wants answers at once, and asks only itself. */
const intervalMs = 1000;

/** An autoscaler beside the other components; only labs that have one load it. */
export async function embeddedAutoscaler(
  { host, port, prometheus }: EmbeddedAutoscaler,
  cluster: EmbeddedCluster,
  log: (line: string) => void,
): Promise<Component> {
  const { startAutoscaler } = await import('../../../autoscaling/program/start-autoscaler.ts');
  const urls = {
    marathons: cluster.marathons.map(urlOf),
    masters: cluster.masters.map(urlOf),
    loadBalancers: cluster.loadBalancers.map(urlOf),
    prometheus,
  };
  return startAutoscaler({ host, port, intervalMs, urls }, { log, now: Date.now, sleep: systemClock.sleep });
}
