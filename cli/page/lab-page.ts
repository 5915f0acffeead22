import type { LabPageOptions } from '../../pages/server/serve-page.ts';
import { addonUrl } from '../../checks/addons/addon-url.ts';
import { registryAddresses } from '../../checks/registry/addresses.ts';
import type { Context } from '../../platform/context.ts';
import { registryAt } from '../images/registry-of-lab.ts';
import type { ClusterInReach } from '../lab/open-lab.ts';
import { componentRows } from './component-rows.ts';
import { settingRows } from './setting-rows.ts';
import { hostInUrl } from '../../protocol/host-in-url.ts';

/** What is looked at, from anew again and again: it may be stopped, started, scaled and moved while its page is open. */
export interface InSight {
  readonly first: ClusterInReach;
  /** Undefined: nothing of it is there now, and what was known of it stays. */
  readonly look: () => Promise<ClusterInReach | undefined> | ClusterInReach | undefined;
  /** Why there was nothing when it was looked for; undefined: it is there, or that is not known. */
  readonly trouble?: () => string | undefined;
}

/**
 * The page of a cluster that a lab describes.
 * @param directory of the lab, absolute
 */
export function pageOf(
  { first, look, trouble }: InSight,
  { files }: Pick<Context, 'files'>,
  directory: string,
): Omit<LabPageOptions, 'token'> {
  let cluster = first;
  return {
    // When all are down, all are looked for.
    masters: () => someOf(cluster.target.masters, cluster.plan.urls.masters),
    marathons: () => someOf(cluster.target.marathons, cluster.plan.urls.marathons),
    lookAtComponents: async (signal) => {
      cluster = (await look()) ?? cluster;
      return componentRows(cluster, signal);
    },
    ...(trouble === undefined ? {} : { labTrouble: trouble }),
    agentUrl: urlOf(() => cluster),
    addonUrl: (role) => addonUrl(cluster.plan, role),
    name: cluster.plan.name,
    settings: () => settingRows(cluster.plan),
    registry: (signal) => {
      const { plan, client } = cluster;
      const addresses = registryAddresses(plan);
      if (addresses === undefined) return undefined;
      return { registry: registryAt({ files, directory, client, signal }, addresses), address: addresses.agents };
    },
    now: Date.now,
  };
}

const someOf = (left: readonly string[], all: readonly string[]) => (left.length > 0 ? left : all);

/** How an agent that the master knows by its address is reached from this machine. */
export const urlOf =
  (cluster: () => Pick<ClusterInReach, 'client'>): LabPageOptions['agentUrl'] =>
  ({ host, port }) =>
    cluster().client.urlFor(`${hostInUrl(host)}:${port}`);
