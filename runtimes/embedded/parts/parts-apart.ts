import type { Discovery } from '../../../engine/discovery/discovery.ts';
import type { Thread } from '../../../platform/processes/thread.ts';
import type { EmbeddedCluster } from '../embedded-cluster.ts';
import type { ControlledPart } from '../part-control.ts';
import type { ClusterWorld } from '../serve-cluster.ts';
import type { PartsGiven, PartsRequest, PartVerb } from './serve-parts.ts';

export interface PartsApart {
  /** By their ids. */
  readonly parts: ReadonlyMap<string, ControlledPart>;
  /** Ends the threads, in the middle of whatever they do. */
  readonly end: () => Promise<void>;
}

/**
 * A lab with simulated agents is for sizes at which its components keep each other waiting. So Marathons have a thread,
 * with their elections and the state that they share; simulated agents have one, with the load balancers, which read all
 * tasks of Marathon again and again; and the masters keep the first.
 * Other labs are small: a thread of Node.js would be a third of their memory.
 */
export function partsApart(cluster: EmbeddedCluster, { startThread }: ClusterWorld, masters: Discovery): PartsApart {
  const { simulatedAgents, marathons, loadBalancers } = cluster;
  if (startThread === undefined || simulatedAgents === undefined) {
    return { parts: new Map(), end: () => Promise.resolve() };
  }
  const idsOf = (all: readonly { readonly id: string }[]) => all.map(({ id }) => id);
  const groups = [idsOf([simulatedAgents, ...loadBalancers]), idsOf(marathons)].filter((ids) => ids.length > 0);
  const threads = groups.map((ids) => {
    const thread = startThread({ cluster, ids } satisfies PartsGiven);
    const ask = (request: PartsRequest) => thread.ask(request);
    masters.watch((leader, memberCount) => {
      // Its end is told to whoever asked something of it.
      ask({ leader, memberCount }).catch(() => undefined);
    });
    return { ids, thread };
  });
  const isAgent = (id: string) => id === simulatedAgents.id;
  return {
    parts: new Map(
      threads.flatMap(({ ids, thread }) => ids.map((id) => [id, partApart(id, thread, isAgent(id))] as const)),
    ),
    end: async () => {
      await Promise.all(threads.map(({ thread }) => thread.end()));
    },
  };
}

/** A part of another thread: it is what that thread said last that it is in. */
function partApart(id: string, thread: Thread, isAgent: boolean): ControlledPart {
  type Said = Pick<ControlledPart, 'state' | 'isCutOff'>;
  let said: Said = { state: 'stopped', isCutOff: false };
  const does = (verb: PartVerb) => async () => {
    said = (await thread.ask({ id, verb } satisfies PartsRequest)) as Said;
  };
  const [cut, mend] = [does('cut'), does('mend')];
  return {
    get state() {
      return said.state;
    },
    get isCutOff() {
      return said.isCutOff;
    },
    ...{ start: does('start'), stop: does('stop'), kill: does('kill'), pause: does('pause') },
    ...(isAgent && { partition: (isCut: boolean) => (isCut ? cut() : mend()) }),
  };
}
