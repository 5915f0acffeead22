import type { Discovery } from '../../../engine/discovery/discovery.ts';
import type { Component } from '../../../engine/component.ts';
import type { Life } from '../../../engine/lives/life.ts';
import { discoveryOf, logOf } from '../../../engine/lives/world-of-life.ts';
import { mesosDnsDefaults } from '../../../engine/mesos-dns/mesos-dns-config.ts';
import { ownAddress } from '../../../platform/network/own-address.ts';
import type { EmbeddedCluster, EmbeddedMesosDns } from '../embedded-cluster.ts';
import type { ClusterWorld } from '../serve-cluster.ts';

interface Around {
  readonly cluster: EmbeddedCluster;
  readonly world: ClusterWorld;
  readonly masters: Discovery;
}

/** As the image of the add-on, whose configuration this is too (generators/compose/mesos-dns.ts). */
const release = 'v0.6.0';

/** A Mesos-DNS beside the other components; only labs that have one load it. */
export const mesosDnsIn =
  (sessionMs: number) =>
  async ({ id, host, port, dnsPort }: EmbeddedMesosDns, life: Life, around: Around): Promise<Component> => {
    const { startMesosDns } = await import('../../../engine/mesos-dns/start-mesos-dns.ts');
    const { cluster, world, masters } = around;
    return startMesosDns(
      {
        config: {
          ...{ ...mesosDnsDefaults, listener: host, httpListener: host, port: dnsPort, httpPort: port },
          ...{ masters: cluster.masters.map((each) => `${each.host}:${each.port}`), zkDetectionTimeout: 0 },
          ...{ refreshSeconds: 2, ttl: 10, externalOn: false, ipSources: ['netinfo', 'host'] },
        },
        discovery: discoveryOf(life, masters, sessionMs),
        version: release,
      },
      {
        log: logOf(life, world.logOf(id)),
        resolve: async (name) => [(await ownAddress.resolve(name)) ?? []].flat(),
        now: Date.now,
        random: Math.random,
      },
    );
  };
