import { randomUUID } from 'node:crypto';
import type { Component, EngineWorld } from '../component.ts';
import type { Candidate } from '../discovery/discovery.ts';
import { listen } from '../http/http-server.ts';
import { toOffer } from './allocator.ts';
import { masterEndpoints } from './endpoints.ts';
import { toSettings, type MasterOptions } from './master-options.ts';
import { rescindOffer, sendEvent, startTerm, type Term } from './term.ts';

/**
 * Starts a Mesos master: it listens, takes part in the election, and leads or points to who does. Its state is in
 * memory alone; what runs in the cluster comes back with the agents.
 * @throws the system's error (`EADDRINUSE`, …) when the port cannot be had
 */
export async function startMaster(options: MasterOptions, world: EngineWorld): Promise<Component> {
  let settings = toSettings(options, randomUUID(), world.log);
  let term: Term | undefined;
  let hasRecovered = false;
  let leader: Candidate | undefined;
  let isStopped = false;
  const handler = masterEndpoints({
    settings: () => settings,
    term: () => term,
    hasRecovered: () => hasRecovered,
    leader: () => leader,
  });
  const { host, port, hostname, discovery } = options;
  const names = [hostname, settings.advertisedIp];
  const server = await listen({ host, port, handler, log: world.log, names, maxBodyBytes: 16 * 1024 * 1024 });
  settings = { ...settings, port: server.port };
  const url = `http://${settings.advertisedIp}:${server.port}`;
  const candidate: Candidate = { id: settings.masterId, url, hostname };
  const candidacy = discovery.contend(candidate, () => {
    if (isStopped) return;
    world.log('Elected as the leading master!');
    leader = candidate;
    term = startTerm(settings);
    sendOffersOf(term);
    settings.recoverAfter(() => {
      hasRecovered = term !== undefined;
    });
  });
  const unwatch = discovery.watch((current) => {
    leader = current;
    if (term === undefined || current === undefined || current.id === candidate.id) return;
    world.log('Lost leadership');
    term.end();
    term = undefined;
    hasRecovered = false;
  });
  let stopping: Promise<void> | undefined;
  return {
    url,
    stop: () => {
      isStopped = true;
      unwatch();
      candidacy.withdraw();
      term?.end();
      return (stopping ??= server.close());
    },
  };
}

function sendOffersOf(term: Term): void {
  const { allocator, cluster, settings } = term;
  allocator.onOffers = (framework, offers) => {
    for (const offer of offers) {
      cluster.count('offers/sent', framework);
      if (settings.offerTimeoutMs === undefined) continue;
      offer.timer = setTimeout(() => {
        rescindOffer(term, offer);
      }, settings.offerTimeoutMs);
      offer.timer.unref();
    }
    sendEvent(term, framework, { type: 'OFFERS', offers: { offers: offers.map(toOffer) } });
  };
}
