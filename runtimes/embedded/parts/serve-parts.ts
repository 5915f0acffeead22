import type { Candidate } from '../../../engine/discovery/discovery.ts';
import { toldDiscovery } from '../../../engine/discovery/told-discovery.ts';
import type { OpenLog } from '../../../platform/files/log-file.ts';
import { componentLogs } from '../component-log.ts';
import type { EmbeddedCluster } from '../embedded-cluster.ts';
import type { ControlledPart } from '../part-control.ts';
import { runFolder } from '../run-folder.ts';
import { clusterMembers } from './cluster-parts.ts';

/** What a thread of a lab is given. */
export interface PartsGiven {
  readonly cluster: EmbeddedCluster;
  /** Of the components that it runs. */
  readonly ids: readonly string[];
}

export type PartVerb = 'start' | 'stop' | 'kill' | 'pause' | 'cut' | 'mend';

/** What it is asked for: something of a part, or to know who leads the masters, as LeaderListener. */
export type PartsRequest =
  | { readonly id: string; readonly verb: PartVerb }
  | { readonly leader: Candidate | undefined; readonly memberCount: number };

/** Parts of a lab in a thread of its own, and what answers for them. @param directory of the lab */
export function serveParts(directory: string, { cluster, ids }: PartsGiven, openLog: OpenLog) {
  const folder = runFolder(directory);
  const masters = toldDiscovery();
  const { logOf } = componentLogs(folder, openLog);
  const members = clusterMembers(cluster, { folder, logOf }, masters, (id) => ids.includes(id));
  const parts = new Map(members.map(({ id, part }) => [id, part]));
  return async (asked: unknown): Promise<unknown> => {
    const request = asked as PartsRequest;
    if ('leader' in request) {
      masters.tell(request.leader, request.memberCount);
      return undefined;
    }
    const part = parts.get(request.id);
    if (part === undefined) throw new Error(`no part ${request.id} here`);
    await act(part, request.verb);
    return { state: part.state, isCutOff: part.isCutOff };
  };
}

async function act(part: ControlledPart, verb: PartVerb): Promise<void> {
  if (verb === 'cut' || verb === 'mend') await part.partition?.(verb === 'cut');
  else await part[verb]();
}
