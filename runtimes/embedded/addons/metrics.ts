import type { Component } from '../../../engine/component.ts';
import type { Life } from '../../../engine/lives/life.ts';
import { logOf } from '../../../engine/lives/world-of-life.ts';
import { systemClock } from '../../../platform/clock.ts';
import { urlOf, type EmbeddedCluster, type Listener } from '../embedded-cluster.ts';
import type { ClusterWorld } from '../serve-cluster.ts';

interface Around {
  readonly cluster: EmbeddedCluster;
  readonly world: ClusterWorld;
}

/** An exporter for Prometheus beside the other components; only labs that have one load it. */
export async function embeddedMetrics(
  { id, host, port }: Listener,
  life: Life,
  { cluster, world }: Around,
): Promise<Component> {
  const { startMetrics } = await import('../../../engine/metrics/start-metrics.ts');
  const { masters, marathons, loadBalancers } = cluster;
  const urls = (all: readonly Listener[]) => all.map(urlOf);
  const targets = {
    ...{ masters: urls(masters), marathons: urls(marathons), loadBalancers: urls(loadBalancers) },
    // Elections are in memory.
    zookeepers: [],
  };
  const { now: clock, sleep } = systemClock;
  return startMetrics({ host, port, targets }, { log: logOf(life, world.logOf(id)), clock, now: Date.now, sleep });
}
