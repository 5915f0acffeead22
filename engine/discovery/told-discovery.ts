import type { Candidate, Discovery, LeaderListener } from './discovery.ts';

/** A group in another thread, of which somebody there tells: who is here watches it, and takes no part. */
export interface ToldDiscovery extends Discovery {
  readonly tell: LeaderListener;
}

/** Nobody leads until it is told who does. */
export function toldDiscovery(): ToldDiscovery {
  const listeners = new Set<LeaderListener>();
  let [leader, memberCount]: [Candidate | undefined, number] = [undefined, 0];
  return {
    contend: () => {
      throw new Error('whoever watches a group from afar takes no part in it');
    },
    watch: (listener) => {
      listeners.add(listener);
      queueMicrotask(() => {
        if (listeners.has(listener)) listener(leader, memberCount);
      });
      return () => {
        listeners.delete(listener);
      };
    },
    tell: (...told) => {
      [leader, memberCount] = told;
      for (const listener of listeners) listener(leader, memberCount);
    },
  };
}
