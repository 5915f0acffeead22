import type { Component } from '../../../engine/component.ts';
import type { Life } from '../../../engine/lives/life.ts';
import { logOf } from '../../../engine/lives/world-of-life.ts';
import { systemClock } from '../../../platform/clock.ts';
import { urlOf, type EmbeddedAutoscaler, type EmbeddedCluster } from '../embedded-cluster.ts';
import type { ClusterWorld } from '../serve-cluster.ts';

interface Around {
  readonly cluster: EmbeddedCluster;
  readonly world: ClusterWorld;
}

/** A lab on one machine wants answers at once, and asks only itself. */
const intervalMs = 1000;

/** An autoscaler beside the other components; only labs that have one load it. */
export async function embeddedAutoscaler(
  { id, host, port, prometheus, agents }: EmbeddedAutoscaler,
  life: Life,
  { cluster, world }: Around,
): Promise<Component> {
  const { startAutoscaler } = await import('../../../autoscaling/program/start-autoscaler.ts');
  const urls = {
    marathons: cluster.marathons.map(urlOf),
    masters: cluster.masters.map(urlOf),
    loadBalancers: cluster.loadBalancers.map(urlOf),
    prometheus,
  };
  const { sleep } = systemClock;
  const options = { host, port, intervalMs, urls, agents };
  return startAutoscaler(options, { log: logOf(life, world.logOf(id)), now: Date.now, sleep });
}
