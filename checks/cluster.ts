import { clusterClient, type ClusterClient } from './cluster-client.ts';
import type { ClusterTarget } from './cluster-target.ts';

/** A cluster to look at, and the means to ask it. */
export interface Cluster {
  readonly target: ClusterTarget;
  readonly client: ClusterClient;
}

export function clusterAt(target: ClusterTarget): Cluster {
  return { target, client: clusterClient(target.hosts) };
}
