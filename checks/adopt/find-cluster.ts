import { clusterClient, type ClusterClient } from '../cluster-client.ts';
import { textAt } from '../../protocol/json.ts';
import { asker, printable } from './asker.ts';
import { findAgents } from './find-agents.ts';
import { findMasters } from './find-masters.ts';
import { findLoadBalancer, findMarathon } from './find-services.ts';
import { AdoptFailure, type FoundCluster } from './found-cluster.ts';
import { withoutPassword, zookeeperHosts } from './zookeeper-hosts.ts';

export interface AdoptUrls {
  /** Of masters, at least one; without slashes at the end, like the others. */
  readonly masters: readonly string[];
  readonly marathons: readonly string[];
  readonly loadBalancer?: string;
}

/**
 * Looks at a cluster that somebody else runs. Sends GET requests and nothing else; what servers answer is bounded, and
 * becomes part of a URL only when it is the name of a machine.
 * @throws AdoptFailure when there is no leading master to ask; the signal's reason when it aborts
 */
export async function findCluster(
  urls: AdoptUrls,
  signal: AbortSignal,
  client: ClusterClient = clusterClient(),
): Promise<FoundCluster> {
  const ask = asker(client, signal);
  const masters = await findMasters(ask, urls.masters);
  const leader = masters.find(({ leads }) => leads) ?? masters[0];
  if (leader === undefined) throw new Error('a cluster without a master was read');
  const state = await ask.json(leader.url, ['/state', '/master/state', '/master/state.json'], { size: 'large' });
  if (state === undefined) {
    const fix = 'It may not have recovered yet, or want a password; adopt sends none';
    throw new AdoptFailure('unreachable', `${leader.url} does not tell its state`, 'no JSON, or more than 64 MB', fix);
  }
  const agents = await findAgents(ask, leader.url, state);
  const marathon = await findMarathon(ask, urls.marathons, state);
  const central = [...(marathon?.urls ?? []), ...masters.map(({ url }) => url)].map((url) => new URL(url).hostname);
  const loadBalancer = await findLoadBalancer(ask, urls.loadBalancer, central);
  const name = textAt(state, 'cluster');
  const zookeeper = leader.flags['zk'];
  if (zookeeperHosts(zookeeper).length === 0) {
    ask.note('The masters name no ZooKeeper that could be read from their flags.');
  } else {
    ask.note('The ids of the ZooKeepers (myid) are not to be known from outside; they were counted from 1.');
  }
  return {
    masters,
    agents,
    ...(name === undefined ? {} : { name: printable(name) }),
    ...(zookeeperHosts(zookeeper).length === 0 || zookeeper === undefined
      ? {}
      : { zookeeper: withoutPassword(zookeeper) }),
    ...(marathon === undefined ? {} : { marathon }),
    ...(loadBalancer === undefined ? {} : { loadBalancer }),
    unknown: ask.notes,
  };
}
