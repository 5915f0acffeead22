import type { Discovery } from '../../../engine/discovery/discovery.ts';
import type { Component } from '../../../engine/component.ts';
import { mesosDnsDefaults } from '../../../engine/mesos-dns/mesos-dns-config.ts';
import { ownAddress } from '../../../platform/network/own-address.ts';
import type { EmbeddedMesosDns, Listener } from '../embedded-cluster.ts';

export interface MesosDnsNeeds {
  readonly masters: readonly Listener[];
  readonly discovery: Discovery;
  readonly log: (line: string) => void;
}

/** As the image of the add-on, whose configuration this is too (generators/compose/mesos-dns.ts). */
const release = 'v0.6.0';

/** A Mesos-DNS beside the other components; only labs that have one load it. */
export async function embeddedMesosDns(given: EmbeddedMesosDns, needs: MesosDnsNeeds): Promise<Component> {
  const { host, port, dnsPort } = given;
  const { startMesosDns } = await import('../../../engine/mesos-dns/start-mesos-dns.ts');
  return startMesosDns(
    {
      config: {
        ...{ ...mesosDnsDefaults, listener: host, httpListener: host, port: dnsPort, httpPort: port },
        ...{ masters: needs.masters.map((master) => `${master.host}:${master.port}`), zkDetectionTimeout: 0 },
        ...{ refreshSeconds: 2, ttl: 10, externalOn: false, ipSources: ['host'] },
      },
      discovery: needs.discovery,
      version: release,
    },
    {
      log: needs.log,
      resolve: async (name) => [(await ownAddress.resolve(name)) ?? []].flat(),
      now: Date.now,
      random: Math.random,
    },
  );
}
