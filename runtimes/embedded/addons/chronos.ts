import type { Component } from '../../../engine/component.ts';
import type { Discovery } from '../../../engine/discovery/discovery.ts';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import type { Life } from '../../../engine/lives/life.ts';
import { discoveryOf, logOf, storeOf } from '../../../engine/lives/world-of-life.ts';
import { nodeSandboxes } from '../../../platform/files/sandboxes.ts';
import type { Listener } from '../embedded-cluster.ts';
import { frameworkStore } from '../framework-store.ts';
import type { ClusterWorld } from '../serve-cluster.ts';

interface Around {
  readonly world: ClusterWorld;
  readonly masters: Discovery;
}

/** What starts the Chronoses of a lab, which share an election and a store. */
export function chronosIn({ world, masters }: Around, sessionMs: number) {
  const election = inMemoryDiscovery();
  const store = frameworkStore(world.folder.chronosStore, nodeSandboxes);
  return async ({ id, host, port }: Listener, life: Life): Promise<Component> => {
    // Loaded when a lab has one: it brings calendars and time zones.
    const { startChronos } = await import('../../../engine/chronos/start-chronos.ts');
    return startChronos(
      {
        ...{ host, port, hostname: host },
        masters: discoveryOf(life, masters, sessionMs),
        election: discoveryOf(life, election, sessionMs),
      },
      { log: logOf(life, world.logOf(id)), store: storeOf(life, store()) },
    );
  };
}
